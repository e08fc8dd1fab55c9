// Mailboxes of an account: list, create, rename, delete, subscribe, status (RFC 9051 §6.3).
// Names that do not exist and names that belong to somebody else answer alike: not_found.
#pragma once

#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "storage/model/mailbox.h"
#include "storage/model/message.h"

namespace postern {

// UIDs from `first` on, below `end`, which is the uid_next of the claim's moment.
struct RecentClaim {
  Uid first{};
  Uid end{};
};

class MailboxStore {
 public:
  virtual ~MailboxStore() = default;

  // All mailboxes, by name, counters included. One round trip.
  virtual Task<Result<std::vector<Mailbox>>> list(AccountId account) = 0;
  // not_found
  virtual Task<Result<Mailbox>> find(AccountId account, MailboxName name) = 0;
  virtual Task<Result<MailboxStatus>> status(MailboxKey key) = 0;

  // Creates missing parents too. already_exists; too_large beyond the account's number of mailboxes.
  virtual Task<Result<Mailbox>> create(AccountId account, MailboxName name, SpecialUse use) = 0;
  // Takes children along and keeps UIDs, UIDVALIDITY and roles. Renaming INBOX moves its messages to a new
  // mailbox and leaves INBOX empty (RFC 9051 §6.3.6). not_found, already_exists, invalid.
  virtual Task<Result<void>> rename(AccountId account, MailboxName from, MailboxName to) = 0;
  // Phase one of two: gone for clients at once, its messages stay recoverable. A mailbox with children
  // leaves them. INBOX: denied. not_found.
  virtual Task<Result<void>> remove(AccountId account, MailboxName name, Removal removal) = 0;

  // Subscriptions are names, whether or not such a mailbox exists (RFC 9051 §6.3.7).
  virtual Task<Result<std::vector<MailboxName>>> subscriptions(AccountId account) = 0;
  virtual Task<Result<void>> subscribe(AccountId account, MailboxName name) = 0;
  virtual Task<Result<void>> unsubscribe(AccountId account, MailboxName name) = 0;

  // Takes the unclaimed \Recent messages for one session: those are nobody else's.
  virtual Task<Result<RecentClaim>> claim_recent(MailboxKey key) = 0;
};

}  // namespace postern
