// Purge: phase two of deletion (law 9). What was expunged, removed or deleted longer ago than the plan's
// recovery days is taken out of the database for good, in small batches with a pause between them; so is, at
// once, what POP3 has deleted where that is not kept. It never
// touches a counter or quota: phase one has done that. Every step may be repeated and broken off anywhere.
// Rows of the expunge log stay: VANISHED needs them.
#pragma once

#include "config/settings.h"
#include "storage/model/uid_set.h"
#include "storage/postgres/database.h"
#include "storage/postgres/job_lease.h"

namespace postern::postgres {

struct PurgeCounts {
  bool elected = false;  // false: another process is at it, and this one did nothing
  std::uint64_t messages = 0;
  std::uint64_t blobs = 0;
  std::uint64_t staged = 0;  // abandoned or left over by a blob
  std::uint64_t mailboxes = 0;
  std::uint64_t accounts = 0;
  std::uint64_t write_keys = 0;
  std::uint64_t outbox = 0;
};

class Purge {
 public:
  Purge(Database& database, const StoreSettings& settings, Log log);

  // One round over everything. closed: stop() was called. The counts are of this round.
  Task<Result<PurgeCounts>> run_once();
  // Ends a round at its next pause, and all later ones.
  void stop() { stopping_ = true; }

  static constexpr std::uint64_t kMessagesMax = 100;  // in one transaction, with their blobs
  static constexpr std::uint64_t kRowsMax = 500;      // of other small rows
  static constexpr std::uint64_t kChunksMax = 100;    // of at most 256 KiB

 private:
  struct Due {
    AccountId account{};
    std::int32_t recovery_days = 0;
    bool keeps_pop3 = false;
    bool messages = false;
    bool mailboxes = false;
    bool deleted = false;
  };

  Task<Result<void>> round();
  // At most kMessagesMax UIDs, as ranges.
  struct UidSlice {
    std::vector<std::int64_t> first;
    std::vector<std::int64_t> last;
  };

  static std::vector<UidSlice> sliced(const std::vector<UidRange>& ranges);
  Task<Result<void>> visit_accounts();
  Task<Result<void>> visit(Due due);
  Task<Result<void>> purge_expunged(Due due);
  Task<Result<void>> purge_uids(MailboxKey mailbox, std::string uids);
  // recovery_days: only if the mailbox is removed for so long; nullopt: they are expunged.
  Task<Result<void>> purge_slice(MailboxKey mailbox, std::optional<std::int32_t> recovery_days,
                                 UidSlice slice);
  Task<Result<void>> purge_mailboxes(Due due);
  Task<Result<void>> purge_mailbox(MailboxKey mailbox, std::int32_t recovery_days);
  Task<Result<void>> wipe_accounts();
  Task<Result<void>> wipe(AccountId account);
  Task<Result<void>> collect_staged();
  Task<Result<void>> collect(AccountId account, BlobId blob);
  Task<Result<void>> forget_write_keys();
  Task<Result<void>> forget_recovered();
  Task<Result<void>> purge_outbox();

  // Deletes batch by batch until a batch is not full.
  Task<Result<std::uint64_t>> delete_all(const Statement& statement, Params params, std::uint64_t batch_max);
  // After the account's lock, in one transaction; the rows of the last. timed_out: the account is busy.
  Task<Result<Rows>> under_lock(AccountId account, std::vector<Query> queries);
  // Between two batches. closed: time to stop; stale: another process has the lease.
  Task<Result<void>> pause();

  Database& database_;
  const std::int32_t write_key_days_;
  const std::int32_t outbox_days_;
  const Log log_;
  JobLease lease_;
  PurgeCounts counts_;
  bool stopping_ = false;
};

}  // namespace postern::postgres
