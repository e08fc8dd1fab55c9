#include "storage/postgres/messages_index.h"

#include <algorithm>

#include "gateway/async/worker.h"
#include "storage/postgres/mailbox_row.h"
#include "storage/postgres/page_codec.h"

namespace postern::postgres {

namespace {

// One statement sees one instant even in READ COMMITTED. The comparison with the row's modseq depends on no
// row, so the planner asks it once, before it touches a page.
constexpr Statement kReadIndex{"read_index", R"sql(
  WITH mailbox AS MATERIALIZED (
    SELECT )sql" POSTERN_STATUS_COLUMNS R"sql(
      FROM mailboxes
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL)
  SELECT 0::integer, )sql" POSTERN_STATUS_COLUMNS R"sql(, NULL::bytea
    FROM mailbox
  UNION ALL
  SELECT 1, page, 0, 0, 0, 0, 0, 0, 0, data
    FROM message_pages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND max_modseq > $3::bigint
     AND (SELECT highest_modseq FROM mailbox) > $3::bigint
  UNION ALL
  SELECT 2, number, 0, 0, 0, 0, 0, 0, 0, convert_to(name, 'UTF8')
    FROM mailbox_keywords
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
     AND (SELECT highest_modseq FROM mailbox) > $3::bigint)sql"};

enum RowKind : std::int32_t { kMailboxRow, kPageRow, kKeywordRow };
constexpr int kOctetsColumn = 1 + kStatusColumns;

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
    const ModSeq known = base ? base->modseq() : ModSeq(0);
    Params params(key.account, key.mailbox, known);
    CO_TRY(Rows rows, co_await database_.query(Lane::read, kReadIndex, std::move(params)));
    std::optional<MailboxStatus> status;
    for (std::size_t i = 0; i < rows.size() && !status; ++i) {
      if (rows[i].get<std::int32_t>(0) == kMailboxRow) status = status_from_row(rows[i], 1);
    }
    if (!status) {
      cache_.forget(key);
      co_return Error(ErrorKind::not_found, "no such mailbox");
    }
    if (base &&
        (status->uid_validity != base->status().uid_validity || status->highest_modseq < base->modseq())) {
      // Another life of the mailbox, or a database put back to an earlier time: nothing we know holds.
      cache_.forget(key);
      base = nullptr;
      continue;
    }
    if (base && same_status(*status, base->status())) co_return base;
    if (!base) {
      base = std::make_shared<const MailboxSnapshot>(key, MailboxStatus(), MailboxSnapshot::Pages(),
                                                     std::make_shared<const KeywordTable>());
    }
    CO_TRY(SnapshotPtr now, co_await brought_up_to_date(*status, std::move(rows), std::move(base)));
    cache_.put(now);
    co_return now;
  }
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
