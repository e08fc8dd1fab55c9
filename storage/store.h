// The page to read first: what the product can do with mail, in domain words. A Store bundles the homes of
// the verbs. Behind it is PostgreSQL (storage/postgres); nothing outside that folder knows SQL.
//
// The laws (tests/store_contract_test.cpp has a test for each):
//  1. UID, UIDNEXT and MODSEQ come from the mailbox row, under its lock, in the changing transaction.
//  2. Mutable state lives in pages of 128 UIDs, immutable facts in rows that are written once.
//  3. An acknowledgement means committed and durable. A COMMIT in doubt is settled by our own key.
//  4. A delivery is one statement; deliveries that wait share it and its commit.
//  5. A delivery that is retried is not stored twice.
//  6. Octets are kept once per account, byte-exact; their parsed structure is written beside them.
//  7. Counters and quota change in the same transaction as the mail.
//  8. The mailbox index is the cache that matters: checked by highest_modseq, advanced by changes.
//  9. Deleting is two-phase: marked in one transaction, purged in small batches later.
// 10. The bell rings after commit. A lost ring costs delay, never truth.
// 11. Every key begins with the account; a hot statement touches one account.
// 12. No connection and no transaction is held while waiting for a client.
// 13. Lock order: account, mailboxes by id, messages by UID.
#pragma once

#include <memory>
#include <optional>

#include "storage/absences.h"
#include "storage/administrators.h"
#include "storage/annotations.h"
#include "storage/change_bus.h"
#include "storage/conversations.h"
#include "storage/devices.h"
#include "storage/directory.h"
#include "storage/evenings.h"
#include "storage/intake.h"
#include "storage/lineage.h"
#include "storage/listings.h"
#include "storage/mailboxes.h"
#include "storage/messages.h"
#include "storage/model/act.h"
#include "storage/nightly_jobs.h"
#include "storage/outbox.h"
#include "storage/quotas.h"
#include "storage/records.h"
#include "storage/recovery.h"
#include "storage/retention.h"
#include "storage/sessions.h"

namespace postern {

// The verbs of administration as somebody's doing: what they change stands in the audit under his name.
class ActingStore {
 public:
  virtual ~ActingStore() = default;
  virtual Directory& directory() = 0;
  virtual DeviceStore& devices() = 0;
  virtual Outbox& outbox() = 0;
  virtual Administrators& administrators() = 0;
  virtual Recovery& recovery() = 0;
  virtual Quotas& quotas() = 0;
  virtual Retention& retention() = 0;
  virtual Sessions& sessions() = 0;
  virtual NightlyJobs& nightly_jobs() = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual Directory& directory() = 0;
  virtual MailboxStore& mailboxes() = 0;
  virtual MessageStore& messages() = 0;
  virtual Outbox& outbox() = 0;
  virtual DeviceStore& devices() = 0;
  virtual Absences& absences() = 0;
  virtual Conversations& conversations() = 0;
  virtual Annotations& annotations() = 0;
  virtual Recovery& recovery() = 0;
  virtual Quotas& quotas() = 0;
  virtual Intake& intake() = 0;
  virtual Retention& retention() = 0;
  virtual NightlyJobs& nightly_jobs() = 0;
  virtual Evenings& evenings() = 0;
  virtual Sessions& sessions() = 0;
  virtual ChangeBus& changes() = 0;
  virtual Listings& listings() = 0;
  virtual Administrators& administrators() = 0;
  virtual Records& records() = 0;
  // With `unchanged`, changes are refused (invalid, kVersionConstraint) if that row is another by now. The
  // store outlives it.
  virtual std::unique_ptr<ActingStore> acting(Act act, std::optional<RowVersion> unchanged) = 0;
  virtual Task<Result<Lineage>> lineage() = 0;
  // One cheap round trip: ErrorKind::unavailable while the database cannot answer.
  virtual Task<Result<void>> ping() = 0;
  // Ends connections in order. Call before the loop stops; nothing else may be called afterwards.
  virtual Task<void> close() = 0;
};

}  // namespace postern
