// Intake on PostgreSQL.
#pragma once

#include "storage/intake.h"
#include "storage/postgres/mailboxes.h"
#include "storage/postgres/messages.h"

namespace postern::postgres {

class PostgresIntake final : public Intake {
 public:
  PostgresIntake(Database& database, Doorbell& doorbell, PostgresMailboxes& mailboxes, const Clock& clock)
      : database_(database), doorbell_(doorbell), mailboxes_(mailboxes), clock_(clock) {}

  Task<Result<MailboxKey>> open(AccountId account, MailboxName name,
                                std::optional<UidValidity> uid_validity) override;
  std::string key(const std::string& name) const override;
  Task<Result<std::vector<bool>>> known(AccountId account, std::vector<std::string> keys) override;
  Task<Result<TakenIn>> take(MailboxKey mailbox, std::vector<IntakeMessage> messages) override;
  Task<Result<std::optional<BroughtMark>>> brought(AccountId account, std::string key) override;
  Task<Result<void>> set_brought(AccountId account, std::string key, BroughtMark mark) override;
  Task<Result<void>> reserve(MailboxKey mailbox, Uid next, ModSeq modseq) override;

 private:
  Database& database_;
  Doorbell& doorbell_;
  PostgresMailboxes& mailboxes_;
  const Clock& clock_;
};

}  // namespace postern::postgres
