#include "storage/postgres/recount.h"

#include <unordered_map>

#include "storage/postgres/mailbox_row.h"
#include "storage/postgres/page_codec.h"

namespace postern::postgres {

namespace {

constexpr Statement kRecountAccounts{"recount_accounts", R"sql(
  SELECT account_id FROM account_usage ORDER BY account_id)sql"};

constexpr Statement kRecountMailboxes{"recount_mailboxes", R"sql(
  SELECT mailbox_id FROM mailboxes WHERE account_id = $1::bigint AND removed_at IS NULL)sql"};

// Kinds of rows: 0 the mailbox, 1 a page, 2 a message's size.
constexpr Statement kRecountMailbox{"recount_mailbox", R"sql(
  SELECT 0::integer, )sql" POSTERN_STATUS_COLUMNS R"sql(, NULL::bytea
    FROM mailboxes
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
  UNION ALL
  SELECT 1, page, max_modseq, 0, 0, 0, 0, 0, 0, data
    FROM message_pages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
  UNION ALL
  SELECT 2, uid, size, 0, 0, 0, 0, 0, 0, NULL
    FROM messages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint)sql"};

constexpr Statement kRecountUsage{"recount_usage", R"sql(
  SELECT usage.messages, coalesce(sum(mailboxes.messages), 0)::bigint,
         usage.octets, coalesce(sum(mailboxes.octets), 0)::bigint
    FROM account_usage usage
    LEFT JOIN mailboxes ON mailboxes.account_id = usage.account_id AND mailboxes.removed_at IS NULL
   WHERE usage.account_id = $1::bigint
   GROUP BY usage.account_id, usage.messages, usage.octets)sql"};

// References between messages and octets; all of it must be nothing.
constexpr Statement kRecountBlobs{"recount_blobs", R"sql(
  SELECT (SELECT count(*) FROM messages message
           WHERE message.account_id = $1::bigint
             AND NOT EXISTS (SELECT FROM blobs
                              WHERE blobs.account_id = $1::bigint AND blobs.blob_id = message.blob_id))
         + (SELECT count(*) FROM outbox
             WHERE outbox.account_id = $1::bigint
               AND NOT EXISTS (SELECT FROM blobs
                                WHERE blobs.account_id = $1::bigint AND blobs.blob_id = outbox.blob_id)),
         (SELECT count(*) FROM blobs
           WHERE blobs.account_id = $1::bigint
             AND NOT EXISTS (SELECT FROM messages message
                              WHERE message.account_id = $1::bigint AND message.blob_id = blobs.blob_id)
             AND NOT EXISTS (SELECT FROM outbox
                              WHERE outbox.account_id = $1::bigint AND outbox.blob_id = blobs.blob_id)),
         (SELECT count(*) FROM blob_chunks chunk
           WHERE chunk.account_id = $1::bigint
             AND NOT EXISTS (SELECT FROM blobs
                              WHERE blobs.account_id = $1::bigint AND blobs.blob_id = chunk.blob_id)
             AND NOT EXISTS (SELECT FROM staged_blobs staged
                              WHERE staged.account_id = $1::bigint AND staged.blob_id = chunk.blob_id)),
         (SELECT count(*) FROM blobs
           WHERE blobs.account_id = $1::bigint
             AND greatest(blobs.size - 1, 0) / 262144
                 <> (SELECT count(*) FROM blob_chunks chunk
                      WHERE chunk.account_id = $1::bigint AND chunk.blob_id = blobs.blob_id)))sql"};

constexpr int kDataColumn = 1 + kStatusColumns;

class Account {
 public:
  Account(Database& database, AccountId account) : database_(database), account_(account) {}

  Task<Result<std::vector<Drift>>> run() {
    Params params(account_);
    CO_TRY(Rows boxes, co_await database_.query(Lane::bulk, kRecountMailboxes, params));
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const auto mailbox = boxes[i].get<MailboxId>(0);
      Params key(account_, mailbox);
      CO_TRY(Rows rows, co_await database_.query(Lane::bulk, kRecountMailbox, std::move(key)));
      CO_TRY_VOID(count_mailbox(mailbox, rows));
    }
    CO_TRY(Rows usage, co_await database_.query(Lane::bulk, kRecountUsage, params));
    if (!usage.empty()) {
      expect(std::nullopt, "account messages", usage[0].get<std::int64_t>(0), usage[0].get<std::int64_t>(1));
      expect(std::nullopt, "account octets", usage[0].get<std::int64_t>(2), usage[0].get<std::int64_t>(3));
    }
    CO_TRY(Rows blobs, co_await database_.query(Lane::bulk, kRecountBlobs, params));
    expect(std::nullopt, "messages without octets", blobs[0].get<std::int64_t>(0), 0);
    expect(std::nullopt, "octets without a message", blobs[0].get<std::int64_t>(1), 0);
    expect(std::nullopt, "chunks without a blob", blobs[0].get<std::int64_t>(2), 0);
    expect(std::nullopt, "blobs with missing chunks", blobs[0].get<std::int64_t>(3), 0);
    co_return std::move(drifts_);
  }

 private:
  void expect(std::optional<MailboxId> mailbox, std::string what, std::int64_t stored, std::int64_t counted) {
    if (stored != counted) drifts_.push_back(Drift{account_, mailbox, std::move(what), stored, counted});
  }

  Result<void> count_mailbox(MailboxId mailbox, const Rows& rows) {
    MailboxStatus status;
    std::unordered_map<std::int64_t, std::int64_t> sizes;
    KeywordTable keywords;
    std::vector<MessageState> states;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row row = rows[i];
      const auto kind = row.get<std::int32_t>(0);
      if (kind == 0) status = status_from_row(row, 1);
      if (kind == 2) sizes[row.get<std::int64_t>(1)] = row.get<std::int64_t>(2);
      if (kind != 1) continue;
      TRY(auto page, decode_page(row.get<std::string_view>(kDataColumn), keywords));
      for (const MessageState& state : page) {
        expect(mailbox, "page of a UID", row.get<std::int64_t>(1), raw(state.uid) >> kPageBits);
        const bool beyond = state.modseq > row.get<ModSeq>(2);
        expect(mailbox, "modseq beyond its page's", beyond ? 1 : 0, 0);
      }
      states.insert(states.end(), page.begin(), page.end());
    }
    std::int64_t unseen = 0, deleted = 0, octets = 0, without_facts = 0;
    for (const MessageState& state : states) {
      if (!state.has(SystemFlag::seen)) ++unseen;
      if (state.has(SystemFlag::deleted)) ++deleted;
      const auto size = sizes.find(raw(state.uid));
      if (size == sizes.end()) ++without_facts;
      if (size != sizes.end()) octets += size->second;
      expect(mailbox, "UID at or beyond UIDNEXT", state.uid >= status.uid_next ? 1 : 0, 0);
      expect(mailbox, "modseq beyond the mailbox's", state.modseq > status.highest_modseq ? 1 : 0, 0);
    }
    expect(mailbox, "messages", static_cast<std::int64_t>(status.messages),
           static_cast<std::int64_t>(states.size()));
    expect(mailbox, "unseen", static_cast<std::int64_t>(status.unseen), unseen);
    expect(mailbox, "deleted", static_cast<std::int64_t>(status.deleted), deleted);
    expect(mailbox, "octets", static_cast<std::int64_t>(status.octets), octets);
    expect(mailbox, "messages without facts", without_facts, 0);
    return {};
  }

  Database& database_;
  const AccountId account_;
  std::vector<Drift> drifts_;
};

}  // namespace

Task<Result<std::vector<Drift>>> recount(Database& database, AccountId account) {
  Account counted(database, account);
  co_return co_await counted.run();
}

Task<Result<std::vector<Drift>>> recount_all(Database& database) {
  std::vector<Drift> drifts;
  CO_TRY(const Rows accounts, co_await database.query(Lane::read, kRecountAccounts, Params()));
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto account = accounts[i].get<AccountId>(0);
    CO_TRY(const std::vector<Drift> found, co_await recount(database, account));
    drifts.insert(drifts.end(), found.begin(), found.end());
  }
  co_return drifts;
}

}  // namespace postern::postgres
