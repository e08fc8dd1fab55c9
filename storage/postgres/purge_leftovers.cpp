// Purge of what nobody owns any more: ended accounts, chunks without a blob, old write keys.
#include "storage/postgres/purge.h"

namespace postern::postgres {

namespace {

constexpr Statement kAccountsEnded{"purge_accounts_ended", R"sql(
  SELECT account_id FROM account_usage usage
   WHERE NOT EXISTS (SELECT FROM accounts WHERE accounts.account_id = usage.account_id)
   LIMIT 100)sql"};

#define POSTERN_WIPE(table)                                                                           \
  "DELETE FROM " table " WHERE account_id = $1::bigint AND ctid = ANY (ARRAY(SELECT ctid FROM " table \
  " WHERE account_id = $1::bigint LIMIT $2::bigint))"

struct Wipe {
  Statement statement;
  std::uint64_t batch_max;
};
// The mailboxes first: whoever still has one open can change nothing without its row.
constexpr Wipe kWipes[] = {
    {{"wipe_mailboxes", POSTERN_WIPE("mailboxes")}, Purge::kRowsMax},
    {{"wipe_message_pages", POSTERN_WIPE("message_pages")}, Purge::kRowsMax},
    {{"wipe_mailbox_keywords", POSTERN_WIPE("mailbox_keywords")}, Purge::kRowsMax},
    {{"wipe_expunged", POSTERN_WIPE("expunged")}, Purge::kRowsMax},
    {{"wipe_messages", POSTERN_WIPE("messages")}, Purge::kRowsMax},
    // Who indexes holds the row of progress, and asks for the messages.
    {{"wipe_search_progress", POSTERN_WIPE("search_progress")}, Purge::kRowsMax},
    {{"wipe_search_slices", POSTERN_WIPE("search_slices")}, Purge::kChunksMax},
    {{"wipe_sync_ledgers", POSTERN_WIPE("sync_ledgers")}, Purge::kRowsMax},
    {{"wipe_folder_ledgers", POSTERN_WIPE("folder_ledgers")}, Purge::kRowsMax},
    {{"wipe_devices", POSTERN_WIPE("devices")}, Purge::kRowsMax},
    {{"wipe_absences", POSTERN_WIPE("absences")}, Purge::kRowsMax},
    {{"wipe_absence_answered", POSTERN_WIPE("absence_answered")}, Purge::kRowsMax},
    {{"wipe_outbox", POSTERN_WIPE("outbox")}, Purge::kRowsMax},
    {{"wipe_outbox_recipients", POSTERN_WIPE("outbox_recipients")}, Purge::kRowsMax},
    {{"wipe_blobs", POSTERN_WIPE("blobs")}, Purge::kMessagesMax},
    {{"wipe_blob_chunks", POSTERN_WIPE("blob_chunks")}, Purge::kChunksMax},
    {{"wipe_staged_blobs", POSTERN_WIPE("staged_blobs")}, Purge::kRowsMax},
    {{"wipe_subscriptions", POSTERN_WIPE("subscriptions")}, Purge::kRowsMax},
    {{"wipe_annotations", POSTERN_WIPE("annotations")}, Purge::kRowsMax},
    {{"wipe_recovered", POSTERN_WIPE("recovered")}, Purge::kRowsMax},
    {{"wipe_write_keys", POSTERN_WIPE("write_keys")}, Purge::kRowsMax},
    {{"wipe_brought_marks", POSTERN_WIPE("brought_marks")}, Purge::kRowsMax},
    {{"wipe_account_usage", POSTERN_WIPE("account_usage")}, Purge::kRowsMax},
};

constexpr Statement kStagedDue{"purge_staged_due", R"sql(
  SELECT account_id, blob_id FROM staged_blobs
   WHERE staged_at < now() - interval '24 hours' AND (account_id, blob_id) > ($1::bigint, $2::bigint)
   ORDER BY account_id, blob_id
   LIMIT 100)sql"};

// If a delivery has made a blob of them meanwhile, only the mark goes.
constexpr Statement kCollectStaged{"purge_collect_staged", R"sql(
  WITH old AS MATERIALIZED (
    SELECT blob_id, EXISTS (SELECT FROM blobs WHERE account_id = $1::bigint AND blob_id = $2::bigint) AS stored
      FROM staged_blobs
     WHERE account_id = $1::bigint AND blob_id = $2::bigint AND staged_at < now() - interval '24 hours'),
  collected AS (
    DELETE FROM blob_chunks
     WHERE account_id = $1::bigint AND blob_id = $2::bigint AND EXISTS (SELECT FROM old WHERE NOT stored)
       AND number IN (SELECT number FROM blob_chunks
                       WHERE account_id = $1::bigint AND blob_id = $2::bigint ORDER BY number LIMIT $3::bigint)
    RETURNING number),
  ended AS (
    DELETE FROM staged_blobs
     WHERE account_id = $1::bigint AND blob_id = $2::bigint AND EXISTS (SELECT FROM old)
       AND (SELECT count(*) FROM collected) < $3::bigint
    RETURNING blob_id)
  SELECT (SELECT count(*) FROM collected), (SELECT count(*) FROM ended))sql"};

constexpr Statement kForgetWriteKeys{"purge_write_keys", R"sql(
  DELETE FROM write_keys
   WHERE ctid = ANY (ARRAY(SELECT ctid FROM write_keys
                            WHERE written_at < now() - make_interval(days => $1::integer) LIMIT $2::bigint)))sql"};

// No plan keeps a removed message longer; without the message its mark says nothing.
constexpr Statement kForgetRecovered{"purge_recovered", R"sql(
  DELETE FROM recovered
   WHERE ctid = ANY (ARRAY(SELECT ctid FROM recovered
                            WHERE recovered_at < now() - interval '91 days' LIMIT $1::bigint)))sql"};

}  // namespace

Task<Result<void>> Purge::wipe_accounts() {
  for (;;) {
    Params none;
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kAccountsEnded, std::move(none)));
    if (rows.empty()) co_return Result<void>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto account = rows[i].get<AccountId>(0);
      CO_TRY_VOID(co_await wipe(account));
      ++counts_.accounts;
    }
    CO_TRY_VOID(co_await pause());
  }
}

Task<Result<void>> Purge::wipe(AccountId account) {
  for (const Wipe& wipe : kWipes) {
    Params params(account, wipe.batch_max);
    CO_TRY_VOID(co_await delete_all(wipe.statement, std::move(params), wipe.batch_max));
  }
  co_return Result<void>();
}

Task<Result<void>> Purge::collect_staged() {
  AccountId account{};
  BlobId blob{};
  for (;;) {
    Params params(account, blob);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kStagedDue, std::move(params)));
    if (rows.empty()) co_return Result<void>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      account = rows[i].get<AccountId>(0);
      blob = rows[i].get<BlobId>(1);
      const Result<void> collected = co_await collect(account, blob);
      const bool busy = !collected && collected.error().kind == ErrorKind::timed_out;
      if (!collected && !busy) co_return collected.error();
    }
  }
}

Task<Result<void>> Purge::collect(AccountId account, BlobId blob) {
  for (bool more = true; more;) {
    std::vector<Query> queries;
    queries.emplace_back(kCollectStaged, Params(account, blob, kChunksMax));
    CO_TRY(const Rows rows, co_await under_lock(account, std::move(queries)));
    more = rows[0].get<std::uint64_t>(0) == kChunksMax;
    counts_.staged += rows[0].get<std::uint64_t>(1);
    CO_TRY_VOID(co_await pause());
  }
  co_return Result<void>();
}

Task<Result<void>> Purge::forget_recovered() {
  CO_TRY_VOID(co_await delete_all(kForgetRecovered, Params(kRowsMax), kRowsMax));
  co_return Result<void>();
}

Task<Result<void>> Purge::forget_write_keys() {
  Params params(write_key_days_, kRowsMax);
  CO_TRY(counts_.write_keys, co_await delete_all(kForgetWriteKeys, std::move(params), kRowsMax));
  co_return Result<void>();
}

}  // namespace postern::postgres
