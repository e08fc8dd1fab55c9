// Quotas on PostgreSQL.
#pragma once

#include "storage/postgres/database.h"
#include "storage/quotas.h"

namespace postern::postgres {

class PostgresQuotas final : public Quotas {
 public:
  explicit PostgresQuotas(Database& database) : database_(database) {}

  Task<Result<DomainQuota>> domain(std::string name) override;
  Task<Result<void>> set_domain(std::string name, DomainQuota quota) override;
  Task<Result<DomainUsage>> usage(std::string name) override;
  Task<Result<QuotaNotice>> notice(std::string domain, QuotaLevel level) override;
  Task<Result<void>> set_notice(std::string domain, QuotaLevel level,
                                std::optional<QuotaNotice> notice) override;
  Task<Result<WhenFull>> when_full(AccountId account) override;
  Task<Result<Recount>> last_recount() override;

 private:
  Database& database_;
};

}  // namespace postern::postgres
