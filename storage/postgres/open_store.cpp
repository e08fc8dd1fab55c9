#include "storage/postgres/open_store.h"

#include "storage/postgres/absences.h"
#include "storage/postgres/database.h"
#include "storage/postgres/devices.h"
#include "storage/postgres/directory.h"
#include "storage/postgres/doorbell.h"
#include "storage/postgres/mailboxes.h"
#include "storage/postgres/messages.h"
#include "storage/postgres/outbox.h"
#include "storage/postgres/purge_rounds.h"
#include "storage/postgres/recovery.h"
#include "storage/postgres/search_indexing.h"

namespace postern::postgres {

namespace {

constexpr Statement kPing{"ping", "SELECT 1"};

class PostgresStore final : public Store {
 public:
  PostgresStore(Loop& loop, std::string conninfo, const Settings& settings, const Clock& clock, Log log,
                Metrics metrics)
      : database_(loop, std::move(conninfo), settings.database, std::move(log), metrics),
        doorbell_(database_, changes_, settings, metrics),
        directory_(database_, changes_, doorbell_, settings),
        mailboxes_(database_, changes_, doorbell_, settings),
        messages_(database_, doorbell_, settings, clock),
        devices_(database_, doorbell_),
        absences_(database_, doorbell_),
        outbox_(database_, doorbell_, messages_.blobs(), settings, clock),
        recovery_(database_, doorbell_, mailboxes_, messages_, clock),
        purge_rounds_(database_, settings.store, database_.log()),
        indexing_rounds_(database_, messages_, database_.log()) {}

  Directory& directory() override { return directory_; }
  MailboxStore& mailboxes() override { return mailboxes_; }
  MessageStore& messages() override { return messages_; }
  Outbox& outbox() override { return outbox_; }
  DeviceStore& devices() override { return devices_; }
  Absences& absences() override { return absences_; }
  Recovery& recovery() override { return recovery_; }
  ChangeBus& changes() override { return changes_; }

  Task<Result<void>> ping() override {
    Params none;
    CO_TRY_VOID(co_await database_.query(Lane::read, kPing, std::move(none)));
    co_return Result<void>();
  }

  Task<void> close() override {
    co_await purge_rounds_.close();
    co_await indexing_rounds_.close();
    co_await messages_.drained();
    co_await doorbell_.close();
    co_await database_.close();
  }

 private:
  ChangeBus changes_;
  Database database_;
  Doorbell doorbell_;
  PostgresDirectory directory_;
  PostgresMailboxes mailboxes_;
  PostgresMessages messages_;
  PostgresDevices devices_;
  PostgresAbsences absences_;
  PostgresOutbox outbox_;
  PostgresRecovery recovery_;
  PurgeRounds purge_rounds_;
  IndexingRounds indexing_rounds_;
};

}  // namespace

std::unique_ptr<Store> open_store(Loop& loop, std::string conninfo, const Settings& settings,
                                  const Clock& clock, Log log, Metrics metrics) {
  return std::make_unique<PostgresStore>(loop, std::move(conninfo), settings, clock, std::move(log),
                                         std::move(metrics));
}

}  // namespace postern::postgres
