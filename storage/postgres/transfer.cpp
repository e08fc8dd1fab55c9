#include "storage/postgres/transfer.h"

#include <algorithm>

#include "storage/postgres/mailbox_row.h"
#include "storage/postgres/page_codec.h"

namespace postern::postgres {

namespace {

constexpr Statement kLockUsageLeft{"lock_usage_left", R"sql(
  SELECT CASE WHEN pool_full THEN 0 ELSE coalesce(octets_max, 9223372036854775807) - octets END,
         CASE WHEN pool_full THEN 0 ELSE coalesce(messages_max, 9223372036854775807) - messages END
    FROM account_usage
   WHERE account_id = $1::bigint
     FOR UPDATE)sql"};

constexpr Statement kLockMailboxStatus{"lock_mailbox_status", R"sql(
  SELECT uid_next, )sql" POSTERN_STATUS_COLUMNS R"sql(
    FROM mailboxes
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL
     FOR UPDATE)sql"};

// Octets for another account: each blob once, however many of the messages share it.
constexpr Statement kCopyBlobs{"copy_blobs", R"sql(
  WITH wanted AS MATERIALIZED (
    SELECT asked.position, source.blob_id
      FROM unnest($4::bigint[]) WITH ORDINALITY AS asked(uid, position)
      JOIN messages source ON source.account_id = $1::bigint AND source.mailbox_id = $2::bigint
                          AND source.uid = asked.uid),
  fresh AS MATERIALIZED (
    SELECT blob_id AS source_id, nextval('blob_ids') AS blob_id
      FROM (SELECT DISTINCT blob_id FROM wanted) AS once),
  copied AS (
    INSERT INTO blobs (account_id, blob_id, hash, size, structure, encoding, chunk)
    SELECT $3::bigint, fresh.blob_id, source.hash, source.size, source.structure, source.encoding, source.chunk
      FROM fresh JOIN blobs source ON source.account_id = $1::bigint AND source.blob_id = fresh.source_id),
  chunks AS (
    INSERT INTO blob_chunks (account_id, blob_id, number, encoding, data)
    SELECT $3::bigint, fresh.blob_id, source.number, source.encoding, source.data
      FROM fresh JOIN blob_chunks source ON source.account_id = $1::bigint AND source.blob_id = fresh.source_id)
  SELECT fresh.blob_id FROM wanted JOIN fresh ON fresh.source_id = wanted.blob_id ORDER BY wanted.position)sql"};

// $7 names the blobs for another account; shorter than $5, it leaves them as they are.
constexpr Statement kCopyMessages{"copy_messages", R"sql(
  WITH placed AS (
    INSERT INTO messages (account_id, mailbox_id, uid, blob_id, size, internal_date, internal_zone, save_date,
                          pop3_uidl)
    SELECT $3::bigint, $4::bigint, $6::bigint + pair.position - 1, coalesce(pair.blob_id, source.blob_id),
           source.size, source.internal_date, source.internal_zone, $8::timestamptz,
           CASE WHEN $9::boolean THEN source.pop3_uidl END
      FROM unnest($5::bigint[], $7::bigint[]) WITH ORDINALITY AS pair(uid, blob_id, position)
      JOIN messages source ON source.account_id = $1::bigint AND source.mailbox_id = $2::bigint
                          AND source.uid = pair.uid
    RETURNING size)
  SELECT count(*), coalesce(sum(size), 0)::bigint FROM placed)sql"};

constexpr Statement kAddUsage{"add_usage", R"sql(
  UPDATE account_usage SET octets = octets + $2::bigint, messages = messages + $3::bigint
   WHERE account_id = $1::bigint)sql"};

// Both mailboxes' counters; $3 is how many UIDs are taken.
constexpr Statement kAddToMailbox{"add_to_mailbox", R"sql(
  UPDATE mailboxes
     SET highest_modseq = highest_modseq + 1, uid_next = uid_next + $3::bigint, messages = messages + $4::bigint,
         octets = octets + $5::bigint, unseen = unseen + $6::bigint, deleted = deleted + $7::bigint
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
  RETURNING )sql" POSTERN_STATUS_COLUMNS};

constexpr Statement kReplacePages{"replace_pages", R"sql(
  UPDATE message_pages
     SET max_modseq = $3::bigint, data = image.data
    FROM unnest($4::bigint[], $5::bytea[]) AS image(page, data)
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND message_pages.page = image.page)sql"};

constexpr Statement kAppendToPages{"append_to_pages", R"sql(
  INSERT INTO message_pages (account_id, mailbox_id, page, max_modseq, data)
  SELECT $1::bigint, $2::bigint, tail.page, $3::bigint, tail.data
    FROM unnest($4::bigint[], $5::bytea[]) AS tail(page, data)
  ON CONFLICT (account_id, mailbox_id, page)
  DO UPDATE SET max_modseq = excluded.max_modseq, data = message_pages.data || excluded.data)sql"};

constexpr Statement kLogMoved{"log_moved", R"sql(
  INSERT INTO expunged (account_id, mailbox_id, modseq, uids, door, moved)
  VALUES ($1::bigint, $2::bigint, $3::bigint, $4::text, $5::smallint, true))sql"};

constexpr Statement kRecordWrite{"record_write", R"sql(
  INSERT INTO write_keys (account_id, write_key, mailbox_id, first_uid, uid_count, modseq)
  VALUES ($1::bigint, $2::bytea, $3::bigint, $4::bigint, $5::integer, $6::bigint))sql"};

}  // namespace

std::optional<std::vector<KeywordTable::Number>> TransferPlan::numbers_in_target(
    const std::vector<KeywordTable::Number>& in_source) const {
  std::vector<KeywordTable::Number> numbers;
  for (const auto number : in_source) {
    if (number >= keywords.size() || !keywords[number]) return std::nullopt;
    numbers.push_back(*keywords[number]);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Task<Result<Copied>> Transfer::run() {
  CO_TRY(Transaction transaction, co_await database_.begin());
  CO_TRY_VOID(co_await lock(transaction));
  // Read on another connection: what is committed is what we hold the locks of.
  CO_TRY(SnapshotPtr source, co_await index_.current(plan_.from));
  CO_TRY(Mail mail, choose(*source));
  if (mail.uids.empty()) co_return outcome_;
  CO_TRY_VOID(co_await place(transaction, mail));

  std::vector<Query> queries;
  StateChange change(source);
  if (plan_.move) add_source_writes(queries, mail, change);
  add_target_writes(queries, mail, *source);
  CO_TRY(std::vector<Rows> rows, co_await transaction.batch(std::move(queries)));
  CO_TRY_VOID(co_await transaction.commit());
  if (plan_.move && plan_.from != plan_.to) {
    const MailboxStatus status = status_from_row(rows[0][0], 0);
    source_after_ = with_pages(*source, status, std::move(change.pages), std::move(change.keywords));
  }
  co_return outcome_;
}

// Accounts first, then mailboxes, each by number (law 13).
Task<Result<void>> Transfer::lock(Transaction& transaction) {
  std::vector<AccountId> accounts(1, plan_.to.account);
  std::vector<MailboxKey> mailboxes(1, plan_.to);
  if (plan_.move && plan_.from.account != plan_.to.account) accounts.push_back(plan_.from.account);
  if (plan_.move && plan_.from != plan_.to) mailboxes.push_back(plan_.from);
  std::sort(accounts.begin(), accounts.end());
  std::sort(mailboxes.begin(), mailboxes.end());
  std::vector<Query> queries;
  for (const AccountId account : accounts) queries.emplace_back(kLockUsageLeft, Params(account));
  for (const MailboxKey& key : mailboxes)
    queries.emplace_back(kLockMailboxStatus, Params(key.account, key.mailbox));
  CO_TRY(std::vector<Rows> rows, co_await transaction.batch(std::move(queries)));
  if (std::any_of(rows.begin(), rows.end(), [](const Rows& found) { return found.empty(); })) {
    co_return Error(ErrorKind::not_found, "a mailbox is gone");
  }
  const auto account_at = std::find(accounts.begin(), accounts.end(), plan_.to.account) - accounts.begin();
  const auto mailbox_at = std::find(mailboxes.begin(), mailboxes.end(), plan_.to) - mailboxes.begin();
  const Row usage = rows[static_cast<std::size_t>(account_at)][0];
  const Row target = rows[accounts.size() + static_cast<std::size_t>(mailbox_at)][0];
  octets_left_ = usage.get<std::int64_t>(0);
  messages_left_ = usage.get<std::int64_t>(1);
  target_uid_next_ = target.get<std::int64_t>(0);
  const MailboxStatus status = status_from_row(target, 1);
  outcome_ = Copied();
  outcome_.uid_validity = status.uid_validity;
  // A MOVE inside one mailbox takes two: the messages vanish, then they come.
  const unsigned steps = plan_.move && plan_.from == plan_.to ? 2 : 1;
  outcome_.target_modseq = ModSeq(raw(status.highest_modseq) + steps);
  co_return Result<void>();
}

Result<Transfer::Mail> Transfer::choose(const MailboxSnapshot& source) {
  Mail mail;
  bool keywords_known = true;
  source.each(plan_.uids, [&](std::size_t, const MessageState& state) {
    mail.uids.push_back(raw(state.uid));
    if (!state.has(SystemFlag::seen)) ++mail.unseen;
    if (state.has(SystemFlag::deleted)) ++mail.deleted;
    const auto numbers = plan_.numbers_in_target(source.keywords().set(state.keyword_set()));
    keywords_known = keywords_known && numbers;
    outcome_.from.push_back(state.uid);
    outcome_.to.push_back(Uid(static_cast<std::uint32_t>(target_uid_next_) + outcome_.to.size()));
  });
  if (!keywords_known) return Error(ErrorKind::stale, "the source has new keywords");
  const auto count = static_cast<std::int64_t>(mail.uids.size());
  if (target_uid_next_ + count - 1 > raw(kUidMax))
    return Error(ErrorKind::too_large, "the target has no UIDs left");
  if (plan_.move) outcome_.source_modseq = ModSeq(raw(source.modseq()) + 1);
  return mail;
}

Task<Result<void>> Transfer::place(Transaction& transaction, Mail& mail) {
  const bool same_account = plan_.from.account == plan_.to.account;
  std::vector<std::int64_t> blobs;
  if (!same_account) {
    Params params(plan_.from.account, plan_.from.mailbox, plan_.to.account, mail.uids);
    CO_TRY(Rows rows, co_await transaction.query(kCopyBlobs, std::move(params)));
    for (std::size_t i = 0; i < rows.size(); ++i) blobs.push_back(rows[i].get<std::int64_t>(0));
    if (blobs.size() != mail.uids.size()) co_return Error(ErrorKind::stale, "messages were purged meanwhile");
  }
  Params params(plan_.from.account, plan_.from.mailbox, plan_.to.account, plan_.to.mailbox, mail.uids,
                target_uid_next_, blobs, plan_.save_date, plan_.move);
  CO_TRY(Rows rows, co_await transaction.query(kCopyMessages, std::move(params)));
  const auto count = rows[0].get<std::int64_t>(0);
  if (static_cast<std::size_t>(count) != mail.uids.size()) {
    co_return Error(ErrorKind::stale, "messages were purged meanwhile");
  }
  mail.octets = rows[0].get<std::uint64_t>(1);
  const bool adds_to_account = !plan_.move || !same_account;
  if (adds_to_account && (static_cast<std::int64_t>(mail.octets) > octets_left_ || count > messages_left_)) {
    co_return Error(ErrorKind::over_quota, "the account has no room");
  }
  co_return Result<void>();
}

void Transfer::add_source_writes(std::vector<Query>& queries, const Mail& mail, StateChange& change) {
  vanish(change, plan_.uids);
  const auto count = static_cast<std::int64_t>(mail.uids.size());
  const auto octets = static_cast<std::int64_t>(mail.octets);
  const auto [account, mailbox] = plan_.from;
  queries.emplace_back(kAddToMailbox, Params(account, mailbox, std::int64_t{0}, -count, -octets,
                                             change.unseen, change.deleted));
  source_images_ = PageImages(change.pages, *change.keywords);
  queries.emplace_back(kReplacePages, Params(account, mailbox, outcome_.source_modseq, source_images_.numbers,
                                             source_images_.data));
  queries.emplace_back(kLogMoved, Params(account, mailbox, outcome_.source_modseq, change.vanished.to_text(),
                                         static_cast<std::int16_t>(Door::imap)));
  if (plan_.from.account != plan_.to.account)
    queries.emplace_back(kAddUsage, Params(account, -octets, -count));
}

void Transfer::add_target_writes(std::vector<Query>& queries, const Mail& mail,
                                 const MailboxSnapshot& source) {
  KeywordTable sets;  // numbers of the target; names do not matter to a page
  std::vector<MailboxPage> pages;
  for (std::size_t i = 0; i < outcome_.to.size(); ++i) {
    const MessageState& state = *source.find(outcome_.from[i]);
    auto numbers = plan_.numbers_in_target(source.keywords().set(state.keyword_set()));
    const std::uint32_t page = raw(outcome_.to[i]) >> kPageBits;
    if (pages.empty() || pages.back().number != page) pages.emplace_back().number = page;
    const std::uint32_t flags = state.system() | sets.intern(*std::move(numbers)) << 8;
    pages.back().states.push_back(MessageState{outcome_.target_modseq, outcome_.to[i], flags});
  }
  target_images_ = PageImages(pages, sets);
  const auto count = static_cast<std::int64_t>(mail.uids.size());
  const auto [account, mailbox] = plan_.to;
  if (!plan_.move || plan_.from.account != account)
    queries.emplace_back(kAddUsage, Params(account, mail.octets, count));
  queries.emplace_back(kAddToMailbox,
                       Params(account, mailbox, count, count, mail.octets, mail.unseen, mail.deleted));
  queries.emplace_back(kAppendToPages, Params(account, mailbox, outcome_.target_modseq,
                                              target_images_.numbers, target_images_.data));
  queries.emplace_back(kRecordWrite, Params(account, Bytes{plan_.key}, mailbox, outcome_.to.front(),
                                            static_cast<std::int32_t>(count), outcome_.target_modseq));
}

}  // namespace postern::postgres
