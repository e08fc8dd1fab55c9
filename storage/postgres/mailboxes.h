// MailboxStore on PostgreSQL. What changes the list of an account's mailboxes first takes the account's usage
// row (lock order: account, then mailboxes), so that names, roles and the number of mailboxes are settled one
// by one.
#pragma once

#include "storage/change_bus.h"
#include "storage/mailboxes.h"
#include "storage/postgres/database.h"
#include "storage/postgres/doorbell.h"

namespace postern::postgres {

class PostgresMailboxes final : public MailboxStore {
 public:
  PostgresMailboxes(Database& database, ChangeBus& changes, Doorbell& doorbell, const Settings& settings);

  Task<Result<std::vector<Mailbox>>> list(AccountId account) override;
  Task<Result<Mailbox>> find(AccountId account, MailboxName name) override;
  Task<Result<MailboxStatus>> status(MailboxKey key) override;

  Task<Result<Mailbox>> create(AccountId account, MailboxName name, SpecialUse use) override;
  Task<Result<void>> rename(AccountId account, MailboxName from, MailboxName to) override;
  Task<Result<void>> remove(AccountId account, MailboxName name, Removal removal) override;

  Task<Result<std::vector<MailboxName>>> subscriptions(AccountId account) override;
  Task<Result<void>> subscribe(AccountId account, MailboxName name) override;
  Task<Result<void>> unsubscribe(AccountId account, MailboxName name) override;

  Task<Result<RecentClaim>> claim_recent(MailboxKey key) override;

 private:
  // Within a transaction that holds the account's usage row.
  Task<Result<void>> rename_tree(Transaction& transaction, AccountId account, MailboxName from,
                                 MailboxName to);
  Task<Result<void>> rename_inbox(Transaction& transaction, AccountId account, MailboxName to);
  Task<Result<void>> create_missing(Transaction& transaction, AccountId account,
                                    std::vector<MailboxName> names);

  Database& database_;
  Doorbell& doorbell_;  // rings the bus of this process as well
  const std::int64_t mailboxes_max_;
};

}  // namespace postern::postgres
