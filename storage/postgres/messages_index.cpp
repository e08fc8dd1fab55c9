#include "storage/postgres/messages_index.h"

#include <algorithm>

#include "gateway/async/worker.h"
#include "storage/postgres/mailbox_row.h"
#include "storage/postgres/page_codec.h"

namespace postern::postgres {

namespace {

// One statement sees one instant even in READ COMMITTED. The comparison with the row's modseq depends on no
// row, so the planner asks it once, before it touches a page. `mailbox` may have a row or none, and gives the
// number of the mailbox and `known`, the modseq of what the caller has of it.
#define POSTERN_READ_INDEX                                                            \
  " SELECT 0::integer, mailbox_id, " POSTERN_STATUS_COLUMNS                           \
  ", NULL::bytea"                                                                     \
  "   FROM mailbox"                                                                   \
  " UNION ALL "                                                                       \
  " SELECT 1, page, 0, 0, 0, 0, 0, 0, 0, 0, data"                                     \
  "   FROM message_pages"                                                             \
  "  WHERE account_id = $1::bigint AND mailbox_id = (SELECT mailbox_id FROM mailbox)" \
  "    AND max_modseq > (SELECT known FROM mailbox)"                                  \
  "    AND (SELECT highest_modseq > known FROM mailbox)"                              \
  " UNION ALL "                                                                       \
  " SELECT 2, number, 0, 0, 0, 0, 0, 0, 0, 0, convert_to(name, 'UTF8')"               \
  "   FROM mailbox_keywords"                                                          \
  "  WHERE account_id = $1::bigint AND mailbox_id = (SELECT mailbox_id FROM mailbox)" \
  "    AND (SELECT highest_modseq > known FROM mailbox)"

constexpr Statement kReadIndex{"read_index", R"sql(
  WITH mailbox AS MATERIALIZED (
    SELECT mailbox_id, $3::bigint AS known, )sql" POSTERN_STATUS_COLUMNS R"sql(
      FROM mailboxes
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL))sql" POSTERN_READ_INDEX};

// $2 and $3 are of the mailbox that the caller takes for the INBOX.
constexpr Statement kReadInbox{"read_inbox", R"sql(
  WITH mailbox AS MATERIALIZED (
    SELECT mailbox_id, CASE mailbox_id WHEN $2::bigint THEN $3::bigint ELSE 0 END AS known,
           )sql" POSTERN_STATUS_COLUMNS R"sql(
      FROM mailboxes
     WHERE account_id = $1::bigint AND name = 'INBOX' AND removed_at IS NULL))sql" POSTERN_READ_INDEX};

enum RowKind : std::int32_t { kMailboxRow, kPageRow, kKeywordRow };
constexpr int kStatusColumn = 2;
constexpr int kOctetsColumn = kStatusColumn + kStatusColumns;

constexpr std::size_t kInboxesMax = 100'000;

// Decoding so many pages takes longer than the loop may stand still.
constexpr std::size_t kPagesInPlaceMax = 500;

struct Decoded {
  std::vector<MailboxPage> pages;
  std::shared_ptr<const KeywordTable> keywords;
};

// Index numbers of keyword sets stay what they are when a table grows, so pages that are kept stay valid.
Result<Decoded> decode_rows(const Rows& rows, const std::shared_ptr<const KeywordTable>& known) {
  auto table = std::make_shared<KeywordTable>(*known);
  Decoded decoded;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    const auto kind = row.get<std::int32_t>(0);
    if (kind == kKeywordRow) {
      table->learn(static_cast<KeywordTable::Number>(row.get<std::int64_t>(1)),
                   row.get<std::string>(kOctetsColumn));
    } else if (kind == kPageRow) {
      MailboxPage page;
      page.number = static_cast<std::uint32_t>(row.get<std::int64_t>(1));
      TRY(page.states, decode_page(row.get<std::string_view>(kOctetsColumn), *table));
      decoded.pages.push_back(std::move(page));
    }
  }
  std::sort(decoded.pages.begin(), decoded.pages.end(),
            [](const MailboxPage& a, const MailboxPage& b) { return a.number < b.number; });
  const bool grown = table->sets() != known->sets() || table->names() != known->names();
  decoded.keywords = grown ? std::shared_ptr<const KeywordTable>(std::move(table)) : known;
  return decoded;
}

// The rows have no order. There is one of the mailbox if there is any.
Row mailbox_row(const Rows& rows) {
  std::size_t i = 0;
  while (rows[i].get<std::int32_t>(0) != kMailboxRow) ++i;
  return rows[i];
}

bool same_status(const MailboxStatus& a, const MailboxStatus& b) {
  return a.highest_modseq == b.highest_modseq && a.first_recent == b.first_recent &&
         a.uid_validity == b.uid_validity;
}

}  // namespace

SnapshotPtr with_pages(const MailboxSnapshot& base, MailboxStatus status, std::vector<MailboxPage> changed,
                       std::shared_ptr<const KeywordTable> keywords) {
  MailboxSnapshot::Pages pages;
  pages.reserve(base.pages().size() + changed.size());
  auto old = base.pages().begin();
  for (MailboxPage& page : changed) {
    while (old != base.pages().end() && (*old)->number < page.number) pages.push_back(*old++);
    if (old != base.pages().end() && (*old)->number == page.number) ++old;
    if (!page.states.empty()) pages.push_back(std::make_shared<const MailboxPage>(std::move(page)));
  }
  pages.insert(pages.end(), old, base.pages().end());
  return std::make_shared<const MailboxSnapshot>(base.key(), status, std::move(pages), std::move(keywords));
}

Task<Result<SnapshotPtr>> MailboxIndex::current(MailboxKey key) {
  SnapshotPtr base = cache_.find(key);
  for (;;) {
    Params params(key.account, key.mailbox, base ? base->modseq() : ModSeq(0));
    CO_TRY(Rows rows, co_await database_.query(Lane::read, kReadIndex, std::move(params)));
    if (rows.empty()) {
      cache_.forget(key);
      co_return Error(ErrorKind::not_found, "no such mailbox");
    }
    CO_TRY(std::optional<SnapshotPtr> now, co_await advanced(key, std::move(base), std::move(rows)));
    if (now) co_return *std::move(now);
    base = nullptr;
  }
}

Task<Result<SnapshotPtr>> MailboxIndex::inbox(AccountId account) {
  for (;;) {
    const auto guess = inboxes_.find(account);
    const MailboxKey guessed{account, guess != inboxes_.end() ? guess->second : MailboxId(0)};
    SnapshotPtr base = cache_.find(guessed);
    Params params(account, guessed.mailbox, base ? base->modseq() : ModSeq(0));
    CO_TRY(Rows rows, co_await database_.query(Lane::read, kReadInbox, std::move(params)));
    if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
    const MailboxKey key{account, mailbox_row(rows).get<MailboxId>(1)};
    if (key != guessed) {
      base = nullptr;
      if (inboxes_.size() >= kInboxesMax) inboxes_.clear();
      inboxes_.insert_or_assign(account, key.mailbox);
    }
    CO_TRY(std::optional<SnapshotPtr> now, co_await advanced(key, std::move(base), std::move(rows)));
    if (now) co_return *std::move(now);
  }
}

// From what was asked with the modseq of `base`; nullopt: it does not follow on it, so ask without a base.
Task<Result<std::optional<SnapshotPtr>>> MailboxIndex::advanced(MailboxKey key, SnapshotPtr base, Rows rows) {
  const MailboxStatus status = status_from_row(mailbox_row(rows), kStatusColumn);
  if (base &&
      (status.uid_validity != base->status().uid_validity || status.highest_modseq < base->modseq())) {
    // Another life of the mailbox, or a database put back to an earlier time: nothing we know holds.
    cache_.forget(key);
    co_return std::optional<SnapshotPtr>();
  }
  if (base && same_status(status, base->status())) co_return std::optional<SnapshotPtr>(std::move(base));
  if (!base) {
    base = std::make_shared<const MailboxSnapshot>(key, MailboxStatus(), MailboxSnapshot::Pages(),
                                                   std::make_shared<const KeywordTable>());
  }
  CO_TRY(SnapshotPtr now, co_await brought_up_to_date(status, std::move(rows), std::move(base)));
  cache_.put(now);
  co_return std::optional<SnapshotPtr>(std::move(now));
}

Task<Result<SnapshotPtr>> MailboxIndex::reaching(MailboxKey key, ModSeq wanted) {
  SnapshotPtr known = cache_.find(key);
  if (known && known->modseq() >= wanted) co_return known;
  co_return co_await current(key);
}

Task<Result<SnapshotPtr>> MailboxIndex::brought_up_to_date(MailboxStatus status, Rows rows,
                                                           SnapshotPtr base) {
  auto decode = [&rows, &base] { return decode_rows(rows, base->shared_keywords()); };
  if (rows.size() <= kPagesInPlaceMax) {
    CO_TRY(Decoded decoded, decode());
    co_return with_pages(*base, status, std::move(decoded.pages), std::move(decoded.keywords));
  }
  CO_TRY(Decoded decoded, co_await in_worker(database_.loop(), decode));
  co_return with_pages(*base, status, std::move(decoded.pages), std::move(decoded.keywords));
}

}  // namespace postern::postgres
