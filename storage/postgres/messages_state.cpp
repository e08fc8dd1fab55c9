#include "storage/postgres/messages_state.h"

#include <algorithm>
#include <cassert>

#include "storage/postgres/mailbox_row.h"
#include "storage/postgres/page_codec.h"

namespace postern::postgres {

namespace {

// Both statements end at once without a row if the mailbox has moved on.
constexpr Statement kWriteFlags{"write_flags", R"sql(
  WITH mailbox AS (
    UPDATE mailboxes
       SET highest_modseq = highest_modseq + 1, unseen = unseen + $4::bigint, deleted = deleted + $5::bigint
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND highest_modseq = $3::bigint
       AND removed_at IS NULL
    RETURNING )sql" POSTERN_STATUS_COLUMNS R"sql(),
  page AS (
    INSERT INTO message_pages (account_id, mailbox_id, page, max_modseq, data)
    SELECT $1::bigint, $2::bigint, image.page, mailbox.highest_modseq, image.data
      FROM mailbox, unnest($6::bigint[], $7::bytea[]) AS image(page, data)
    ON CONFLICT (account_id, mailbox_id, page)
    DO UPDATE SET max_modseq = excluded.max_modseq, data = excluded.data)
  SELECT * FROM mailbox)sql"};

// The account's row is locked first, as everywhere. A page that becomes empty stays as an empty row: its
// max_modseq is how other readers hear of it.
constexpr Statement kWriteExpunge{"write_expunge", R"sql(
  WITH usage AS MATERIALIZED (
    SELECT account_id FROM account_usage WHERE account_id = $1::bigint FOR UPDATE),
  gone AS MATERIALIZED (
    SELECT count(*) AS messages, coalesce(sum(message.size), 0)::bigint AS octets
      FROM unnest($8::bigint[], $9::bigint[]) AS range(first, last)
      JOIN messages message ON message.account_id = $1::bigint AND message.mailbox_id = $2::bigint
                           AND message.uid BETWEEN range.first AND range.last),
  mailbox AS (
    UPDATE mailboxes
       SET highest_modseq = highest_modseq + 1, unseen = unseen + $4::bigint, deleted = deleted + $5::bigint,
           messages = messages - (SELECT messages FROM gone), octets = octets - (SELECT octets FROM gone)
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND highest_modseq = $3::bigint
       AND removed_at IS NULL AND EXISTS (SELECT FROM usage)
    RETURNING )sql" POSTERN_STATUS_COLUMNS R"sql(),
  freed AS (
    UPDATE account_usage
       SET messages = messages - (SELECT messages FROM gone), octets = octets - (SELECT octets FROM gone)
     WHERE account_id = $1::bigint AND EXISTS (SELECT FROM mailbox)),
  page AS (
    INSERT INTO message_pages (account_id, mailbox_id, page, max_modseq, data)
    SELECT $1::bigint, $2::bigint, image.page, mailbox.highest_modseq, image.data
      FROM mailbox, unnest($6::bigint[], $7::bytea[]) AS image(page, data)
    ON CONFLICT (account_id, mailbox_id, page)
    DO UPDATE SET max_modseq = excluded.max_modseq, data = excluded.data),
  logged AS (
    INSERT INTO expunged (account_id, mailbox_id, modseq, uids, door, remover, states)
    SELECT $1::bigint, $2::bigint, highest_modseq, $10::text, $11::smallint, nullif($12::text, ''), $13::bytea
      FROM mailbox)
  SELECT * FROM mailbox)sql"};

constexpr Statement kLockUsage{"lock_usage", R"sql(
  SELECT FROM account_usage WHERE account_id = $1::bigint FOR UPDATE)sql"};

constexpr Statement kLockMailbox{"lock_mailbox", R"sql(
  SELECT FROM mailboxes
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL
     FOR UPDATE)sql"};

constexpr Milliseconds kInDoubtPause{100};

// What recovery will know of them.
std::string states_of(const MailboxSnapshot& snapshot, const UidSet& uids) {
  std::vector<MessageState> states;
  snapshot.each(uids, [&states](std::size_t, const MessageState& state) { states.push_back(state); });
  return encode_page(states, snapshot.keywords());
}

}  // namespace

MailboxPage& StateChange::page_of(Uid uid) {
  const std::uint32_t number = raw(uid) >> kPageBits;
  if (pages.empty() || pages.back().number != number) {
    assert(pages.empty() || pages.back().number < number);
    const auto& all = base->pages();
    const auto at = std::partition_point(all.begin(), all.end(),
                                         [number](const auto& page) { return page->number < number; });
    assert(at != all.end() && (*at)->number == number);
    pages.push_back(**at);
  }
  return pages.back();
}

void vanish(StateChange& change, const UidSet& uids) {
  change.base->each(uids, [&change](std::size_t, const MessageState& state) {
    MailboxPage& page = change.page_of(state.uid);
    std::erase_if(page.states, [&state](const MessageState& other) { return other.uid == state.uid; });
    if (!state.has(SystemFlag::seen)) --change.unseen;
    if (state.has(SystemFlag::deleted)) --change.deleted;
    change.vanished.add(state.uid);
  });
}

PageImages::PageImages(const std::vector<MailboxPage>& pages, const KeywordTable& keywords) {
  octets.reserve(pages.size());  // a view is taken of each while others are added
  for (const MailboxPage& page : pages) {
    numbers.push_back(page.number);
    octets.push_back(encode_page(page.states, keywords));
    data.push_back(Bytes{octets.back()});
  }
}

Task<Result<SnapshotPtr>> StateWriter::begin_round() {
  if (rounds_ == 0) {
    if (SnapshotPtr remembered = index_.remembered(key_)) {
      ++rounds_;
      unverified_ = true;
      co_return remembered;
    }
  }
  unverified_ = false;
  for (;;) {
    Result<void> locked;
    if (++rounds_ > kOptimisticRounds) locked = co_await lock();
    if (locked) {
      auto snapshot = co_await index_.current(key_);
      if (snapshot) co_return snapshot;
      locked = snapshot.error();
    }
    const bool away =
        locked.error().kind == ErrorKind::unavailable || locked.error().kind == ErrorKind::closed;
    if (locked.error().kind == ErrorKind::timed_out)
      co_return Error(ErrorKind::unavailable, locked.error().detail);
    if (!away) co_return locked.error();
    if (!in_doubt_ || settle_until_.passed()) co_return Error(ErrorKind::unavailable, locked.error().detail);
    co_await sleep(database_.loop(), kInDoubtPause);
  }
}

Task<Result<void>> StateWriter::lock() {
  lock_.reset();
  CO_TRY(Transaction transaction, co_await database_.begin());
  Params account(key_.account);
  Params mailbox(key_.account, key_.mailbox);
  std::vector<Query> queries;
  queries.emplace_back(kLockUsage, std::move(account));
  queries.emplace_back(kLockMailbox, std::move(mailbox));
  CO_TRY(std::vector<Rows> rows, co_await transaction.batch(std::move(queries)));
  if (rows[1].empty()) co_return Error(ErrorKind::not_found, "no such mailbox");
  lock_.emplace(std::move(transaction));
  co_return Result<void>();
}

Task<Result<Rows>> StateWriter::run(const Statement& statement, Params params) {
  if (!lock_) co_return co_await database_.query(Lane::write, statement, std::move(params));
  auto rows = co_await lock_->query(statement, std::move(params));
  if (!rows) co_return rows;
  CO_TRY_VOID(co_await lock_->commit());
  lock_.reset();
  co_return rows;
}

Task<Result<bool>> StateWriter::write(StateChange change, std::optional<Removal> removal) {
  const PageImages images(change.pages, *change.keywords);
  Params params(key_.account, key_.mailbox, change.base->modseq(), change.unseen, change.deleted,
                images.numbers, images.data);
  const bool expunge = !change.vanished.empty();
  const std::string states = states_of(*change.base, change.vanished);
  if (expunge) {
    std::vector<std::int64_t> first, last;
    for (const UidRange& range : change.vanished.ranges()) {
      first.push_back(raw(range.first));
      last.push_back(raw(range.last));
    }
    params.add(first).add(last).add(change.vanished.to_text());
    params.add(static_cast<std::int16_t>(removal->door)).add(removal->by).add(Bytes{states});
  }
  const Statement& statement = expunge ? kWriteExpunge : kWriteFlags;
  auto rows = co_await run(statement, std::move(params));
  if (!rows && rows.error().kind == ErrorKind::closed) {
    lock_.reset();
    if (!in_doubt_) settle_until_ = Deadline::after(kSettleTimeMax);
    in_doubt_ = change.modseq();
    co_return false;
  }
  if (!rows && rows.error().kind == ErrorKind::timed_out)
    co_return Error(ErrorKind::unavailable, rows.error().detail);
  if (!rows) co_return std::move(rows).error();
  if (rows->empty()) {
    lock_.reset();
    co_return false;
  }
  const MailboxStatus status = status_from_row((*rows)[0], 0);
  index_.advance(with_pages(*change.base, status, std::move(change.pages), std::move(change.keywords)));
  doorbell_.ring(key_, status.highest_modseq);
  co_return true;
}

}  // namespace postern::postgres
