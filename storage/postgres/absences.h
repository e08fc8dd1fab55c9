// Absences on PostgreSQL.
#pragma once

#include "storage/absences.h"
#include "storage/postgres/database.h"
#include "storage/postgres/doorbell.h"

namespace postern::postgres {

class PostgresAbsences final : public Absences {
 public:
  PostgresAbsences(Database& database, Doorbell& doorbell) : database_(database), doorbell_(doorbell) {}

  Task<Result<Absence>> find(AccountId account) override;
  Task<Result<void>> set(AccountId account, Absence absence) override;
  Task<Result<std::optional<AbsenceReply>>> take_reply(AccountId account, std::string sender,
                                                       Limits limits) override;

 private:
  Database& database_;
  Doorbell& doorbell_;
};

}  // namespace postern::postgres
