// Requests and answers as values (RFC 9110): what a client asked, and what a handler says. Framing fields
// (Content-Length, Transfer-Encoding, Connection, Date) of an answer are the connection's affair.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"

namespace postern::http {

struct Field {
  std::string name;
  std::string value;
};

class Fields {
 public:
  // As they came; names compare without case.
  void add(std::string name, std::string value) { all_.push_back({std::move(name), std::move(value)}); }
  void set(std::string name, std::string value);  // instead of any that there are
  // The first of that name; nullopt: none.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // The elements of a comma-separated list over all fields of that name, trimmed, without empty ones.
  std::vector<std::string_view> list(std::string_view name) const;
  // One of these elements is `token`, without case.
  bool has_token(std::string_view name, std::string_view token) const;
  const std::vector<Field>& all() const { return all_; }

 private:
  std::vector<Field> all_;
};

struct RequestHead {
  std::string method;          // "GET"; methods are case-sensitive
  std::string path;            // of the target, as it came, with its percent signs; "*" for OPTIONS *
  std::string query;           // without the question mark
  unsigned minor_version = 1;  // HTTP/1.minor
  Fields fields;

  // What framing.h made of them.
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

struct Response {
  Response() = default;
  explicit Response(int s) : status(s) {}
  Response(int s, std::string content_type, std::string octets);

  int status = 200;
  Fields fields;
  std::string body;
};

// "OK", "Not Found" …; the class's name for a status that has none here.
std::string_view reason_phrase(int status);
// RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(WallTime time);
// Status line and fields with the empty line. Octets that could end a field early become spaces.
std::string head_text(const Response& response);

}  // namespace postern::http
