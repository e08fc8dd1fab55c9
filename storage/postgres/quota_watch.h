// QuotaWatch: looks every minute which domains' pools are full and which accounts have come to a level that
// they do not know of, and tells them by mail, whatever room there is. What was told is noted behind the
// delivery, which has a key of its own: who dies in between tells nobody twice.
#pragma once

#include "config/settings.h"
#include "storage/directory.h"
#include "storage/outbox.h"
#include "storage/postgres/job_lease.h"
#include "storage/postgres/job_rounds.h"
#include "storage/postgres/messages.h"
#include "storage/postgres/quotas.h"

namespace postern::postgres {

class QuotaWatch {
 public:
  QuotaWatch(Database& database, Doorbell& doorbell, Directory& directory, PostgresMessages& messages,
             Outbox& outbox, Quotas& quotas, const Settings& settings, const Clock& clock);

  // One round, if no other process is at it.
  Task<Result<void>> run_once();
  // Before Database::close().
  Task<void> close() { return rounds_.close(); }

  static constexpr std::int64_t kAccountsMax = 100;  // told by one look

 private:
  struct Due;

  Job job();
  Task<Result<void>> round();
  Task<Result<void>> mark_pools();
  Task<Result<void>> tell_accounts();
  Task<Result<void>> tell(const Due& due);
  Task<Result<void>> deliver(AccountId account, const StagedMessage& letter, std::string key);
  Task<Result<void>> copy_to(std::string administrator, AccountId account, const StagedMessage& letter,
                             std::string key);
  Result<void> going_on() const;

  Database& database_;
  Doorbell& doorbell_;
  Directory& directory_;
  PostgresMessages& messages_;
  Outbox& outbox_;
  Quotas& quotas_;
  const bool relays_;
  const Clock& clock_;
  const Log log_;
  JobLease lease_;
  bool stopping_ = false;
  JobRounds rounds_;
};

}  // namespace postern::postgres
