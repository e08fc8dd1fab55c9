// Follow-up flags that say more than \Flagged does, as the store keeps them beside the message.
// MS-ASEMAIL section 2.2.2.34.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "protocols/activesync/schema/email_flag.h"
#include "storage/messages.h"
#include "storage/model/flags.h"

namespace postern::activesync {

// For FollowUp::details: WBXML of the Flag element. Empty: nothing that \Flagged would not say as well.
std::string encode(const FollowUpFlag& flag);
// nullopt: not what encode() writes.
std::optional<FollowUpFlag> decode_follow_up(const std::string& details);

// What a device is told. IMAP knows only \Flagged: where another client has set or taken it since, that
// counts, and what was kept belongs to a flag of before.
FollowUpFlag follow_up_flag(const Flags& flags, const std::optional<FollowUpFlag>& kept);

class FollowUps {
 public:
  // Those of the messages that have one. unavailable.
  static Task<Result<FollowUps>> load(MessageStore& messages, MailboxKey mailbox, UidSet uids);
  std::optional<FollowUpFlag> of(Uid uid) const;

 private:
  std::map<Uid, FollowUpFlag> flags_;
};

}  // namespace postern::activesync
