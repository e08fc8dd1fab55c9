#include "storage/postgres/deliveries.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "storage/postgres/write_keys.h"

namespace postern::postgres {

namespace {

// A message into a mailbox: quota, the mailbox's numbers, octets, facts, state and key in one statement. Each
// step stands on the one before, which also fixes the order of locks: account, then mailbox. If the mailbox
// is missing, the CHECK on messages.uid undoes the whole; if there is no room, nothing is done at all.
constexpr Statement kPlaceMessage{"place_message", R"sql(
  WITH known AS MATERIALIZED (
    SELECT mailbox_id, first_uid, modseq
      FROM write_keys
     WHERE account_id = $1::bigint AND write_key = $2::bytea),
  target AS MATERIALIZED (
    SELECT coalesce($3::bigint, (SELECT mailbox_id FROM mailboxes
                                  WHERE account_id = $1::bigint AND name = 'INBOX' AND removed_at IS NULL))
           AS mailbox_id),
  usage AS (
    UPDATE account_usage
       SET octets = octets + $4::bigint, messages = messages + 1
     WHERE account_id = $1::bigint
       AND NOT EXISTS (SELECT FROM known)
       AND octets + $4::bigint <= coalesce(octets_max, 9223372036854775807)
       AND messages < coalesce(messages_max, 9223372036854775807)
       AND EXISTS (SELECT FROM accounts WHERE account_id = $1::bigint AND deleted_at IS NULL)
    RETURNING account_id),
  mailbox AS (
    UPDATE mailboxes
       SET uid_next = uid_next + 1, highest_modseq = highest_modseq + 1, messages = messages + 1,
           unseen = unseen + $5::bigint, deleted = deleted + $6::bigint, octets = octets + $4::bigint
     WHERE account_id = $1::bigint AND mailbox_id = (SELECT mailbox_id FROM target)
       AND removed_at IS NULL AND uid_next <= 4294967295
       AND EXISTS (SELECT FROM usage)
    RETURNING mailbox_id, uid_validity, uid_next - 1 AS uid, highest_modseq AS modseq),
  blob AS (
    INSERT INTO blobs (account_id, blob_id, hash, size, structure, encoding, chunk)
    SELECT account_id, coalesce($7::bigint, nextval('blob_ids')), $8::bytea, $4::bigint, $9::bytea,
           $10::smallint, $11::bytea
      FROM usage
    ON CONFLICT (account_id, blob_id) DO NOTHING
    RETURNING blob_id),
  taken AS (
    DELETE FROM staged_blobs
     WHERE account_id = $1::bigint AND blob_id = $7::bigint AND EXISTS (SELECT FROM usage)),
  message AS (
    INSERT INTO messages (account_id, mailbox_id, uid, blob_id, size, internal_date, internal_zone, save_date,
                          pop3_uidl)
    SELECT usage.account_id, coalesce(mailbox.mailbox_id, 0), coalesce(mailbox.uid, 0),
           coalesce((SELECT blob_id FROM blob), $7::bigint), $4::bigint, $12::timestamptz, $13::smallint,
           $14::timestamptz, nullif($15::text, '')
      FROM usage LEFT JOIN mailbox ON true),
  page AS (
    INSERT INTO message_pages (account_id, mailbox_id, page, max_modseq, data)
    SELECT $1::bigint, mailbox_id, uid >> 7, modseq, substr(int8send(uid), 5) || int8send(modseq) || $16::bytea
      FROM mailbox
    ON CONFLICT (account_id, mailbox_id, page)
    DO UPDATE SET max_modseq = excluded.max_modseq, data = message_pages.data || excluded.data),
  written AS (
    INSERT INTO write_keys (account_id, write_key, mailbox_id, first_uid, modseq)
    SELECT $1::bigint, $2::bytea, mailbox_id, uid, modseq FROM mailbox)
  SELECT mailbox_id, uid_validity, uid, modseq, false FROM mailbox
  UNION ALL
  SELECT known.mailbox_id, coalesce(mailboxes.uid_validity, 0), known.first_uid, known.modseq, true
    FROM known
    LEFT JOIN mailboxes ON mailboxes.account_id = $1::bigint AND mailboxes.mailbox_id = known.mailbox_id)sql"};

constexpr Statement kWhyRefused{"why_refused", R"sql(
  SELECT FROM accounts JOIN account_usage USING (account_id)
   WHERE account_id = $1::bigint AND deleted_at IS NULL)sql"};

// libpq's buffer grows to the largest unit and never shrinks.
constexpr std::size_t kUnitOctetsMax = 2 * 1024 * 1024;
constexpr int kConflictsMax = 5;
constexpr Milliseconds kInDoubtPause{100};

Query query_for(const Placement& placement) {
  const StagedMessage& message = *placement.message;
  const auto bit = [&placement](SystemFlag flag) {
    return (placement.system_flags & static_cast<std::uint8_t>(flag)) != 0;
  };
  const std::int64_t unseen = bit(SystemFlag::seen) ? 0 : 1;
  const std::int64_t deleted = bit(SystemFlag::deleted) ? 1 : 0;
  const std::optional<BlobId> staged = message.chunks > 0 ? std::optional(message.blob) : std::nullopt;
  Params params(placement.account, Bytes{placement.key}, placement.mailbox, message.size, unseen, deleted,
                staged, Bytes{message.hash}, Bytes{message.structure}, message.first_encoding,
                Bytes{message.first_chunk}, placement.internal_date, placement.internal_zone_minutes,
                placement.save_date, placement.pop3_uidl, Bytes{placement.flags});
  return Query(kPlaceMessage, std::move(params));
}

Appended appended_from(const Row& row) {
  Appended appended;
  appended.uid_validity = row.get<UidValidity>(1);
  appended.uid = row.get<Uid>(2);
  appended.modseq = row.get<ModSeq>(3);
  appended.duplicate = row.get<bool>(4);
  return appended;
}

// What a single placement's error means to the caller.
Error refusal(const Error& error) {
  if (error.kind == ErrorKind::invalid)
    return Error(ErrorKind::not_found, "no such mailbox: " + error.detail);
  if (error.kind == ErrorKind::internal) return error;
  return Error(ErrorKind::unavailable, error.detail);
}

}  // namespace

Deliveries::Deliveries(Database& database, Doorbell& doorbell, const Settings& settings)
    : database_(database),
      doorbell_(doorbell),
      waiting_max_(settings.database.queue_max),
      units_max_(std::max(1u, settings.database.write_connections)),
      batch_max_(std::max(1u, settings.store.batch_max)),
      scope_(database.loop()) {}

Task<Result<Appended>> Deliveries::place(Placement placement) {
  if (waiting_.size() >= waiting_max_)
    co_return Error(ErrorKind::unavailable, "too many deliveries are waiting");
  Waiting waiting(database_.loop(), std::move(placement));
  waiting_.push_back(&waiting);
  dispatch();
  co_return co_await waiting.answer.get();
}

void Deliveries::dispatch() {
  if (dispatching_) return;  // a unit that ended at once: the loop below goes on
  dispatching_ = true;
  while (units_ < units_max_) {
    Unit unit = take_unit();
    if (unit.empty()) break;
    ++units_;
    scope_.start(run(std::move(unit)));
  }
  dispatching_ = false;
}

Deliveries::Unit Deliveries::take_unit() {
  Unit unit;
  std::unordered_set<std::int64_t> accounts;
  std::size_t octets = 0;
  for (auto at = waiting_.begin(); at != waiting_.end() && unit.size() < batch_max_;) {
    const Placement& placement = (*at)->placement;
    const std::size_t more = placement.message->first_chunk.size() + placement.message->structure.size();
    if (!unit.empty() && octets + more > kUnitOctetsMax) break;
    if (busy_accounts_.contains(raw(placement.account))) {
      ++at;
      continue;
    }
    octets += more;
    accounts.insert(raw(placement.account));
    unit.push_back(*at);
    at = waiting_.erase(at);
  }
  busy_accounts_.merge(accounts);
  std::stable_sort(unit.begin(), unit.end(), [](const Waiting* a, const Waiting* b) {
    return std::tie(a->placement.account, a->placement.mailbox) <
           std::tie(b->placement.account, b->placement.mailbox);
  });
  return unit;
}

Task<void> Deliveries::run(Unit unit) {
  std::vector<AccountId> accounts;  // noted first: an answered Waiting is gone
  for (const Waiting* waiting : unit) accounts.push_back(waiting->placement.account);
  co_await commit(std::move(unit), Deadline::after(kSettleTimeMax));
  for (const AccountId account : accounts) busy_accounts_.erase(raw(account));
  --units_;
  dispatch();
}

Task<void> Deliveries::commit(Unit unit, Deadline deadline) {
  while (!unit.empty()) {
    std::vector<Query> queries;
    queries.reserve(unit.size());
    for (const Waiting* waiting : unit) queries.push_back(query_for(waiting->placement));
    auto rows = co_await database_.batch(Lane::write, std::move(queries));
    if (rows) {
      co_await answer_from(std::move(unit), *std::move(rows));
      co_return;
    }
    const Error error = rows.error();
    const bool any_in_doubt =
        std::any_of(unit.begin(), unit.end(), [](const Waiting* w) { return w->in_doubt; });
    if (error.kind == ErrorKind::closed) {
      unit = co_await settle(std::move(unit), deadline);
    } else if (error.kind == ErrorKind::unavailable && any_in_doubt && !deadline.passed()) {
      co_await sleep(database_.loop(), kInDoubtPause);
    } else if (error.kind != ErrorKind::unavailable && unit.size() > 1) {
      for (Waiting* waiting : unit) {
        Unit single(1, waiting);
        co_await commit(std::move(single), deadline);
      }
      co_return;
    } else if (error.kind == ErrorKind::already_exists && ++unit.front()->conflicts < kConflictsMax) {
      continue;  // another node committed the same key between our look and our write: look again
    } else {
      for (Waiting* waiting : unit) waiting->answer.set(refusal(error));
      co_return;
    }
  }
}

Task<void> Deliveries::answer_from(Unit unit, std::vector<Rows> rows) {
  std::map<MailboxKey, ModSeq> changed;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    Waiting& waiting = *unit[i];
    if (rows[i].empty()) {
      auto reason = co_await why_refused(waiting.placement);
      waiting.answer.set(std::move(reason));
      continue;
    }
    Appended appended = appended_from(rows[i][0]);
    if (!appended.duplicate) {
      const MailboxKey key{waiting.placement.account, rows[i][0].get<MailboxId>(0)};
      changed[key] = std::max(changed[key], appended.modseq);
    }
    if (waiting.in_doubt) appended.duplicate = false;
    waiting.answer.set(appended);
  }
  for (const auto& [key, modseq] : changed) doorbell_.ring(key, modseq);
}

Task<Deliveries::Unit> Deliveries::settle(Unit unit, Deadline deadline) {
  Unit absent;
  for (Waiting* waiting : unit) {
    const AccountId account = waiting->placement.account;
    auto found = co_await settle_write(database_, account, waiting->placement.key, deadline);
    if (!found) {
      waiting->answer.set(found.error());
    } else if (*found) {
      Appended appended;
      appended.uid_validity = (*found)->uid_validity;
      appended.uid = (*found)->first_uid;
      appended.modseq = (*found)->modseq;
      waiting->answer.set(appended);
      doorbell_.ring((*found)->mailbox, appended.modseq);
    } else {
      waiting->in_doubt = true;
      absent.push_back(waiting);
    }
  }
  co_return absent;
}

Task<Result<Appended>> Deliveries::why_refused(const Placement& placement) {
  Params params(placement.account);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kWhyRefused, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
  co_return Error(ErrorKind::over_quota, "the account has no room");
}

}  // namespace postern::postgres
