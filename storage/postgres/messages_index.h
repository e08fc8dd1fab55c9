// MailboxIndex: the current snapshot of a mailbox (law 8). One statement reads the mailbox row, the pages
// that changed since the cached snapshot and the keywords, so all of them are of one instant; while nothing
// changed it reads the row alone.
#pragma once

#include "storage/postgres/database.h"
#include "storage/postgres/index_cache.h"

namespace postern::postgres {

class MailboxIndex {
 public:
  MailboxIndex(Database& database, std::uint64_t cache_octets_max)
      : database_(database), cache_(cache_octets_max) {}

  // Not older than the call. not_found: no such mailbox, or removed.
  Task<Result<SnapshotPtr>> current(MailboxKey key);
  // A writer of this process knows what its commit made of the snapshot it started from.
  void advance(SnapshotPtr snapshot) { cache_.put(std::move(snapshot)); }

 private:
  Task<Result<SnapshotPtr>> brought_up_to_date(MailboxStatus status, Rows rows, SnapshotPtr base);

  Database& database_;
  IndexCache cache_;
};

// `base` with some pages replaced (an empty one is left out), under a new status and keyword table.
SnapshotPtr with_pages(const MailboxSnapshot& base, MailboxStatus status, std::vector<MailboxPage> changed,
                       std::shared_ptr<const KeywordTable> keywords);

}  // namespace postern::postgres
