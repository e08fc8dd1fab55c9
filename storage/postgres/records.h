// Records on PostgreSQL: what triggers have written (0012_audit.sql), and the count of each day.
#pragma once

#include "storage/postgres/database.h"
#include "storage/records.h"

namespace postern::postgres {

class PostgresRecords final : public Records {
 public:
  explicit PostgresRecords(Database& database) : database_(database) {}

  Task<Result<std::vector<AuditEntry>>> audit(Reach reach, RecordFilter filter, PageRange range) override;
  Task<Result<std::vector<FeatureEvent>>> feature_events(Reach reach, RecordFilter filter,
                                                         PageRange range) override;
  Task<Result<std::vector<UsageDay>>> usage(Reach reach, RecordFilter filter, std::string month,
                                            UsagePlace place, std::uint32_t rows_max) override;
  Task<Result<void>> count_usage() override;
  // What nobody asks for any more: the audit's old entries, sessions and answers that have ended.
  Task<Result<void>> forget_old(std::uint32_t audit_days, std::uint32_t session_life_s);

 private:
  Database& database_;
};

}  // namespace postern::postgres
