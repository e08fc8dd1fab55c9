// IMAP URLs that name a message or a part of one, relative to the user's own server (RFC 5092, RFC 4469 §3).
// Whatever names a server, or wants to be authorised (URLAUTH), is none of these.
#pragma once

#include <optional>
#include <string_view>

#include "protocols/imap/command.h"

namespace postern::imap {

struct MessageUrl {
  std::optional<MailboxName> mailbox;  // absent: the selected one
  std::optional<UidValidity> uid_validity;
  Uid uid{};
  FetchItem part;  // of kind section
};

// invalid: none of ours.
Result<MessageUrl> parse_message_url(std::string_view url);

}  // namespace postern::imap
