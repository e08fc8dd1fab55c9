// PhoneLine: the phone's HTTP connection. MS-ASHTTP section 2.2.1, over TLS, kept open from request to
// request.
#pragma once

#include <optional>
#include <string>

#include "protocols/activesync/wbxml/element.h"
#include "protocols/demo/wire.h"

namespace postern::demo {

struct PhoneAnswer {
  int status = 0;                                // HTTP's
  std::optional<activesync::Document> document;  // nullopt: without a body, or one that is no WBXML

  std::optional<activesync::Element> root() const {
    return document ? std::optional<activesync::Element>(document->root()) : std::nullopt;
  }
};

class PhoneLine {
 public:
  PhoneLine(Scene& scene, const Stage& stage) : scene_(scene), stage_(stage) {}

  // Both bodies are told as XML. closed, timed_out (an answer takes until `deadline`), invalid.
  Task<Result<PhoneAnswer>> ask(std::string command, std::string policy_key, std::string body,
                                Deadline deadline = Wire::usual());

 private:
  Task<Result<void>> send(std::string target, std::string_view policy_key, std::string_view body);
  Task<Result<PhoneAnswer>> receive(Deadline deadline);
  Task<Result<std::string>> chunked_body(Deadline deadline);
  Task<Result<void>> tell(Speaker who, std::string line, const std::string& body);

  Scene& scene_;
  const Stage& stage_;
  std::unique_ptr<Wire> wire_;
};

}  // namespace postern::demo
