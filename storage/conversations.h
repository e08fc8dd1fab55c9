// Conversations that somebody wants filed: mail to come of one goes to a folder instead of INBOX. What a
// conversation is stands in protocols/shared/conversation.h; here it is sixteen octets. Recipient::files
// tells a delivery that there is something to ask here; without it nothing is asked.
#pragma once

#include <optional>
#include <string>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "storage/model/ids.h"

namespace postern {

class Conversations {
 public:
  virtual ~Conversations() = default;

  static constexpr std::int32_t kFiledMax = 10'000;  // of one account

  // Replaces what was wanted before; INBOX ends it. Of more than kFiledMax the oldest is forgotten. Rings the
  // account's bell. not_found: no such mailbox.
  virtual Task<Result<void>> file_in(MailboxKey mailbox, std::string conversation) = 0;
  // Absent: INBOX. A mailbox that is gone counts as absent. One round trip.
  virtual Task<Result<std::optional<MailboxId>>> filed_in(AccountId account, std::string conversation) = 0;
};

}  // namespace postern
