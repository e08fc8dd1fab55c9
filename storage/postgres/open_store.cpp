#include "storage/postgres/open_store.h"

#include "storage/postgres/absences.h"
#include "storage/postgres/acting_store.h"
#include "storage/postgres/annotations.h"
#include "storage/postgres/conversations.h"
#include "storage/postgres/database.h"
#include "storage/postgres/devices.h"
#include "storage/postgres/directory.h"
#include "storage/postgres/doorbell.h"
#include "storage/postgres/evenings.h"
#include "storage/postgres/intake.h"
#include "storage/postgres/lineage.h"
#include "storage/postgres/listings.h"
#include "storage/postgres/mailboxes.h"
#include "storage/postgres/messages.h"
#include "storage/postgres/nightly_job.h"
#include "storage/postgres/outbox.h"
#include "storage/postgres/purge_rounds.h"
#include "storage/postgres/quota_watch.h"
#include "storage/postgres/quotas.h"
#include "storage/postgres/record_rounds.h"
#include "storage/postgres/recount_rounds.h"
#include "storage/postgres/recovery.h"
#include "storage/postgres/retention.h"
#include "storage/postgres/search_indexing.h"
#include "storage/postgres/sessions.h"

namespace postern::postgres {

namespace {

constexpr Statement kPing{"ping", "SELECT 1"};

class PostgresStore final : public Store {
 public:
  PostgresStore(Loop& loop, std::string conninfo, const Settings& settings, const Clock& clock, Log log,
                const std::optional<Act>& standing_act, Metrics metrics)
      : settings_(settings),
        clock_(clock),
        database_(loop, std::move(conninfo), settings.database, std::move(log), metrics),
        administration_(database_,
                        standing_act ? preamble_of(*standing_act, std::nullopt) : std::vector<Query>()),
        doorbell_(database_, changes_, settings, metrics),
        directory_(administration_, changes_, doorbell_, settings),
        mailboxes_(database_, changes_, doorbell_, settings),
        messages_(database_, doorbell_, settings, clock),
        devices_(administration_, doorbell_),
        absences_(database_, doorbell_),
        conversations_(database_, doorbell_),
        annotations_(database_, doorbell_),
        outbox_(administration_, doorbell_, messages_.blobs(), settings, clock),
        recovery_(administration_, doorbell_, mailboxes_, messages_, clock),
        listings_(database_),
        administrators_(administration_, doorbell_),
        records_(database_),
        record_rounds_(database_, records_, settings.admin, database_.log()),
        quotas_(administration_),
        intake_(database_, doorbell_, mailboxes_, clock),
        retention_(administration_),
        nightly_jobs_(administration_, settings.nightly),
        evenings_(database_),
        sessions_(administration_),
        retention_rounds_(database_, messages_),
        quota_watch_(database_, doorbell_, directory_, messages_, outbox_, quotas_, settings, clock),
        recount_rounds_(database_, settings.nightly, database_.log()),
        purge_rounds_(database_, settings.store, database_.log()),
        indexing_rounds_(database_, messages_, database_.log()) {}

  Directory& directory() override { return directory_; }
  MailboxStore& mailboxes() override { return mailboxes_; }
  MessageStore& messages() override { return messages_; }
  Outbox& outbox() override { return outbox_; }
  DeviceStore& devices() override { return devices_; }
  Absences& absences() override { return absences_; }
  Conversations& conversations() override { return conversations_; }
  Annotations& annotations() override { return annotations_; }
  Recovery& recovery() override { return recovery_; }
  Quotas& quotas() override { return quotas_; }
  Intake& intake() override { return intake_; }
  Retention& retention() override { return retention_; }
  NightlyJobs& nightly_jobs() override { return nightly_jobs_; }
  Evenings& evenings() override { return evenings_; }
  Sessions& sessions() override { return sessions_; }
  ChangeBus& changes() override { return changes_; }
  Listings& listings() override { return listings_; }
  Administrators& administrators() override { return administrators_; }
  Records& records() override { return records_; }
  std::unique_ptr<ActingStore> acting(Act act, std::optional<RowVersion> unchanged) override {
    return std::make_unique<PostgresActingStore>(database_, preamble_of(act, unchanged), changes_, doorbell_,
                                                 mailboxes_, messages_, settings_, clock_);
  }

  Task<Result<Lineage>> lineage() override { return postgres::lineage(database_); }

  Task<Result<void>> ping() override {
    Params none;
    CO_TRY_VOID(co_await database_.query(Lane::read, kPing, std::move(none)));
    co_return Result<void>();
  }

  Task<void> close() override {
    co_await record_rounds_.close();
    co_await purge_rounds_.close();
    co_await retention_rounds_.close();
    co_await quota_watch_.close();
    co_await recount_rounds_.close();
    co_await indexing_rounds_.close();
    co_await messages_.drained();
    co_await doorbell_.close();
    co_await database_.close();
  }

 private:
  const Settings& settings_;
  const Clock& clock_;
  ChangeBus changes_;
  Database database_;
  Database administration_;  // the same, with the standing act
  Doorbell doorbell_;
  PostgresDirectory directory_;
  PostgresMailboxes mailboxes_;
  PostgresMessages messages_;
  PostgresDevices devices_;
  PostgresAbsences absences_;
  PostgresConversations conversations_;
  PostgresAnnotations annotations_;
  PostgresOutbox outbox_;
  PostgresRecovery recovery_;
  PostgresListings listings_;
  PostgresAdministrators administrators_;
  PostgresRecords records_;
  RecordRounds record_rounds_;
  PostgresQuotas quotas_;
  PostgresIntake intake_;
  PostgresRetention retention_;
  PostgresNightlyJobs nightly_jobs_;
  PostgresEvenings evenings_;
  PostgresSessions sessions_;
  RetentionRounds retention_rounds_;
  QuotaWatch quota_watch_;
  RecountRounds recount_rounds_;
  PurgeRounds purge_rounds_;
  IndexingRounds indexing_rounds_;
};

}  // namespace

std::unique_ptr<Store> open_store(Loop& loop, std::string conninfo, const Settings& settings,
                                  const Clock& clock, Log log, Metrics metrics,
                                  std::optional<Act> standing_act) {
  return std::make_unique<PostgresStore>(loop, std::move(conninfo), settings, clock, std::move(log),
                                         standing_act, std::move(metrics));
}

}  // namespace postern::postgres
