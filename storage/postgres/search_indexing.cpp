#include "storage/postgres/search_indexing.h"

#include <algorithm>

#include "gateway/async/worker.h"
#include "storage/postgres/page_codec.h"

namespace postern::postgres {

namespace {

constexpr std::int64_t kMailboxesMax = 2000;  // looked at by one statement
constexpr std::int64_t kPagesMax = 16;        // of a mailbox, before the next has its turn
constexpr Milliseconds kPauseMin{5};
constexpr Milliseconds kPauseMax{500};
// After a round the other processes need not look at once.
constexpr Milliseconds kRest = std::chrono::seconds(50);

// Mailboxes with full pages that have not been looked at; and the last that was visited, to go on from.
constexpr Statement kMailboxesDue{"index_mailboxes_due", R"sql(
  WITH visited AS MATERIALIZED (
    SELECT account_id, mailbox_id, uid_next >> 7 AS end_page, removed_at
      FROM mailboxes
     WHERE (account_id, mailbox_id) > ($1::bigint, $2::bigint)
     ORDER BY account_id, mailbox_id
     LIMIT $3::bigint),
  looked_at AS (
    SELECT visited.*, coalesce(progress.next_page, 0) AS next_page,
           removed_at IS NULL AND end_page > coalesce(progress.next_page, 0) AS due
      FROM visited LEFT JOIN search_progress progress USING (account_id, mailbox_id))
  SELECT account_id, mailbox_id, next_page, end_page, due
    FROM looked_at
   WHERE due OR (account_id, mailbox_id) IN (SELECT account_id, mailbox_id FROM visited
                                              ORDER BY account_id DESC, mailbox_id DESC LIMIT 1)
   ORDER BY account_id, mailbox_id)sql"};

constexpr Statement kBegin{"index_begin", R"sql(
  INSERT INTO search_progress (account_id, mailbox_id)
  SELECT account_id, mailbox_id
    FROM mailboxes
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL
  ON CONFLICT (account_id, mailbox_id) DO NOTHING)sql"};

constexpr Statement kPagesDue{"index_pages_due", R"sql(
  SELECT page, data
    FROM message_pages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND page >= $3::bigint AND page < $4::bigint
     AND NOT EXISTS (SELECT FROM search_slices slice
                      WHERE slice.account_id = $1::bigint AND slice.mailbox_id = $2::bigint
                        AND slice.page = message_pages.page AND slice.kind = 1)
     AND data <> ''
   ORDER BY page
   LIMIT $5::bigint)sql"};

// Purge holds this row when it takes messages out, so either it sees the slices or we see that messages are
// gone.
constexpr Statement kTryLock{"index_try_lock", R"sql(
  SELECT FROM search_progress WHERE account_id = $1::bigint AND mailbox_id = $2::bigint FOR UPDATE NOWAIT)sql"};

constexpr Statement kWriteSlices{"index_write_slices", R"sql(
  INSERT INTO search_slices (account_id, mailbox_id, page, kind, number, uids, grams, data)
  SELECT $1::bigint, $2::bigint, $3::bigint, slice.kind, slice.number, slice.uids, slice.grams, slice.data
    FROM unnest($4::bigint[], $5::bigint[], $6::bytea[], $7::bytea[], $8::bytea[])
         AS slice(kind, number, uids, grams, data)
   WHERE EXISTS (SELECT FROM search_progress WHERE account_id = $1::bigint AND mailbox_id = $2::bigint)
     AND (SELECT count(*) FROM messages
           WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND uid = ANY ($9::bigint[]))
         = cardinality($9::bigint[])
  ON CONFLICT (account_id, mailbox_id, page, kind, number) DO NOTHING)sql"};

// Unless a purge has put it back meanwhile.
constexpr Statement kAdvance{"index_advance", R"sql(
  UPDATE search_progress SET next_page = $4::bigint
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND next_page = $3::bigint)sql"};

}  // namespace

SearchIndexing::SearchIndexing(Database& database, SearchSource& source, Log log)
    : database_(database),
      log_(std::move(log)),
      source_(source),
      blobs_(database, 0),
      lease_(database, "text index") {}

Task<Result<IndexingCounts>> SearchIndexing::run_once() {
  counts_ = IndexingCounts();
  CO_TRY(counts_.elected, co_await lease_.take());
  if (!counts_.elected) co_return counts_;
  auto left = co_await round();
  while (left && *left) left = co_await round();
  const Milliseconds rest = left ? kRest : Milliseconds(0);
  auto ended = co_await lease_.end(rest);
  if (!left) co_return left.error();
  if (!ended) co_return ended.error();
  co_return counts_;
}

Task<Result<bool>> SearchIndexing::round() {
  bool left = false;
  for (MailboxKey after;;) {
    const SteadyTime since = std::chrono::steady_clock::now();
    Params params(after.account, after.mailbox, kMailboxesMax);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kMailboxesDue, std::move(params)));
    if (rows.empty()) co_return left;
    CO_TRY_VOID(co_await pause(since));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Due due;
      due.mailbox = MailboxKey{rows[i].get<AccountId>(0), rows[i].get<MailboxId>(1)};
      due.next_page = rows[i].get<std::int64_t>(2);
      due.end_page = rows[i].get<std::int64_t>(3);
      after = due.mailbox;
      if (!rows[i].get<bool>(4)) continue;
      CO_TRY(const bool more, co_await visit(due));
      left = left || more;
    }
  }
}

// Whether more is left than was put off.
Task<Result<bool>> SearchIndexing::visit(Due due) {
  const auto [account, number] = due.mailbox;
  CO_TRY_VOID(co_await database_.query(Lane::bulk, kBegin, Params(account, number)));
  CO_TRY(const std::vector<Page> pages, co_await pages_due(due));
  const std::uint64_t put_off_before = counts_.put_off;
  for (const Page& page : pages) {
    const SteadyTime since = std::chrono::steady_clock::now();
    const Result<void> indexed = co_await index(due.mailbox, page);
    if (!indexed) {
      const Error& error = indexed.error();
      // Purged meanwhile, locked, or damaged: nothing that should keep the others waiting.
      const bool passes = error.kind == ErrorKind::not_found || error.kind == ErrorKind::timed_out;
      if (!passes && error.kind != ErrorKind::internal) co_return error;
      ++counts_.put_off;
      const Level level = passes ? Level::debug : Level::error;
      log_.event(level, "indexing.put_off",
                 {{"account", raw(account)},
                  {"mailbox", raw(number)},
                  {"page", page.number},
                  {"reason", error.detail}});
    }
    CO_TRY_VOID(co_await pause(since));
  }
  if (counts_.put_off > put_off_before) co_return false;
  const bool all = pages.size() < static_cast<std::size_t>(kPagesMax);
  const std::int64_t next_page = all ? due.end_page : std::int64_t{pages.back().number} + 1;
  Params advance(account, number, due.next_page, next_page);
  CO_TRY_VOID(co_await database_.query(Lane::bulk, kAdvance, std::move(advance)));
  co_return !all;
}

Task<Result<std::vector<SearchIndexing::Page>>> SearchIndexing::pages_due(Due due) {
  Params params(due.mailbox.account, due.mailbox.mailbox, due.next_page, due.end_page, kPagesMax);
  CO_TRY(const Rows rows, co_await database_.query(Lane::bulk, kPagesDue, std::move(params)));
  std::vector<Page> pages(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    pages[i].number = static_cast<std::uint32_t>(rows[i].get<std::int64_t>(0));
    KeywordTable keywords;
    CO_TRY(const auto states, decode_page(rows[i].get<std::string_view>(1), keywords));
    for (const MessageState& state : states) pages[i].uids.add(state.uid);
  }
  co_return pages;
}

Task<Result<void>> SearchIndexing::index(MailboxKey mailbox, Page page) {
  CO_TRY(const std::vector<MessageFacts> facts,
         co_await source_.facts(mailbox, page.uids, FetchDepth::structure));
  PageTexts texts(page.number);
  CO_TRY_VOID(co_await read(mailbox, facts, page.uids, texts));
  std::vector<std::int64_t> uids;
  for (const MessageFacts& one : facts) uids.push_back(raw(one.uid));
  auto pack = [&texts] { return texts.take(); };
  std::vector<IndexSlice> slices = co_await in_worker(database_.loop(), pack);
  co_return co_await write(mailbox, page.number, uids, std::move(slices));
}

// In the order of UIDs: runs of small messages from what was read together, large ones by themselves.
Task<Result<void>> SearchIndexing::read(MailboxKey mailbox, const std::vector<MessageFacts>& facts,
                                        UidSet uids, PageTexts& texts) {
  CO_TRY(const std::vector<SmallMessage> small, co_await source_.small_messages(mailbox, std::move(uids)));
  const auto never = [] { return false; };
  auto octets = small.begin();
  for (std::size_t i = 0; i < facts.size(); ++i) {
    auto add_small = [&]() -> Result<void> {
      for (; i < facts.size() && octets != small.end() && octets->uid == facts[i].uid; ++i, ++octets) {
        TRY(const mime::Structure structure, mime::decode(facts[i].structure));
        MessageTexts noted;
        MessageWalk walk(structure, WalkDepth::everything, noted);
        read_through(octets->octets, walk, never);
        texts.add(facts[i], structure, noted);
      }
      return {};
    };
    CO_TRY_VOID(co_await in_worker(database_.loop(), add_small));
    if (i == facts.size()) break;
    CO_TRY(const mime::Structure structure, mime::decode(facts[i].structure));
    MessageTexts noted;
    MessageWalk walk(structure, WalkDepth::everything, noted);
    const auto reader = blobs_.reader(mailbox.account, facts[i].blob, facts[i].size);
    CO_TRY_VOID(co_await read_through(database_.loop(), *reader, walk, never));
    texts.add(facts[i], structure, noted);
  }
  co_return Result<void>();
}

Task<Result<void>> SearchIndexing::write(MailboxKey mailbox, std::uint32_t page,
                                         const std::vector<std::int64_t>& uids,
                                         std::vector<IndexSlice> slices) {
  std::vector<std::int64_t> kinds, numbers;
  std::vector<std::string> covered;
  std::vector<Bytes> uid_bits, grams, packed;
  for (const IndexSlice& slice : slices) covered.push_back(encode_uids(slice.uids));
  for (std::size_t i = 0; i < slices.size(); ++i) {
    kinds.push_back(static_cast<std::int64_t>(slices[i].kind));
    numbers.push_back(slices[i].number);
    uid_bits.push_back(Bytes{covered[i]});
    grams.push_back(Bytes{slices[i].grams});
    packed.push_back(Bytes{slices[i].packed});
  }
  std::vector<Query> queries;
  queries.emplace_back(kTryLock, Params(mailbox.account, mailbox.mailbox));
  queries.emplace_back(kWriteSlices, Params(mailbox.account, mailbox.mailbox, page, kinds, numbers, uid_bits,
                                            grams, packed, uids));
  CO_TRY(const std::vector<Rows> rows, co_await database_.batch(Lane::bulk, std::move(queries)));
  if (rows.back().affected() == 0) co_return Error(ErrorKind::not_found, "a message is gone");
  ++counts_.pages;
  counts_.messages += uids.size();
  co_return Result<void>();
}

Task<Result<void>> SearchIndexing::pause(SteadyTime since) {
  const auto took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - since);
  if (!stopping_) co_await sleep(database_.loop(), std::clamp(took, kPauseMin, kPauseMax));
  if (stopping_) co_return Error(ErrorKind::closed, "indexing stops");
  CO_TRY(const bool kept, co_await lease_.keep());
  if (!kept) co_return Error(ErrorKind::stale, "another process indexes");
  co_return Result<void>();
}

IndexingRounds::IndexingRounds(Database& database, MessageStore& messages, Log log)
    : log_(log),
      source_(database, messages),
      indexing_(database, source_, log),
      rounds_(database.loop(), log, job()) {}

Job IndexingRounds::job() {
  Job job;
  job.name = "indexing";
  job.round = [this] { return round(); };
  job.stop = [this] { indexing_.stop(); };
  job.first_after = std::chrono::seconds(5);
  job.interval = std::chrono::seconds(60);
  return job;
}

Task<Result<void>> IndexingRounds::round() {
  CO_TRY(const IndexingCounts counts, co_await indexing_.run_once());
  if (counts.pages + counts.put_off == 0) co_return Result<void>();
  log_.event(Level::info, "indexing.done",
             {{"pages", counts.pages}, {"messages", counts.messages}, {"put_off", counts.put_off}});
  co_return Result<void>();
}

Task<void> IndexingRounds::close() {
  co_await rounds_.close();
  co_await indexing_.drained();
}

}  // namespace postern::postgres
