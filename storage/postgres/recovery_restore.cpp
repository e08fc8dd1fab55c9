// Putting removed messages into a mailbox again: rows of their own under new UIDs, sharing the octets. What
// was restored is marked in the same transaction, so that two administrators cannot do it twice.
#include <fmt/chrono.h>

#include <algorithm>
#include <map>

#include "storage/postgres/messages_keywords.h"
#include "storage/postgres/page_codec.h"
#include "storage/postgres/recovery.h"
#include "storage/postgres/recovery_rows.h"
#include "storage/postgres/recovery_source.h"
#include "storage/postgres/write_keys.h"

namespace postern::postgres {

namespace {

// Who shares a message's octets in the target; whether it is there still is for the snapshot to say.
constexpr Statement kTwins{"recovery_twins", R"sql(
  SELECT source.uid, twin.uid
    FROM messages source
    JOIN messages twin ON twin.account_id = $1::bigint AND twin.blob_id = source.blob_id
                      AND twin.mailbox_id = $4::bigint
   WHERE source.account_id = $1::bigint AND source.mailbox_id = $2::bigint AND source.uid = ANY ($3::bigint[]))sql"};

// The lock of its own comes first: what the restore reads is then what neither a purge nor another restore
// takes away.
constexpr Statement kLockAccount{"recovery_lock_account", R"sql(
  SELECT FROM account_usage WHERE account_id = $1::bigint FOR UPDATE)sql"};

// All or nothing, one row in any case: how many of the messages are to be had, whether there is room for
// them, and where they went. Every write stands on `target`.
constexpr Statement kRestore{"recovery_restore", R"sql(
  WITH original AS MATERIALIZED (
    SELECT asked.position, asked.uid, asked.flags, message.blob_id, message.size, message.internal_date,
           message.internal_zone
      FROM unnest($4::bigint[], $5::bytea[]) WITH ORDINALITY AS asked(uid, flags, position)
      JOIN messages message ON message.account_id = $1::bigint AND message.mailbox_id = $2::bigint
                           AND message.uid = asked.uid
     WHERE NOT EXISTS (SELECT FROM recovered
                        WHERE recovered.account_id = $1::bigint AND recovered.mailbox_id = $2::bigint
                          AND recovered.uid = asked.uid)),
  total AS MATERIALIZED (
    SELECT count(*) AS messages, coalesce(sum(size), 0)::bigint AS octets FROM original),
  fits AS MATERIALIZED (
    SELECT total.messages, total.octets
      FROM total CROSS JOIN account_usage usage
     WHERE usage.account_id = $1::bigint AND NOT usage.pool_full
       AND usage.octets + total.octets <= coalesce(usage.octets_max, 9223372036854775807)
       AND usage.messages + total.messages <= coalesce(usage.messages_max, 9223372036854775807)
       AND EXISTS (SELECT FROM accounts WHERE account_id = $1::bigint AND deleted_at IS NULL)),
  target AS (
    UPDATE mailboxes
       SET highest_modseq = highest_modseq + 1, uid_next = uid_next + fits.messages,
           messages = mailboxes.messages + fits.messages, octets = mailboxes.octets + fits.octets,
           unseen = unseen + $6::bigint
      FROM fits
     WHERE account_id = $1::bigint AND mailbox_id = $3::bigint AND removed_at IS NULL
       AND uid_next + fits.messages <= 4294967296 AND fits.messages = cardinality($4::bigint[])
    RETURNING uid_next - fits.messages AS first_uid, highest_modseq AS modseq, fits.messages, fits.octets,
              mailboxes.name),
  usage AS (
    UPDATE account_usage
       SET messages = account_usage.messages + target.messages, octets = account_usage.octets + target.octets
      FROM target
     WHERE account_id = $1::bigint),
  placed AS (
    INSERT INTO messages (account_id, mailbox_id, uid, blob_id, size, internal_date, internal_zone, save_date)
    SELECT $1::bigint, $3::bigint, first_uid + position - 1, blob_id, size, internal_date, internal_zone,
           $7::timestamptz
      FROM original CROSS JOIN target),
  page AS (
    INSERT INTO message_pages (account_id, mailbox_id, page, max_modseq, data)
    SELECT $1::bigint, $3::bigint, uid >> 7, modseq,
           string_agg(substr(int8send(uid), 5) || int8send(modseq) || flags, ''::bytea ORDER BY uid)
      FROM (SELECT first_uid + position - 1 AS uid, modseq, flags FROM original CROSS JOIN target) entry
     GROUP BY uid >> 7, modseq
    ON CONFLICT (account_id, mailbox_id, page)
    DO UPDATE SET max_modseq = excluded.max_modseq, data = message_pages.data || excluded.data),
  marked AS (
    INSERT INTO recovered (account_id, mailbox_id, uid, to_mailbox, to_uid, recovered_by)
    SELECT $1::bigint, $2::bigint, uid, $3::bigint, first_uid + position - 1, $8::text
      FROM original CROSS JOIN target),
  written AS (
    INSERT INTO write_keys (account_id, write_key, mailbox_id, first_uid, uid_count, modseq)
    SELECT $1::bigint, $9::bytea, $3::bigint, first_uid, messages::integer, modseq FROM target),
  done AS (
    SELECT target.name, jsonb_build_object('messages', target.messages, 'deleted_from', source.name) AS said
      FROM target JOIN mailboxes source ON source.account_id = $1::bigint AND source.mailbox_id = $2::bigint),
  noted AS ()sql" POSTERN_NOTE_RESTORE R"sql()
  SELECT (SELECT messages FROM total), EXISTS (SELECT FROM fits), (SELECT modseq FROM target))sql"};

constexpr int kRoundsMax = 5;
constexpr Milliseconds kSettleTimeMax{60'000};

}  // namespace

struct PostgresRecovery::Layout {
  std::map<Uid, std::string> flags;  // in the target's terms, by UID in the source
  std::int64_t unseen = 0;
  std::uint64_t twins = 0;
};

std::string PostgresRecovery::dated(std::string_view text) const {
  return fmt::format("{} {:%Y-%m-%d}", text, std::chrono::floor<std::chrono::days>(clock_.now()));
}

Task<Result<MailboxKey>> PostgresRecovery::find_or_create(AccountId account, MailboxName name) {
  auto found = co_await mailboxes_.find(account, name);
  if (!found && found.error().kind == ErrorKind::not_found) {
    found = co_await mailboxes_.create(account, name, SpecialUse::none);
    // Somebody else made it meanwhile.
    if (!found && found.error().kind == ErrorKind::already_exists)
      found = co_await mailboxes_.find(account, name);
  }
  if (!found) co_return found.error();
  co_return found->key;
}

Task<Result<MailboxKey>> PostgresRecovery::target_of(const RemovedMessages& source, RestoreTarget target) {
  const AccountId account = source.mailbox.account;
  if (target.place == RestorePlace::named) co_return co_await find_or_create(account, std::move(target.name));
  if (target.place == RestorePlace::original && !source.removed) co_return source.mailbox;
  const bool below = target.place == RestorePlace::dated;
  const std::string text = below ? dated("Restored") + kHierarchySeparator + source.name : source.name;
  CO_TRY(MailboxName name, MailboxName::parse(text));
  co_return co_await find_or_create(account, std::move(name));
}

Task<Result<void>> PostgresRecovery::leave_out_twins(const RemovedMessages& source, MailboxKey target,
                                                     Layout& layout) {
  std::vector<std::int64_t> uids;
  for (const auto& [uid, flags] : layout.flags) uids.push_back(raw(uid));
  Params params(source.mailbox.account, source.mailbox.mailbox, uids, target.mailbox);
  CO_TRY(const Rows twins, co_await database_.query(Lane::read, kTwins, std::move(params)));
  if (twins.empty()) co_return Result<void>();
  CO_TRY(const SnapshotPtr now, co_await messages_.snapshot(target));
  for (std::size_t i = 0; i < twins.size(); ++i) {
    if (now->find(twins[i].get<Uid>(1)) == nullptr) continue;
    const auto uid = twins[i].get<Uid>(0);
    if (layout.flags.erase(uid) == 0) continue;
    ++layout.twins;
    if (!source.messages.at(uid).has(SystemFlag::seen)) --layout.unseen;
  }
  co_return Result<void>();
}

// False: something changed meanwhile; read the source again.
Task<Result<bool>> PostgresRecovery::place(const RemovedMessages& source, MailboxKey target, Layout layout,
                                           std::string by) {
  std::vector<std::int64_t> uids;
  std::vector<Bytes> flags;
  for (const auto& [uid, octets] : layout.flags) {
    uids.push_back(raw(uid));
    flags.push_back(Bytes{octets});
  }
  const std::string key = random_write_key();
  const auto [account, mailbox] = source.mailbox;
  std::vector<Query> queries;
  queries.emplace_back(kLockAccount, Params(account));
  queries.emplace_back(kRestore, Params(account, mailbox, target.mailbox, uids, flags, layout.unseen,
                                        clock_.now(), by, Bytes{key}));
  auto rows = co_await database_.batch(Lane::write, std::move(queries));
  if (!rows && rows.error().kind == ErrorKind::closed) {
    const Deadline deadline = Deadline::after(kSettleTimeMax);
    CO_TRY(const auto written, co_await settle_write(database_, account, key, deadline));
    if (written) doorbell_.ring(target, written->modseq);
    co_return written.has_value();
  }
  if (!rows && rows.error().kind == ErrorKind::timed_out)
    co_return Error(ErrorKind::unavailable, rows.error().detail);
  if (!rows) co_return rows.error();
  const Row row = rows->back()[0];
  if (row.get<std::uint64_t>(0) != uids.size()) co_return false;
  const bool fits = row.get<bool>(1);
  if (!fits) co_return Error(ErrorKind::over_quota, "the account has no room for what is to be restored");
  if (row.is_null(2)) co_return false;
  doorbell_.ring(target, row.get<ModSeq>(2));
  co_return true;
}

Task<Result<Restored>> PostgresRecovery::restore_from(MailboxKey mailbox, std::vector<RecoverableKey> keys,
                                                      RestoreTarget target, std::string by) {
  for (int round = 0; round < kRoundsMax; ++round) {
    CO_TRY(const RemovedMessages source, co_await read_removed(database_, mailbox, keys));
    Restored outcome = source.outcome;
    if (source.messages.empty()) co_return outcome;
    CO_TRY(const MailboxKey to, co_await target_of(source, target));

    std::vector<std::string> names;
    for (const auto& [uid, state] : source.messages) {
      for (std::string& name : source.keywords_of(state)) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
      }
    }
    KeywordTable numbered;
    if (!names.empty()) {
      CO_TRY(const auto keywords, co_await allocate_keywords(database_, to, std::move(names)));
      for (const NumberedKeyword& keyword : keywords) numbered.learn(keyword.number, keyword.name);
    }
    Layout layout;
    for (const auto& [uid, state] : source.messages) {
      std::vector<KeywordTable::Number> numbers;
      for (const std::string& name : source.keywords_of(state)) {
        numbers.push_back(numbered.number_of(name).value());
      }
      std::sort(numbers.begin(), numbers.end());
      Flags flags;
      flags.system = static_cast<std::uint8_t>(state.system() & ~static_cast<unsigned>(SystemFlag::deleted));
      layout.flags[uid] = encode_flags(flags.system, numbers);
      if (!flags.has(SystemFlag::seen)) ++layout.unseen;
    }
    CO_TRY_VOID(co_await leave_out_twins(source, to, layout));
    outcome.duplicates += layout.twins;
    outcome.messages = layout.flags.size();
    if (layout.flags.empty()) co_return outcome;
    CO_TRY(const bool placed, co_await place(source, to, std::move(layout), by));
    if (placed) co_return outcome;
  }
  co_return Error(ErrorKind::unavailable, "the mailbox changes too often");
}

Task<Result<Restored>> PostgresRecovery::restore(AccountId account, std::vector<RecoverableKey> keys,
                                                 RestoreTarget target, std::string by) {
  if (keys.size() > kRestoreMax) co_return Error(ErrorKind::too_large, "too many messages at a time");
  std::map<MailboxId, std::vector<RecoverableKey>> by_mailbox;
  for (const RecoverableKey& key : keys) by_mailbox[key.mailbox].push_back(key);
  Restored all;
  for (auto& [mailbox, of_it] : by_mailbox) {
    const MailboxKey source{account, mailbox};
    CO_TRY(const Restored restored, co_await restore_from(source, std::move(of_it), target, by));
    all += restored;
  }
  co_return all;
}

}  // namespace postern::postgres
