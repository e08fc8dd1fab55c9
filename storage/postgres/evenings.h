// Evenings on PostgreSQL.
#pragma once

#include "storage/evenings.h"
#include "storage/postgres/database.h"

namespace postern::postgres {

class PostgresEvenings final : public Evenings {
 public:
  explicit PostgresEvenings(Database& database) : database_(database) {}

  Task<Result<void>> note(SavedEvening evening, std::size_t kept_max) override;
  Task<Result<void>> note_verified(std::optional<std::string> date, std::uint64_t broken) override;
  Task<Result<std::vector<SavedEvening>>> list() override;

 private:
  Database& database_;
};

}  // namespace postern::postgres
