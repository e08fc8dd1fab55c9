// The ids of RFC 8474: of mailboxes, which keep theirs when they are renamed, and of messages, whose copies
// share the stored octets and therefore the id. They say nothing to a client beyond being the same or not.
#pragma once

#include <string>

#include "storage/model/ids.h"

namespace postern::imap {

inline std::string mailbox_id_text(MailboxId mailbox) {
  return "M" + std::to_string(raw(mailbox));
}

inline std::string email_id_text(BlobId blob) {
  return "E" + std::to_string(raw(blob));
}

}  // namespace postern::imap
