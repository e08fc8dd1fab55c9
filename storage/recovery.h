// Recovery: what has left a mailbox, by whatever door, and is kept for the days of the account's plan,
// outside the quota and out of sight of clients. Deletions by POP3 are kept for accounts with the feature
// recovery_for_pop only. A message that a MOVE took away has not left.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "storage/model/recovery.h"

namespace postern {

class Recovery {
 public:
  virtual ~Recovery() = default;

  // What fits the query and has not been restored; looks at no more than kExaminedMax messages at a time.
  // invalid (`after`); unavailable.
  virtual Task<Result<RecoveryPage>> find(AccountId account, RecoveryQuery query) = 0;
  static constexpr std::uint32_t kExaminedMax = 2048;
  // The message's header octets, the first kHeaderOctetsMax of them; never its body. not_found.
  virtual Task<Result<std::string>> header(AccountId account, RecoverableKey key) = 0;
  static constexpr std::size_t kHeaderOctetsMax = 64 * 1024;

  // Puts messages into a mailbox again, under new UIDs, with their INTERNALDATE, keywords and flags other
  // than \Deleted. Those of one source mailbox are restored together or not at all, one mailbox after the
  // other. `by`: who asked. over_quota, too_large (more than kRestoreMax keys; a name beyond its bounds;
  // too many keywords), unavailable.
  virtual Task<Result<Restored>> restore(AccountId account, std::vector<RecoverableKey> keys,
                                         RestoreTarget target, std::string by) = 0;
  static constexpr std::size_t kRestoreMax = 256;

  // Latest first.
  virtual Task<Result<std::vector<RemovedMailbox>>> removed_mailboxes(AccountId account) = 0;
  // Brings a mailbox back as it was, with its UIDVALIDITY and UIDs, so that clients need not load it again.
  // If its name is taken it gets a dated one; a role that is taken it loses. not_found, over_quota,
  // already_exists (even the dated name).
  virtual Task<Result<Mailbox>> restore_mailbox(MailboxKey key) = 0;

  // Latest first. Directory::set_status brings one back whole. not_found (domain).
  virtual Task<Result<std::vector<DeletedAccount>>> deleted_accounts(std::string domain) = 0;
};

// Everything that fits the query, page by page; `progress` hears the sum after each. What was done before an
// error stays done, and a second call goes on with the rest.
Task<Result<Restored>> restore_all(Recovery& recovery, AccountId account, RecoveryQuery query,
                                   RestoreTarget target, std::string by,
                                   std::function<void(const Restored&)> progress);

}  // namespace postern
