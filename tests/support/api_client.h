// Asks the administration's API as programs and pages do: HTTP/1.1 over TCP or the machine's socket, a
// connection for each request.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace postern::tests {

struct ApiAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string octets;
  nlohmann::json body;  // discarded if it is none
};

// Where to ask, and what to say with each request.
struct ApiClient {
  std::string socket;      // a path; empty: TCP at 127.0.0.1
  std::uint16_t port = 0;  // …
  std::map<std::string, std::string> fields;

  ApiClient with(const std::string& name, const std::string& value) const {
    ApiClient other = *this;
    other.fields[name] = value;
    return other;
  }
  // `path` below /api/v1. A body, if it is not empty, goes as application/json.
  ApiAnswer ask(const std::string& method, const std::string& path, const std::string& body = "") const;
  ApiAnswer ask(const std::string& method, const std::string& path, const nlohmann::json& body) const {
    return ask(method, path, body.dump());
  }
  // A page's session: cookie and token of this sign-in.
  ApiClient signed_in(const std::string& name, const std::string& password) const;
};

}  // namespace postern::tests
