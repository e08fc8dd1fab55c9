// Retention on PostgreSQL: the rules, and the job that carries them out, mailbox by mailbox in small batches.
#pragma once

#include "storage/postgres/job_lease.h"
#include "storage/postgres/job_rounds.h"
#include "storage/postgres/messages.h"
#include "storage/retention.h"

namespace postern::postgres {

class PostgresRetention final : public Retention {
 public:
  explicit PostgresRetention(Database& database) : database_(database) {}

  Task<Result<RetentionRules>> of_plan(std::string name) override;
  Task<Result<RetentionRules>> of_domain(std::string name) override;
  Task<Result<void>> set_plan(std::string name, RetentionRules rules) override;
  Task<Result<void>> set_domain(std::string name, RetentionRules rules) override;

 private:
  Database& database_;
};

class RetentionRounds {
 public:
  RetentionRounds(Database& database, MessageStore& messages);

  // One round, if no other process is at it; how many messages have left. closed: stop() was called.
  Task<Result<std::uint64_t>> run_once();
  // Before Database::close().
  Task<void> close() { return rounds_.close(); }

  static constexpr std::size_t kMessagesMax = 256;  // in one transaction

 private:
  struct Due {
    MailboxKey mailbox;
    std::int32_t days = 0;
  };

  Job job();
  Task<Result<void>> log_round();
  Task<Result<std::uint64_t>> round();
  Task<Result<std::uint64_t>> clear(Due due);
  Task<Result<void>> pause();

  Database& database_;
  MessageStore& messages_;
  JobLease lease_;
  bool stopping_ = false;
  JobRounds rounds_;
};

}  // namespace postern::postgres
