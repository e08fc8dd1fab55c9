// The server as one phone reaches it: commands out with the headers of that phone, answers in, and what every
// answer must be whatever was asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/phone/http_client.h"
#include "tests/phone/profile.h"
#include "tests/phone/query.h"

namespace postern::phone {

struct Identity {
  std::string address;  // joe@example.test, which is the user's name as well
  std::string password;
  std::string device_id;
};

// The server wants a policy to be taken over first: HTTP 449, or a status of 142 to 144 or 165.
struct PolicyNeeded {
  int status = 0;
};

struct Answer {
  HttpAnswer http;
  std::optional<activesync::Document> document;  // absent: the body is empty, or no WBXML
  std::vector<std::string> parts;                // of a multipart answer, those behind the document

  bool is_empty() const { return http.body.empty(); }
  Element root() const;  // Broken if there is none
};

struct ServerOptions {
  bench::Target target;
  Identity identity;
  ProtocolVersion version{};
  std::string path = "/Microsoft-Server-ActiveSync";
  // Each answer is thrown away once, where the protocol has a remedy, and the same is asked again.
  bool lose_answers = false;
  bool trace = false;  // XML of both directions on standard error
};

class Server {
 public:
  Server(const Profile& profile, ServerOptions options);

  // PolicyNeeded, Refused, Broken, or bench::Failure of the connection.
  Answer ask(Command command, const std::optional<Node>& request, const Parameters& parameters = {});
  // A message as the body, as it was before 14.0.
  Answer ask_with_message(Command command, std::string octets, const Parameters& parameters);
  // In two steps, for what waits.
  void send(Command command, const std::optional<Node>& request);
  Answer receive(Command command);
  // The connection is gone; what the server was doing is its own affair.
  void hang_up() { http_.hang_up(); }

  // What is no command: OPTIONS, Autodiscover. The answer as it is.
  HttpAnswer ask_http(HttpRequest request, bool with_password = true);

  // 0 before there is one; stays with the phone.
  std::uint32_t policy_key = 0;
  // For one request: another device's name.
  std::string as_device;

 private:
  HttpRequest request_for(Command command, const Parameters& parameters) const;
  HttpRequest request_for(Command command, const Parameters& parameters,
                          const std::optional<Node>& node) const;
  Answer ask_and_lose(Command command, const HttpRequest& request);
  Answer understand(Command command, HttpAnswer http) const;
  std::string user() const;
  void trace(std::string_view direction, std::string_view what, const activesync::Document& document) const;

  const Profile& profile_;
  const ServerOptions options_;
  HttpClient http_;
};

}  // namespace postern::phone
