#include "storage/postgres/intake.h"

#include <algorithm>

#include "storage/postgres/messages_keywords.h"
#include "storage/postgres/page_codec.h"
#include "storage/postgres/repeatable.h"
#include "storage/postgres/sha256.h"

namespace postern::postgres {

namespace {

constexpr Statement kLockAccount{"intake_lock_account", R"sql(
  SELECT FROM account_usage WHERE account_id = $1::bigint FOR UPDATE)sql"};

constexpr Statement kLockMailbox{"intake_lock_mailbox", R"sql(
  SELECT FROM mailboxes
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL
     FOR UPDATE)sql"};

// Only of a mailbox that no client has seen a UID of. The account's later mailboxes stay beyond it.
constexpr Statement kSetValidity{"intake_set_validity", R"sql(
  WITH changed AS (
    UPDATE mailboxes SET uid_validity = $3::bigint, highest_modseq = highest_modseq + 1
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL
       AND (uid_validity = $3::bigint OR uid_next = 1)
    RETURNING highest_modseq),
  beyond AS (
    UPDATE account_usage SET next_uid_validity = greatest(next_uid_validity, $3::bigint + 1)
     WHERE account_id = $1::bigint AND EXISTS (SELECT FROM changed))
  SELECT highest_modseq FROM changed)sql"};

constexpr Statement kKnown{"intake_known", R"sql(
  SELECT written.write_key IS NOT NULL
    FROM unnest($2::bytea[]) WITH ORDINALITY AS asked(write_key, n)
    LEFT JOIN write_keys written ON written.account_id = $1::bigint AND written.write_key = asked.write_key
   ORDER BY asked.n)sql"};

// The account's and the mailbox's rows are locked before. One row in any case: how many are new, whether
// there is room and the UIDs are free, and the modseq. Every write stands on `target`. UID 0: the mailbox's
// next.
constexpr Statement kTakeIn{"intake_take", R"sql(
  WITH incoming AS MATERIALIZED (
    SELECT row.*, ($10::bytea[])[row.n] AS write_key, row_number() OVER (ORDER BY row.n) AS nth
      FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
             WITH ORDINALITY AS row(uid, size, unseen, deleted, staged, internal_date, internal_zone, n)
     WHERE NOT EXISTS (SELECT FROM write_keys
                        WHERE write_keys.account_id = $1::bigint AND write_keys.write_key = ($10::bytea[])[row.n])),
  total AS MATERIALIZED (
    SELECT count(*) AS messages, coalesce(sum(size), 0)::bigint AS octets, coalesce(sum(unseen), 0)::bigint AS unseen,
           coalesce(sum(deleted), 0)::bigint AS deleted, coalesce(min(uid), 0) AS first_uid,
           coalesce(max(uid), 0) AS last_uid
      FROM incoming),
  fits AS MATERIALIZED (
    SELECT total.*
      FROM total CROSS JOIN account_usage usage
     WHERE usage.account_id = $1::bigint AND NOT usage.pool_full
       AND usage.octets + total.octets <= coalesce(usage.octets_max, 9223372036854775807)
       AND usage.messages + total.messages <= coalesce(usage.messages_max, 9223372036854775807)
       AND EXISTS (SELECT FROM accounts WHERE account_id = $1::bigint AND deleted_at IS NULL)),
  target AS (
    UPDATE mailboxes
       SET uid_next = CASE WHEN fits.last_uid > 0 THEN fits.last_uid + 1 ELSE uid_next + fits.messages END,
           highest_modseq = highest_modseq + 1, messages = mailboxes.messages + fits.messages,
           unseen = mailboxes.unseen + fits.unseen, deleted = mailboxes.deleted + fits.deleted,
           octets = mailboxes.octets + fits.octets
      FROM fits
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL AND fits.messages > 0
       AND (fits.last_uid = 0 OR fits.first_uid >= uid_next) AND uid_next + fits.messages <= 4294967296
    RETURNING uid_next - fits.messages AS first_uid, highest_modseq AS modseq, fits.messages, fits.octets),
  usage AS (
    UPDATE account_usage
       SET messages = account_usage.messages + target.messages, octets = account_usage.octets + target.octets
      FROM target
     WHERE account_id = $1::bigint),
  placed AS MATERIALIZED (
    SELECT incoming.*, coalesce(nullif(incoming.staged, 0), nextval('blob_ids')) AS blob_id,
           CASE WHEN incoming.uid > 0 THEN incoming.uid ELSE target.first_uid + incoming.nth - 1 END AS placed_uid,
           target.modseq
      FROM incoming CROSS JOIN target),
  blob AS (
    INSERT INTO blobs (account_id, blob_id, hash, size, structure, encoding, chunk)
    SELECT $1::bigint, blob_id, ($11::bytea[])[n], size, ($12::bytea[])[n], ($13::bigint[])[n], ($14::bytea[])[n]
      FROM placed),
  taken AS (
    DELETE FROM staged_blobs USING placed
     WHERE staged_blobs.account_id = $1::bigint AND staged_blobs.blob_id = placed.staged AND placed.staged <> 0),
  message AS (
    INSERT INTO messages (account_id, mailbox_id, uid, blob_id, size, internal_date, internal_zone, save_date,
                          pop3_uidl)
    SELECT $1::bigint, $2::bigint, placed_uid, blob_id, size,
           'epoch'::timestamptz + internal_date * interval '1 microsecond', internal_zone, $17::timestamptz,
           nullif(($15::text[])[n], '')
      FROM placed),
  page AS (
    INSERT INTO message_pages (account_id, mailbox_id, page, max_modseq, data)
    SELECT $1::bigint, $2::bigint, placed_uid >> 7, modseq,
           string_agg(substr(int8send(placed_uid), 5) || int8send(modseq) || ($16::bytea[])[n], ''::bytea
                      ORDER BY placed_uid)
      FROM placed
     GROUP BY placed_uid >> 7, modseq
    ON CONFLICT (account_id, mailbox_id, page)
    DO UPDATE SET max_modseq = excluded.max_modseq, data = message_pages.data || excluded.data),
  written AS (
    INSERT INTO write_keys (account_id, write_key, mailbox_id, first_uid, modseq)
    SELECT $1::bigint, write_key, $2::bigint, placed_uid, modseq FROM placed)
  SELECT (SELECT messages FROM total), EXISTS (SELECT FROM fits), (SELECT modseq FROM target))sql"};

constexpr Statement kReserve{"intake_reserve", R"sql(
  UPDATE mailboxes SET uid_next = greatest(uid_next, $3::bigint), highest_modseq = greatest(highest_modseq + 1, $4::bigint)
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL
  RETURNING highest_modseq)sql"};

std::int64_t microseconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

const Error kNoMailbox(ErrorKind::not_found, "no such mailbox");

}  // namespace

Task<Result<MailboxKey>> PostgresIntake::open(AccountId account, MailboxName name,
                                              std::optional<UidValidity> uid_validity) {
  auto found = co_await mailboxes_.find(account, name);
  if (!found && found.error().kind == ErrorKind::not_found)
    found = co_await mailboxes_.create(account, name, SpecialUse::none);
  if (!found) co_return found.error();
  const MailboxKey key = found->key;
  if (!uid_validity || found->status.uid_validity == *uid_validity) co_return key;
  std::vector<Query> queries;
  queries.emplace_back(kLockAccount, Params(account));
  queries.emplace_back(kSetValidity, Params(account, key.mailbox, *uid_validity));
  CO_TRY(const std::vector<Rows> rows, co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  if (rows[1].empty()) co_return Error(ErrorKind::stale, "the mailbox has UIDs of its own: " + name.text());
  doorbell_.ring(key, rows[1][0].get<ModSeq>(0));
  doorbell_.ring_account(account);
  co_return key;
}

std::string PostgresIntake::key(const std::string& name) const {
  return Sha256().add("intake:").add(name).finish();
}

Task<Result<std::vector<bool>>> PostgresIntake::known(AccountId account, std::vector<std::string> keys) {
  std::vector<Bytes> octets;
  for (const std::string& key : keys) octets.push_back(Bytes{key});
  Params params(account, octets);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kKnown, std::move(params)));
  std::vector<bool> known;
  for (std::size_t i = 0; i < rows.size(); ++i) known.push_back(rows[i].get<bool>(0));
  co_return known;
}

Task<Result<TakenIn>> PostgresIntake::take(MailboxKey mailbox, std::vector<IntakeMessage> messages) {
  if (messages.size() > kMessagesMax) co_return Error(ErrorKind::too_large, "too many messages at a time");
  std::vector<std::string> names;
  for (const IntakeMessage& one : messages) {
    for (const std::string& name : one.with.flags.keywords) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  KeywordTable numbered;
  if (!names.empty()) {
    CO_TRY(const auto keywords, co_await allocate_keywords(database_, mailbox, std::move(names)));
    for (const NumberedKeyword& keyword : keywords) numbered.learn(keyword.number, keyword.name);
  }
  std::vector<std::int64_t> uids, sizes, unseen, deleted, staged, dates, zones, encodings;
  std::vector<Bytes> keys, hashes, structures, chunks, flags;
  std::vector<std::string> uidls, flag_octets;
  flag_octets.reserve(messages.size());  // a view is taken of each while others are added
  for (const IntakeMessage& one : messages) {
    std::vector<KeywordTable::Number> numbers;
    for (const std::string& name : one.with.flags.keywords)
      numbers.push_back(numbered.number_of(name).value());
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    flag_octets.push_back(encode_flags(one.with.flags.system, numbers));
    flags.push_back(Bytes{flag_octets.back()});
    uids.push_back(one.uid ? raw(*one.uid) : 0);
    sizes.push_back(static_cast<std::int64_t>(one.message.size));
    unseen.push_back(one.with.flags.has(SystemFlag::seen) ? 0 : 1);
    deleted.push_back(one.with.flags.has(SystemFlag::deleted) ? 1 : 0);
    staged.push_back(one.message.chunks > 0 ? raw(one.message.blob) : 0);
    dates.push_back(microseconds(one.with.internal_date.value_or(clock_.now())));
    zones.push_back(one.with.internal_zone_minutes);
    encodings.push_back(one.message.first_encoding);
    keys.push_back(Bytes{one.key});
    hashes.push_back(Bytes{one.message.hash});
    structures.push_back(Bytes{one.message.structure});
    chunks.push_back(Bytes{one.message.first_chunk});
    uidls.push_back(one.with.pop3_uidl);
  }
  std::vector<Query> queries;
  queries.emplace_back(kLockAccount, Params(mailbox.account));
  queries.emplace_back(kLockMailbox, Params(mailbox.account, mailbox.mailbox));
  queries.emplace_back(
      kTakeIn, Params(mailbox.account, mailbox.mailbox, uids, sizes, unseen, deleted, staged, dates, zones,
                      keys, hashes, structures, encodings, chunks, uidls, flags, clock_.now()));
  // What is in doubt is done again: the keys tell what was done.
  CO_TRY(const std::vector<Rows> rows, co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  if (rows[1].empty()) co_return kNoMailbox;
  const Row row = rows[2][0];
  TakenIn taken;
  taken.messages = row.get<std::uint64_t>(0);
  taken.known = messages.size() - taken.messages;
  const bool fits = row.get<bool>(1);
  if (!fits) co_return Error(ErrorKind::over_quota, "the account has no room");
  if (taken.messages == 0) co_return taken;
  if (row.is_null(2)) co_return Error(ErrorKind::stale, "a UID has been given out before");
  doorbell_.ring(mailbox, row.get<ModSeq>(2));
  co_return taken;
}

Task<Result<void>> PostgresIntake::reserve(MailboxKey mailbox, Uid next, ModSeq modseq) {
  Params params(mailbox.account, mailbox.mailbox, next, modseq);
  CO_TRY(const Rows rows, co_await query_repeatable(database_, Lane::write, kReserve, std::move(params)));
  if (rows.empty()) co_return kNoMailbox;
  doorbell_.ring(mailbox, rows[0].get<ModSeq>(0));
  co_return Result<void>();
}

}  // namespace postern::postgres
