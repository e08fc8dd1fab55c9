// SendMail, SmartReply and SmartForward. MS-ASCMD sections 2.2.1.17 to 2.2.1.19. Since 14.0 the message comes
// in WBXML; before, the body of the request is the message, and what else is to be said stands in the query:
// both make the same value. Success has no body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/activesync/schema/body_options.h"
#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

constexpr std::size_t kForwardeesMax = 1'000;
constexpr std::size_t kSendClientIdOctetsMax = 160;  // 40 characters

enum class SendKind : std::uint8_t { send, reply, forward };

// The message that is replied to or forwarded: by its place, or as Search named it.
struct SendSource {
  std::string folder_id, item_id;
  std::string long_id;
  std::string instance_id;  // an occurrence of a recurring meeting, as the client wrote it
};

struct Forwardee {
  std::string name;
  std::string email;
};

struct SendRequest {
  SendKind kind = SendKind::send;
  std::string client_id;  // tells a repetition; empty before 14.0
  std::string account_id;
  bool save_in_sent_items = false;
  bool replace_mime = false;          // the message is complete: nothing of the source is to be added
  std::vector<Forwardee> forwardees;  // 16.0 and later, instead of `mime`: a meeting handed on
  std::optional<BodyType> body_type;  // of what is said to them: plain_text or html
  std::string_view body;              // in the request's octets
  SendSource source;                  // of replies and forwards
  std::string_view mime;              // in the request's octets, which outlive this
};

// Reads the three root elements. 102 to 106 as section 2.2.4 says: an unknown root or no ClientId is 103, no
// message 107, a source that is not named 105 or 106, Forwardees beside a message 178, unreadable ones 179.
Parsed<SendRequest> read_send(Element root);

// The same checks for a request of before 14.0.
Parsed<SendRequest> check_send(SendRequest request);

// The answer if it failed.
void write_send_refusal(std::string& out, SendKind kind, Status status);

}  // namespace postern::activesync
