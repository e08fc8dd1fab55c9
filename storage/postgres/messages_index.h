// MailboxIndex: the current snapshot of a mailbox (law 8). One statement reads the mailbox row, the pages
// that changed since the cached snapshot and the keywords, so all of them are of one instant; while nothing
// changed it reads the row alone.
#pragma once

#include <unordered_map>

#include "storage/postgres/database.h"
#include "storage/postgres/index_cache.h"

namespace postern::postgres {

class MailboxIndex {
 public:
  MailboxIndex(Database& database, std::uint64_t cache_octets_max)
      : database_(database), cache_(cache_octets_max) {}

  // Not older than the call. not_found: no such mailbox, or removed.
  Task<Result<SnapshotPtr>> current(MailboxKey key);
  // The INBOX of the account as of now, found by its name.
  Task<Result<SnapshotPtr>> inbox(AccountId account);
  // Not older than `wanted`, and without a question if there is one in memory.
  Task<Result<SnapshotPtr>> reaching(MailboxKey key, ModSeq wanted);
  // What is in memory, however old; null if nothing is.
  SnapshotPtr remembered(MailboxKey key) { return cache_.find(key); }
  // A writer of this process knows what its commit made of the snapshot it started from.
  void advance(SnapshotPtr snapshot) { cache_.put(std::move(snapshot)); }

 private:
  Task<Result<std::optional<SnapshotPtr>>> advanced(MailboxKey key, SnapshotPtr base, Rows rows);
  Task<Result<SnapshotPtr>> brought_up_to_date(MailboxStatus status, Rows rows, SnapshotPtr base);

  Database& database_;
  IndexCache cache_;
  // Which mailbox an account's INBOX was: a guess at what is in the cache, checked by the question.
  std::unordered_map<AccountId, MailboxId> inboxes_;
};

// `base` with some pages replaced (an empty one is left out), under a new status and keyword table.
SnapshotPtr with_pages(const MailboxSnapshot& base, MailboxStatus status, std::vector<MailboxPage> changed,
                       std::shared_ptr<const KeywordTable> keywords);

}  // namespace postern::postgres
