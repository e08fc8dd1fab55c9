// From a received message to one reply per recipient. Deliveries run side by side, so that the store commits
// them together; an account that several recipients lead to gets the message once.
#pragma once

#include <string>
#include <vector>

#include "protocols/lmtp/command.h"
#include "protocols/shared/absence_answer.h"
#include "protocols/shared/services.h"

namespace postern::lmtp {

// A recipient that RCPT accepted.
struct Accepted {
  std::string address;
  std::vector<AccountId> accounts;
  std::vector<AccountId> absent;  // those of them that may want to be answered for
  std::vector<AccountId> filing;  // those of them that file some conversations
};

// What came after DATA: the message, or why it cannot be taken (too_large, unavailable).
struct Received {
  explicit Received(StagedMessage m) : message(std::move(m)) {}
  explicit Received(Error why) : message(std::move(why)) {}
  Result<StagedMessage> message;
};

struct Delivered {
  std::vector<std::string> replies;       // one for each recipient, in their order
  std::vector<AbsenceQuestion> absences;  // of accounts that have got the message now
};

// The reply to a recipient whose delivery ended so: "250 2.0.0 …", "452 4.2.2 …".
std::string reply_to(const Result<Appended>& outcome, std::string_view over_quota_reply);

// What a domain wants to be told of its full accounts; `as_settings` if it does not say, or cannot be asked.
Task<std::string_view> over_quota_reply(Services services, AccountId account, std::string_view as_settings);
constexpr std::string_view kDeferredReply = "452 4.2.2 Mailbox full";
constexpr std::string_view kRejectedReply = "552 5.2.2 Mailbox full";

// over_quota_reply: as the settings have it.
Task<Delivered> deliver(Services services, std::uint64_t session, const StagedMessage& message,
                        std::string reverse_path, std::vector<Accepted> recipients,
                        std::string_view over_quota_reply);

}  // namespace postern::lmtp
