// SearchIndexing: writes the text index behind the deliveries (law 9). A page of a mailbox is indexed once,
// when it is full, and again after a purge has taken messages out of it. Each page is a transaction of its
// own; a round may be broken off anywhere and repeated.
#pragma once

#include "storage/postgres/blobs.h"
#include "storage/postgres/database.h"
#include "storage/postgres/job_lease.h"
#include "storage/postgres/job_rounds.h"
#include "storage/postgres/search_source.h"
#include "storage/search_page.h"

namespace postern::postgres {

struct IndexingCounts {
  bool elected = false;  // false: another process is at it, and this one did nothing
  std::uint64_t pages = 0;
  std::uint64_t messages = 0;
  std::uint64_t put_off = 0;  // pages that changed, were locked or cannot be read: the next round's
};

class SearchIndexing {
 public:
  // The first two must outlive it.
  SearchIndexing(Database& database, SearchSource& source, Log log);

  // Until nothing is left to be indexed. closed: stop() was called. The counts are of this call.
  Task<Result<IndexingCounts>> run_once();
  void stop() { stopping_ = true; }
  // Waits for what it reads ahead; before Database::close().
  Task<void> drained() { return blobs_.drained(); }

 private:
  struct Due {
    MailboxKey mailbox;
    std::int64_t next_page = 0;
    std::int64_t end_page = 0;  // the first that is not full
  };
  struct Page {
    std::uint32_t number = 0;
    UidSet uids;
  };

  Task<Result<bool>> round();  // whether something is left
  Task<Result<bool>> visit(Due due);
  Task<Result<std::vector<Page>>> pages_due(Due due);
  Task<Result<void>> index(MailboxKey mailbox, Page page);
  Task<Result<void>> read(MailboxKey mailbox, const std::vector<MessageFacts>& facts, UidSet uids,
                          PageTexts& texts);
  Task<Result<void>> write(MailboxKey mailbox, std::uint32_t page, const std::vector<std::int64_t>& uids,
                           std::vector<IndexSlice> slices);
  // As long as the work took. closed: time to stop; stale: another process has the lease.
  Task<Result<void>> pause(SteadyTime since);

  Database& database_;
  const Log log_;
  SearchSource& source_;
  Blobs blobs_;  // without a cache: nobody asks for a message twice
  JobLease lease_;
  IndexingCounts counts_;
  bool stopping_ = false;
};

// The job.
class IndexingRounds {
 public:
  IndexingRounds(Database& database, MessageStore& messages, Log log);

  // Before Database::close().
  Task<void> close();

 private:
  Job job();
  Task<Result<void>> round();

  const Log log_;
  PostgresSearchSource source_;
  SearchIndexing indexing_;
  JobRounds rounds_;
};

}  // namespace postern::postgres
