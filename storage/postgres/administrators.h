// Administrators on PostgreSQL. administrators.cpp keeps who they are, administrators_proofs.cpp tokens,
// sessions and second factors, administrators_answers.cpp app passwords and the answers that are given again.
#pragma once

#include "storage/administrators.h"
#include "storage/postgres/database.h"
#include "storage/postgres/doorbell.h"

namespace postern::postgres {

class PostgresAdministrators final : public Administrators {
 public:
  PostgresAdministrators(Database& database, Doorbell& doorbell) : database_(database), doorbell_(doorbell) {}

  Task<Result<Administrator>> create(Administrator administrator) override;
  Task<Result<std::vector<Administrator>>> list(Reach reach, PageRange range) override;
  Task<Result<Administrator>> find(Reach reach, AdministratorId id) override;
  Task<Result<Administrator>> find_name(std::string name) override;
  Task<Result<void>> change(AdministratorId id, std::optional<bool> locked,
                            std::optional<std::string> password_hash) override;
  Task<Result<void>> remove(AdministratorId id) override;

  Task<Result<std::vector<Token>>> tokens(AdministratorId id) override;
  Task<Result<Token>> create_token(AdministratorId id, std::string hash, Token token) override;
  Task<Result<void>> remove_token(AdministratorId id, TokenId token) override;
  Task<Result<TokenHolder>> find_token(std::string hash) override;

  Task<Result<void>> begin_session(std::string hash, Owner owner) override;
  Task<Result<Owner>> use_session(std::string hash, Milliseconds idle, Milliseconds life) override;
  Task<Result<void>> end_session(std::string hash) override;
  Task<Result<void>> end_sessions(Owner owner, std::string except) override;

  Task<Result<std::optional<SecondFactor>>> second_factor(Owner owner) override;
  Task<Result<void>> begin_second_factor(Owner owner, std::string secret) override;
  Task<Result<void>> take_step(Owner owner, std::int64_t step) override;
  Task<Result<void>> remove_second_factor(Owner owner) override;

  Task<Result<std::vector<AppPassword>>> app_passwords(AccountId account) override;
  Task<Result<AppPassword>> create_app_password(AccountId account, std::string hash, std::string name,
                                                std::uint16_t doors) override;
  Task<Result<void>> remove_app_password(AccountId account, AppPasswordId id) override;

  Task<Result<KeptAnswer>> claim_answer(std::string who, std::string key, std::string request) override;
  Task<Result<void>> keep_answer(std::string who, std::string key, std::int16_t status, std::string etag,
                                 std::string body) override;
  Task<Result<void>> release_answer(std::string who, std::string key) override;

 private:
  // `refusal` if no row was changed.
  Task<Result<void>> change_one(const Statement& statement, Params params, Error refusal);

  Database& database_;
  Doorbell& doorbell_;
};

// What administrator_from_row reads, from `column` on.
#define POSTERN_ADMINISTRATOR_COLUMNS                                                              \
  "admin.administrator_id, admin.name, admin.role, admin.tenant_id, admin.domain_id, domain.name," \
  " admin.password_hash, admin.locked,"                                                            \
  " EXISTS (SELECT FROM second_factors f WHERE f.administrator_id = admin.administrator_id AND "   \
  "f.confirmed),"                                                                                  \
  " admin.created_at"
Administrator administrator_from_row(const Row& row, int column);

}  // namespace postern::postgres
