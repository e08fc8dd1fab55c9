// Looking for removed messages: removals by time, latest first; of each its UIDs, highest first; of those
// what their structure says. A cursor names the last message that was looked at, so pages neither overlap nor
// leave anything out, whatever is removed, restored or purged meanwhile.
#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/address.h"
#include "storage/mime/decode.h"
#include "storage/mime/fold.h"
#include "storage/postgres/page_codec.h"
#include "storage/postgres/recovery.h"
#include "storage/postgres/recovery_rows.h"
#include "storage/postgres/uid_ranges.h"

namespace postern::postgres {

namespace {

constexpr std::int64_t kRemovalsMax = 100;     // read at a time
constexpr std::size_t kStructuresMax = 256;    // read at a time
constexpr std::size_t kShownOctetsMax = 1000;  // of a sender or subject

// Removals from the cursor ($7 … $9) on, which may be in the midst of one.
constexpr Statement kRemovals{"recovery_removals", POSTERN_WITH_KEPT R"sql(
  SELECT removal.mailbox_id, removal.modseq, removal.removed_at, removal.door, removal.remover, removal.uids,
         removal.name, removal.gone, removal.removed_at + removal.span
    FROM (SELECT expunged.mailbox_id, expunged.modseq, expunged.expunged_at AS removed_at, expunged.door,
                 coalesce(expunged.remover, '') AS remover, expunged.uids, mailbox.name,
                 mailbox.removed_at IS NOT NULL AS gone, kept.span
            FROM kept CROSS JOIN expunged JOIN mailboxes mailbox USING (account_id, mailbox_id)
           WHERE expunged.account_id = $1::bigint AND )sql" POSTERN_EXPUNGED_IS_KEPT R"sql(
          UNION ALL
          SELECT mailbox.mailbox_id, 0, mailbox.removed_at, mailbox.removed_by, coalesce(mailbox.remover, ''), '',
                 mailbox.name, true, kept.span
            FROM kept CROSS JOIN mailboxes mailbox
           WHERE mailbox.account_id = $1::bigint AND mailbox.removed_at > kept.since) removal
   WHERE ($2::text = '' OR removal.name = $2::text)
     AND ($3::timestamptz IS NULL OR removal.removed_at >= $3::timestamptz)
     AND ($4::timestamptz IS NULL OR removal.removed_at < $4::timestamptz)
     AND ($5::smallint IS NULL OR removal.door = $5::smallint)
     AND ($6::text = '' OR removal.remover = $6::text)
     AND ($7::timestamptz IS NULL
          OR (removal.removed_at, removal.mailbox_id, removal.modseq)
             <= ($7::timestamptz, $8::bigint, $9::bigint))
   ORDER BY removal.removed_at DESC, removal.mailbox_id DESC, removal.modseq DESC
   LIMIT $10::bigint)sql"};

constexpr Statement kRemovedPages{"recovery_removed_pages", R"sql(
  SELECT data FROM message_pages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
   ORDER BY page)sql"};

constexpr Statement kStructures{"recovery_structures", R"sql(
  SELECT asked.n, message.size, message.internal_date, blob.structure
    FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS asked(mailbox_id, uid, n)
    JOIN messages message ON message.account_id = $1::bigint AND message.mailbox_id = asked.mailbox_id
                         AND message.uid = asked.uid
    JOIN blobs blob ON blob.account_id = $1::bigint AND blob.blob_id = message.blob_id
   WHERE NOT EXISTS (SELECT FROM recovered
                      WHERE recovered.account_id = $1::bigint AND recovered.mailbox_id = asked.mailbox_id
                        AND recovered.uid = asked.uid)
   ORDER BY asked.n)sql"};

constexpr Statement kHeader{"recovery_header", POSTERN_WITH_KEPT R"sql(
  SELECT message.blob_id, message.size, blob.structure, coalesce(expunged.uids, '')
    FROM kept CROSS JOIN mailboxes mailbox
    JOIN messages message ON message.account_id = $1::bigint AND message.mailbox_id = mailbox.mailbox_id
                         AND message.uid = $4::bigint
    JOIN blobs blob ON blob.account_id = $1::bigint AND blob.blob_id = message.blob_id
    LEFT JOIN expunged ON expunged.account_id = $1::bigint AND expunged.mailbox_id = mailbox.mailbox_id
                      AND expunged.modseq = $3::bigint AND )sql" POSTERN_EXPUNGED_IS_KEPT R"sql(
   WHERE mailbox.account_id = $1::bigint AND mailbox.mailbox_id = $2::bigint
     AND (expunged.modseq IS NOT NULL OR ($3::bigint = 0 AND mailbox.removed_at > kept.since)))sql"};

// "microseconds.mailbox.modseq.uid"
struct Cursor {
  WallTime removed_at{};
  RecoverableKey last;
};

std::string text_of(const Cursor& cursor) {
  return std::to_string(cursor.removed_at.time_since_epoch().count()) + '.' + to_text(cursor.last);
}

Result<Cursor> cursor_from(std::string_view text) {
  const auto dot = text.find('.');
  const auto time = text::number(text.substr(0, std::min(dot, text.size())), INT64_MAX);
  if (dot == std::string_view::npos || !time) return Error(ErrorKind::invalid, "not a cursor");
  Cursor cursor;
  cursor.removed_at = WallTime(std::chrono::microseconds(static_cast<std::int64_t>(*time)));
  TRY(cursor.last, recoverable_key_from(text.substr(dot + 1)));
  return cursor;
}

// What a query asks of the message itself.
class Filter {
 public:
  explicit Filter(const RecoveryQuery& query)
      : sender_(mime::fold(query.sender)), subject_(mime::fold(query.subject)) {}
  bool fits(const Recoverable& one) const { return has(one.sender, sender_) && has(one.subject, subject_); }

 private:
  static bool has(const std::string& text, const std::string& folded) {
    return folded.empty() || mime::fold(text).find(folded) != std::string::npos;
  }
  const std::string sender_;
  const std::string subject_;
};

Recoverable removal_from_row(const Row& row) {
  Recoverable one;
  one.key.mailbox = row.get<MailboxId>(0);
  one.key.removal = row.get<ModSeq>(1);
  one.removed_at = row.get<WallTime>(2);
  one.removal = Removal(static_cast<Door>(row.get<std::int16_t>(3)), row.get<std::string>(4));
  one.mailbox = row.get<std::string>(6);
  one.mailbox_removed = row.get<bool>(7);
  one.kept_until = row.get<WallTime>(8);
  return one;
}

// One call of find().
class Search {
 public:
  Search(Database& database, AccountId account, RecoveryQuery query)
      : database_(database), account_(account), query_(std::move(query)), filter_(query_) {}

  Task<Result<RecoveryPage>> run() {
    if (!query_.after.empty()) {
      CO_TRY(cursor_, cursor_from(query_.after));
    }
    while (!full() && !at_end_) CO_TRY_VOID(co_await look_at_removals());
    if (full() && cursor_) page_.next = text_of(*cursor_);
    co_return std::move(page_);
  }

 private:
  bool full() const { return page_.found.size() >= query_.count_max || examined_ >= Recovery::kExaminedMax; }

  Task<Result<void>> look_at_removals() {
    const std::string name = query_.mailbox ? query_.mailbox->text() : std::string();
    std::optional<std::int16_t> door;
    if (query_.door) door = static_cast<std::int16_t>(*query_.door);
    Params params(account_, name, query_.removed_since, query_.removed_before, door, query_.by);
    if (cursor_) {
      params.add(cursor_->removed_at).add(cursor_->last.mailbox).add(cursor_->last.removal);
    } else {
      params.add_null().add_null().add_null();
    }
    params.add(kRemovalsMax);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kRemovals, std::move(params)));
    at_end_ = static_cast<std::int64_t>(rows.size()) < kRemovalsMax;
    for (std::size_t i = 0; i < rows.size() && !full(); ++i) {
      const Recoverable removal = removal_from_row(rows[i]);
      const auto logged = rows[i].get<std::string_view>(5);
      CO_TRY(std::vector<std::int64_t> uids, co_await uids_of(removal, logged));
      CO_TRY_VOID(co_await look_at(removal, std::move(uids)));
    }
    CO_TRY_VOID(co_await look_at_waiting());
    // Behind all of the last removal, even if it had nothing to look at.
    if (!full() && !rows.empty()) {
      const Recoverable last = removal_from_row(rows[rows.size() - 1]);
      cursor_ = Cursor{last.removed_at, last.key};
    }
    co_return Result<void>();
  }

  // Highest first; without those that the cursor says have been seen.
  Task<Result<std::vector<std::int64_t>>> uids_of(const Recoverable& removal, std::string_view logged) {
    std::vector<std::int64_t> uids;
    if (raw(removal.key.removal) == 0) {
      const MailboxKey mailbox{account_, removal.key.mailbox};
      CO_TRY(uids, co_await removed_uids(database_, mailbox));
    } else {
      std::vector<UidRange> ranges;
      CO_TRY_VOID(read_uid_ranges(logged, ranges));
      for (const UidRange& range : ranges) {
        for (std::int64_t uid = raw(range.first); uid <= raw(range.last); ++uid) uids.push_back(uid);
      }
    }
    const bool begun = cursor_ && cursor_->removed_at == removal.removed_at &&
                       cursor_->last.mailbox == removal.key.mailbox &&
                       cursor_->last.removal == removal.key.removal;
    if (begun) {
      const auto seen = static_cast<std::int64_t>(raw(cursor_->last.uid));
      std::erase_if(uids, [seen](std::int64_t uid) { return uid >= seen; });
    }
    std::sort(uids.begin(), uids.end(), std::greater<>());
    co_return uids;
  }

  Task<Result<void>> look_at(const Recoverable& removal, std::vector<std::int64_t> uids) {
    for (const std::int64_t uid : uids) {
      waiting_.push_back(removal);
      waiting_.back().key.uid = Uid(static_cast<std::uint32_t>(uid));
      if (waiting_.size() < kStructuresMax) continue;
      CO_TRY_VOID(co_await look_at_waiting());
      if (full()) break;
    }
    co_return Result<void>();
  }

  Task<Result<void>> look_at_waiting() {
    if (waiting_.empty() || full()) co_return Result<void>();
    std::vector<std::int64_t> mailboxes, uids;
    for (const Recoverable& one : waiting_) {
      mailboxes.push_back(raw(one.key.mailbox));
      uids.push_back(raw(one.key.uid));
    }
    Params params(account_, mailboxes, uids);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kStructures, std::move(params)));
    std::size_t at = 0;
    for (std::size_t i = 0; i < waiting_.size() && !full(); ++i) {
      Recoverable& one = waiting_[i];
      cursor_ = Cursor{one.removed_at, one.key};
      ++examined_;
      if (at == rows.size() || rows[at].get<std::int64_t>(0) != static_cast<std::int64_t>(i) + 1) continue;
      CO_TRY_VOID(add(one, rows[at++]));
    }
    waiting_.clear();
    co_return Result<void>();
  }

  Result<void> add(Recoverable& one, const Row& row) {
    TRY(const mime::Envelope envelope, mime::decode_envelope(row.get<std::string_view>(3)));
    one.sender = mime::display(envelope.from, kShownOctetsMax);
    one.subject = mime::decode_text(envelope.subject.value_or(""), kShownOctetsMax);
    one.size = row.get<std::uint64_t>(1);
    one.internal_date = row.get<WallTime>(2);
    if (filter_.fits(one)) page_.found.push_back(std::move(one));
    return {};
  }

  Database& database_;
  const AccountId account_;
  const RecoveryQuery query_;
  const Filter filter_;
  std::optional<Cursor> cursor_;
  std::vector<Recoverable> waiting_;  // for their structures
  RecoveryPage page_;
  std::uint32_t examined_ = 0;
  bool at_end_ = false;
};

}  // namespace

Task<Result<std::vector<std::int64_t>>> removed_uids(Database& database, MailboxKey mailbox) {
  Params params(mailbox.account, mailbox.mailbox);
  CO_TRY(const Rows rows, co_await database.query(Lane::read, kRemovedPages, std::move(params)));
  KeywordTable keywords;
  std::vector<std::int64_t> uids;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CO_TRY(const auto states, decode_page(rows[i].get<std::string_view>(0), keywords));
    for (const MessageState& state : states) uids.push_back(raw(state.uid));
  }
  co_return uids;
}

Task<Result<RecoveryPage>> PostgresRecovery::find(AccountId account, RecoveryQuery query) {
  query.count_max = std::max(query.count_max, 1u);
  Search search(database_, account, std::move(query));
  co_return co_await search.run();
}

Task<Result<std::string>> PostgresRecovery::header(AccountId account, RecoverableKey key) {
  Params params(account, key.mailbox, key.removal, key.uid);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kHeader, std::move(params)));
  const Error gone(ErrorKind::not_found, "no such removed message");
  if (rows.empty()) co_return gone;
  const MailboxKey mailbox{account, key.mailbox};
  std::vector<std::int64_t> uids;
  if (raw(key.removal) == 0) {
    CO_TRY(uids, co_await removed_uids(database_, mailbox));
    if (std::find(uids.begin(), uids.end(), raw(key.uid)) == uids.end()) co_return gone;
  } else {
    std::vector<UidRange> ranges;
    CO_TRY_VOID(read_uid_ranges(rows[0].get<std::string_view>(3), ranges));
    const auto holds = [&key](const UidRange& range) {
      return range.first <= key.uid && key.uid <= range.last;
    };
    if (std::none_of(ranges.begin(), ranges.end(), holds)) co_return gone;
  }
  CO_TRY(const mime::Part root, mime::decode_root(rows[0].get<std::string_view>(2)));
  const auto reader =
      messages_.blobs().reader(account, rows[0].get<BlobId>(0), rows[0].get<std::uint64_t>(1));
  const std::size_t wanted = std::min<std::uint64_t>(root.header.end, kHeaderOctetsMax);
  std::string header;
  while (header.size() < wanted) {
    CO_TRY(const std::string_view piece, co_await reader->read(header.size(), wanted - header.size()));
    if (piece.empty()) break;
    header += piece;
  }
  co_return header;
}

}  // namespace postern::postgres
