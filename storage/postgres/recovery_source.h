// RemovedMessages: what is known of some removed messages of one mailbox, when they are about to be restored.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "storage/mailbox_index.h"
#include "storage/model/recovery.h"
#include "storage/postgres/database.h"

namespace postern::postgres {

struct RemovedMessages {
  MailboxKey mailbox;
  std::string name;      // of the mailbox
  bool removed = false;  // the mailbox is gone, too
  KeywordTable keywords;
  std::map<Uid, MessageState> messages;  // those that can be restored, as they were when they left
  Restored outcome;                      // what is known of the others

  // The keywords that a message had.
  std::vector<std::string> keywords_of(const MessageState& state) const;
};

// `keys` are all of this mailbox.
Task<Result<RemovedMessages>> read_removed(Database& database, MailboxKey mailbox,
                                           std::vector<RecoverableKey> keys);

}  // namespace postern::postgres
