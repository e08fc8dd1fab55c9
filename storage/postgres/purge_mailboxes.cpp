// Purge of messages: what was expunged or moved away, and whole mailboxes.
#include "storage/postgres/purge.h"

#include <algorithm>

#include "storage/postgres/uid_ranges.h"

namespace postern::postgres {

namespace {

constexpr Statement kExpungedDue{"purge_expunged_due", R"sql(
  SELECT mailbox_id, modseq, uids FROM expunged
   WHERE account_id = $1::bigint AND purged_at IS NULL
     AND (moved OR expunged_at <= now() - make_interval(days => $2::integer) OR (door = 0 AND NOT $3::boolean))
   LIMIT 20)sql"};

constexpr Statement kMarkPurged{"purge_mark_expunged", R"sql(
  UPDATE expunged SET purged_at = now()
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND modseq = $3::bigint)sql"};

constexpr Statement kMailboxesDue{"purge_mailboxes_due", R"sql(
  SELECT mailbox_id FROM mailboxes
   WHERE account_id = $1::bigint AND removed_at <= now() - make_interval(days => $2::integer)
   LIMIT 100)sql"};

// A mailbox that is not removed any more keeps everything.
#define POSTERN_STILL_REMOVED                                                               \
  "EXISTS (SELECT FROM mailboxes WHERE account_id = $1::bigint AND mailbox_id = $2::bigint" \
  " AND removed_at <= now() - make_interval(days => $3::integer))"

// Messages, and their blobs if nothing else refers to them. A blob of several chunks leaves them as staged:
// they are many, readers may be in the midst of them, and a delivery of the same staged octets may still be
// under way. Stands behind the account's lock in a statement of its own, whose snapshot therefore sees every
// reference there is: copies and deliveries take the same lock first. $3 is NULL for expunged messages.
constexpr Statement kPurgeMessages{"purge_messages", R"sql(
  WITH gone AS (
    DELETE FROM messages
     USING unnest($4::bigint[], $5::bigint[]) AS range(first, last)
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND uid BETWEEN range.first AND range.last
       AND ($3::integer IS NULL OR )sql" POSTERN_STILL_REMOVED R"sql()
    RETURNING uid, blob_id),
  freed AS (
    DELETE FROM blobs
     WHERE account_id = $1::bigint AND blob_id IN (SELECT blob_id FROM gone)
       AND NOT EXISTS (SELECT FROM messages other
                        WHERE other.account_id = $1::bigint AND other.blob_id = blobs.blob_id
                          AND (other.mailbox_id <> $2::bigint OR other.uid NOT IN (SELECT uid FROM gone)))
       AND NOT EXISTS (SELECT FROM outbox
                        WHERE outbox.account_id = $1::bigint AND outbox.blob_id = blobs.blob_id)
    RETURNING blob_id),
  unindexed AS MATERIALIZED (
    SELECT DISTINCT slice.page
      FROM gone
      JOIN search_slices slice ON slice.account_id = $1::bigint AND slice.mailbox_id = $2::bigint
                              AND slice.page = gone.uid >> 7 AND slice.kind = 1
     WHERE get_bit(slice.uids, gone.uid & 127) = 1),
  forgotten AS (
    DELETE FROM search_slices
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND page IN (SELECT page FROM unindexed)),
  again AS (
    UPDATE search_progress SET next_page = (SELECT min(page) FROM unindexed)
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
       AND next_page > (SELECT min(page) FROM unindexed)),
  left_over AS (
    INSERT INTO staged_blobs (account_id, blob_id)
    SELECT $1::bigint, blob_id
      FROM freed
     WHERE EXISTS (SELECT FROM blob_chunks chunk
                    WHERE chunk.account_id = $1::bigint AND chunk.blob_id = freed.blob_id)
    ON CONFLICT (account_id, blob_id) DO NOTHING)
  SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM freed))sql"};

// Their texts leave the index with them. The page is indexed anew, without them. The lock keeps a page from
// being indexed meanwhile; who waits for it would hold up mail, so this does not.
constexpr Statement kTryLockIndex{"purge_try_lock_index", R"sql(
  SELECT FROM search_progress WHERE account_id = $1::bigint AND mailbox_id = $2::bigint FOR UPDATE NOWAIT)sql"};

constexpr Statement kMessagesOfMailbox{"purge_messages_of_mailbox", R"sql(
  SELECT uid FROM messages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND uid > $3::bigint
   ORDER BY uid
   LIMIT $4::bigint)sql"};

constexpr Statement kPurgePages{"purge_mailbox_pages", R"sql(
  DELETE FROM message_pages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
     AND page IN (SELECT page FROM message_pages
                   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint ORDER BY page LIMIT $4::bigint)
     AND )sql" POSTERN_STILL_REMOVED};

constexpr Statement kPurgeLog{"purge_mailbox_log", R"sql(
  DELETE FROM expunged
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
     AND modseq IN (SELECT modseq FROM expunged
                     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint ORDER BY modseq LIMIT $4::bigint)
     AND )sql" POSTERN_STILL_REMOVED};

constexpr Statement kPurgeMailbox{"purge_mailbox", R"sql(
  WITH ended AS (
    DELETE FROM mailboxes
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
       AND removed_at <= now() - make_interval(days => $3::integer)
    RETURNING mailbox_id),
  indexed AS (
    DELETE FROM search_progress
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND EXISTS (SELECT FROM ended)),
  notes AS (
    DELETE FROM annotations
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND EXISTS (SELECT FROM ended)),
  words AS (
    DELETE FROM mailbox_keywords
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND EXISTS (SELECT FROM ended))
  SELECT mailbox_id FROM ended)sql"};

}  // namespace

std::vector<Purge::UidSlice> Purge::sliced(const std::vector<UidRange>& ranges) {
  std::vector<UidSlice> slices;
  std::uint64_t room = 0;
  for (const UidRange& range : ranges) {
    for (std::uint64_t at = raw(range.first); at <= raw(range.last);) {
      if (room == 0) {
        slices.emplace_back();
        room = kMessagesMax;
      }
      const std::uint64_t end = std::min<std::uint64_t>(raw(range.last), at + room - 1);
      slices.back().first.push_back(static_cast<std::int64_t>(at));
      slices.back().last.push_back(static_cast<std::int64_t>(end));
      room -= end - at + 1;
      at = end + 1;
    }
  }
  return slices;
}

Task<Result<void>> Purge::purge_expunged(Due due) {
  for (;;) {
    Params params(due.account, due.recovery_days, due.keeps_pop3);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kExpungedDue, std::move(params)));
    if (rows.empty()) co_return Result<void>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const MailboxKey mailbox{due.account, rows[i].get<MailboxId>(0)};
      auto uids = rows[i].get<std::string>(2);
      CO_TRY_VOID(co_await purge_uids(mailbox, std::move(uids)));
      Params marked(mailbox.account, mailbox.mailbox, rows[i].get<ModSeq>(1));
      CO_TRY_VOID(co_await database_.query(Lane::write, kMarkPurged, std::move(marked)));
    }
    CO_TRY_VOID(co_await pause());
  }
}

Task<Result<void>> Purge::purge_uids(MailboxKey mailbox, std::string uids) {
  std::vector<UidRange> ranges;
  CO_TRY_VOID(read_uid_ranges(uids, ranges));
  const std::vector<UidSlice> slices = sliced(ranges);
  for (const UidSlice& slice : slices) CO_TRY_VOID(co_await purge_slice(mailbox, std::nullopt, slice));
  co_return Result<void>();
}

Task<Result<void>> Purge::purge_slice(MailboxKey mailbox, std::optional<std::int32_t> recovery_days,
                                      UidSlice slice) {
  std::vector<Query> queries;
  queries.emplace_back(kTryLockIndex, Params(mailbox.account, mailbox.mailbox));
  queries.emplace_back(kPurgeMessages,
                       Params(mailbox.account, mailbox.mailbox, recovery_days, slice.first, slice.last));
  CO_TRY(const Rows gone, co_await under_lock(mailbox.account, std::move(queries)));
  counts_.messages += gone[0].get<std::uint64_t>(0);
  counts_.blobs += gone[0].get<std::uint64_t>(1);
  co_return co_await pause();
}

Task<Result<void>> Purge::purge_mailboxes(Due due) {
  for (;;) {
    Params params(due.account, due.recovery_days);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kMailboxesDue, std::move(params)));
    if (rows.empty()) co_return Result<void>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const MailboxKey mailbox{due.account, rows[i].get<MailboxId>(0)};
      CO_TRY_VOID(co_await purge_mailbox(mailbox, due.recovery_days));
    }
    CO_TRY_VOID(co_await pause());
  }
}

Task<Result<void>> Purge::purge_mailbox(MailboxKey mailbox, std::int32_t recovery_days) {
  const auto [account, number] = mailbox;
  for (UidSlice slice;;) {
    const std::int64_t after = slice.last.empty() ? 0 : slice.last.back();
    Params next(account, number, after, kMessagesMax);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kMessagesOfMailbox, std::move(next)));
    if (rows.empty()) break;
    slice.last.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) slice.last.push_back(rows[i].get<std::int64_t>(0));
    slice.first = slice.last;
    CO_TRY_VOID(co_await purge_slice(mailbox, recovery_days, slice));
  }
  const Params rest(account, number, recovery_days, kRowsMax);
  CO_TRY_VOID(co_await delete_all(kPurgePages, rest, kRowsMax));
  CO_TRY_VOID(co_await delete_all(kPurgeLog, rest, kRowsMax));
  Params params(account, number, recovery_days);
  CO_TRY(const Rows ended, co_await database_.query(Lane::write, kPurgeMailbox, std::move(params)));
  counts_.mailboxes += ended.size();
  co_return Result<void>();
}

}  // namespace postern::postgres
