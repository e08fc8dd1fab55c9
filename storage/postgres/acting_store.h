// ActingStore on PostgreSQL: the same verbs over the same pools, but each change's transaction begins with
// who acts.
#pragma once

#include "storage/postgres/administrators.h"
#include "storage/postgres/devices.h"
#include "storage/postgres/directory.h"
#include "storage/postgres/nightly_job.h"
#include "storage/postgres/outbox.h"
#include "storage/postgres/quotas.h"
#include "storage/postgres/recovery.h"
#include "storage/postgres/retention.h"
#include "storage/postgres/sessions.h"
#include "storage/store.h"

namespace postern::postgres {

// The statements that go in front: who acts, and the row that must not have changed.
std::vector<Query> preamble_of(const Act& act, const std::optional<RowVersion>& unchanged);

class PostgresActingStore final : public ActingStore {
 public:
  // All outlive it.
  PostgresActingStore(const Database& shared, std::vector<Query> preamble, ChangeBus& changes,
                      Doorbell& doorbell, PostgresMailboxes& mailboxes, PostgresMessages& messages,
                      const Settings& settings, const Clock& clock)
      : database_(shared, std::move(preamble)),
        directory_(database_, changes, doorbell, settings),
        devices_(database_, doorbell),
        outbox_(database_, doorbell, messages.blobs(), settings, clock),
        administrators_(database_, doorbell),
        recovery_(database_, doorbell, mailboxes, messages, clock),
        quotas_(database_),
        retention_(database_),
        sessions_(database_),
        nightly_jobs_(database_, settings.nightly) {}

  Directory& directory() override { return directory_; }
  DeviceStore& devices() override { return devices_; }
  Outbox& outbox() override { return outbox_; }
  Administrators& administrators() override { return administrators_; }
  Recovery& recovery() override { return recovery_; }
  Quotas& quotas() override { return quotas_; }
  Retention& retention() override { return retention_; }
  Sessions& sessions() override { return sessions_; }
  NightlyJobs& nightly_jobs() override { return nightly_jobs_; }

 private:
  Database database_;
  PostgresDirectory directory_;
  PostgresDevices devices_;
  PostgresOutbox outbox_;
  PostgresAdministrators administrators_;
  PostgresRecovery recovery_;
  PostgresQuotas quotas_;
  PostgresRetention retention_;
  PostgresSessions sessions_;
  PostgresNightlyJobs nightly_jobs_;
};

}  // namespace postern::postgres
