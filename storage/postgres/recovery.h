// Recovery on PostgreSQL. The expunge log says what left and how it was, removed mailboxes keep their pages,
// and messages rows outlive both until the purge. recovery_find.cpp looks, recovery_restore.cpp puts messages
// back, recovery_whole.cpp is about mailboxes and accounts.
#pragma once

#include "storage/postgres/mailboxes.h"
#include "storage/postgres/messages.h"
#include "storage/recovery.h"

namespace postern::postgres {

struct RemovedMessages;

class PostgresRecovery final : public Recovery {
 public:
  PostgresRecovery(Database& database, Doorbell& doorbell, PostgresMailboxes& mailboxes,
                   PostgresMessages& messages, const Clock& clock)
      : database_(database), doorbell_(doorbell), mailboxes_(mailboxes), messages_(messages), clock_(clock) {}

  Task<Result<RecoveryPage>> find(AccountId account, RecoveryQuery query) override;
  Task<Result<std::string>> header(AccountId account, RecoverableKey key) override;
  Task<Result<Restored>> restore(AccountId account, std::vector<RecoverableKey> keys, RestoreTarget target,
                                 std::string by) override;
  Task<Result<std::vector<RemovedMailbox>>> removed_mailboxes(AccountId account) override;
  Task<Result<Mailbox>> restore_mailbox(MailboxKey key) override;
  Task<Result<std::vector<DeletedAccount>>> deleted_accounts(std::string domain) override;

 private:
  struct Layout;  // how messages will stand in the target

  Task<Result<MailboxKey>> target_of(const RemovedMessages& source, RestoreTarget target);
  Task<Result<MailboxKey>> find_or_create(AccountId account, MailboxName name);
  Task<Result<void>> leave_out_twins(const RemovedMessages& source, MailboxKey target, Layout& layout);
  Task<Result<Restored>> restore_from(MailboxKey mailbox, std::vector<RecoverableKey> keys,
                                      RestoreTarget target, std::string by);
  Task<Result<bool>> place(const RemovedMessages& source, MailboxKey target, Layout layout, std::string by);
  std::string dated(std::string_view text) const;  // "text 2025-01-31"

  Database& database_;
  Doorbell& doorbell_;
  PostgresMailboxes& mailboxes_;
  PostgresMessages& messages_;
  const Clock& clock_;
};

// The UIDs of a removed mailbox's messages, by its pages.
Task<Result<std::vector<std::int64_t>>> removed_uids(Database& database, MailboxKey mailbox);

}  // namespace postern::postgres
