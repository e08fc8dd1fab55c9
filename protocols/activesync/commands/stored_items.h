// Messages and their attachments by the names that devices have for them: ServerId, LongId (which is the
// same), FileReference.
#pragma once

#include <string>
#include <vector>

#include "protocols/activesync/collection_state.h"
#include "protocols/activesync/commands/run.h"
#include "protocols/activesync/message_item.h"

namespace postern::activesync {

// Drafts that the device has changed, and knows by the numbers that they had.
Task<Result<std::vector<Renamed>>> renamed_drafts(Conversation& conversation, MailboxId drafts);

// not_found, unavailable.
Task<Result<StoredItem>> find_item(Conversation& conversation, const std::vector<Mailbox>& mailboxes,
                                   std::string server_id);

struct StoredAttachment {
  StoredItem item;
  mime::Part part;
  std::string content_type() const { return part.type + '/' + part.subtype; }
};
// invalid: no reference of ours, or the message has no such part; not_found, unavailable.
Task<Result<StoredAttachment>> find_attachment(Conversation& conversation,
                                               const std::vector<Mailbox>& mailboxes, std::string reference);

}  // namespace postern::activesync
