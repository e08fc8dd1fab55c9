// ActingStore on PostgreSQL: the same verbs over the same pools, but each change's transaction begins with
// who acts.
#pragma once

#include "storage/postgres/administrators.h"
#include "storage/postgres/devices.h"
#include "storage/postgres/directory.h"
#include "storage/postgres/outbox.h"
#include "storage/store.h"

namespace postern::postgres {

// The statements that go in front: who acts, and the row that must not have changed.
std::vector<Query> preamble_of(const Act& act, const std::optional<RowVersion>& unchanged);

class PostgresActingStore final : public ActingStore {
 public:
  // All outlive it.
  PostgresActingStore(const Database& shared, std::vector<Query> preamble, ChangeBus& changes,
                      Doorbell& doorbell, Blobs& blobs, const Settings& settings, const Clock& clock)
      : database_(shared, std::move(preamble)),
        directory_(database_, changes, doorbell, settings),
        devices_(database_, doorbell),
        outbox_(database_, doorbell, blobs, settings, clock),
        administrators_(database_, doorbell) {}

  Directory& directory() override { return directory_; }
  DeviceStore& devices() override { return devices_; }
  Outbox& outbox() override { return outbox_; }
  Administrators& administrators() override { return administrators_; }

 private:
  Database database_;
  PostgresDirectory directory_;
  PostgresDevices devices_;
  PostgresOutbox outbox_;
  PostgresAdministrators administrators_;
};

}  // namespace postern::postgres
