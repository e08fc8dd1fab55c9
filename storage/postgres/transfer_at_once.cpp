#include "storage/postgres/transfer_at_once.h"

#include <algorithm>

#include "storage/postgres/mailbox_row.h"
#include "storage/postgres/page_codec.h"

namespace postern::postgres {

namespace {

// The locks come first, in statements of their own: what the transfer reads is then what they protect.
constexpr Statement kLockAccount{"lock_account_of_transfer", R"sql(
  SELECT FROM account_usage WHERE account_id = $1::bigint FOR UPDATE)sql"};

constexpr Statement kLockMailboxes{"lock_mailboxes_of_transfer", R"sql(
  SELECT FROM mailboxes
   WHERE account_id = $1::bigint AND mailbox_id = ANY($2::bigint[])
   ORDER BY mailbox_id
     FOR UPDATE)sql"};

// All or nothing: `allowed` has a row if the source is what the caller believes, all the messages are there
// and there is room for them; every write stands on `target`, which stands on that. $8: MOVE, which needs no
// room and takes the messages out of the source with what follows $11.
constexpr Statement kTransfer{"transfer_at_once", R"sql(
  WITH original AS MATERIALIZED (
    SELECT asked.position, asked.flags, message.blob_id, message.size, message.internal_date,
           message.internal_zone, message.pop3_uidl
      FROM unnest($5::bigint[], $6::bytea[]) WITH ORDINALITY AS asked(uid, flags, position)
      JOIN messages message ON message.account_id = $1::bigint AND message.mailbox_id = $2::bigint
                           AND message.uid = asked.uid),
  allowed AS MATERIALIZED (
    SELECT total.messages, total.octets
      FROM (SELECT count(*) AS messages, coalesce(sum(size), 0)::bigint AS octets FROM original) total,
           account_usage usage
     WHERE usage.account_id = $1::bigint AND total.messages = cardinality($5::bigint[])
       AND ($8::boolean
            OR NOT usage.pool_full
           AND usage.octets + total.octets <= coalesce(usage.octets_max, 9223372036854775807)
           AND usage.messages + total.messages <= coalesce(usage.messages_max, 9223372036854775807))
       AND EXISTS (SELECT FROM mailboxes source
                    WHERE source.account_id = $1::bigint AND source.mailbox_id = $2::bigint
                      AND source.highest_modseq = $3::bigint AND source.removed_at IS NULL)),
  target AS (
    UPDATE mailboxes
       SET highest_modseq = highest_modseq + 1, uid_next = uid_next + allowed.messages,
           messages = mailboxes.messages + allowed.messages, octets = mailboxes.octets + allowed.octets,
           unseen = unseen + $9::bigint, deleted = deleted + $10::bigint
      FROM allowed
     WHERE account_id = $1::bigint AND mailbox_id = $4::bigint AND removed_at IS NULL
       AND uid_next + allowed.messages <= 4294967296
    RETURNING uid_validity, uid_next - allowed.messages AS first_uid, highest_modseq AS modseq, allowed.messages,
              allowed.octets),
  usage AS (
    UPDATE account_usage
       SET messages = account_usage.messages + target.messages, octets = account_usage.octets + target.octets
      FROM target
     WHERE account_id = $1::bigint AND NOT $8::boolean),
  placed AS (
    INSERT INTO messages (account_id, mailbox_id, uid, blob_id, size, internal_date, internal_zone, save_date,
                          pop3_uidl)
    SELECT $1::bigint, $4::bigint, first_uid + position - 1, blob_id, size, internal_date, internal_zone,
           $11::timestamptz, CASE WHEN $8::boolean THEN pop3_uidl END
      FROM original, target),
  page AS (
    INSERT INTO message_pages (account_id, mailbox_id, page, max_modseq, data)
    SELECT $1::bigint, $4::bigint, uid >> 7, modseq,
           string_agg(substr(int8send(uid), 5) || int8send(modseq) || flags, ''::bytea ORDER BY uid)
      FROM (SELECT first_uid + position - 1 AS uid, modseq, flags FROM original, target) entry
     GROUP BY uid >> 7, modseq
    ON CONFLICT (account_id, mailbox_id, page)
    DO UPDATE SET max_modseq = excluded.max_modseq, data = message_pages.data || excluded.data),
  written AS (
    INSERT INTO write_keys (account_id, write_key, mailbox_id, first_uid, uid_count, modseq)
    SELECT $1::bigint, $7::bytea, $4::bigint, first_uid, messages::integer, modseq FROM target),
  source AS (
    UPDATE mailboxes
       SET highest_modseq = highest_modseq + 1, messages = mailboxes.messages - target.messages,
           octets = mailboxes.octets - target.octets, unseen = unseen - $9::bigint,
           deleted = deleted - $10::bigint
      FROM target
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND $8::boolean
    RETURNING mailboxes.uid_validity, uid_next, highest_modseq, first_recent, mailboxes.messages, unseen,
              deleted, mailboxes.octets),
  source_page AS (
    UPDATE message_pages
       SET max_modseq = source.highest_modseq, data = image.data
      FROM source, unnest($12::bigint[], $13::bytea[]) AS image(page, data)
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND message_pages.page = image.page),
  logged AS (
    INSERT INTO expunged (account_id, mailbox_id, modseq, uids, door, moved)
    SELECT $1::bigint, $2::bigint, highest_modseq, $14::text, $15::smallint, true FROM source)
  SELECT target.uid_validity, target.first_uid, target.modseq, source.*
    FROM target LEFT JOIN source ON true)sql"};

constexpr int kSourceColumn = 3;

}  // namespace

bool TransferAtOnce::choose() {
  bool fits = true;
  source_->each(plan_.uids, [&](std::size_t, const MessageState& state) {
    fits = fits && uids_.size() < kMessagesMax;
    if (!fits) return;
    auto numbers = plan_.numbers_in_target(source_->keywords().set(state.keyword_set()));
    fits = numbers.has_value();
    if (!fits) return;
    uids_.push_back(raw(state.uid));
    flags_.push_back(encode_flags(state.system(), *numbers));
    if (!state.has(SystemFlag::seen)) ++unseen_;
    if (state.has(SystemFlag::deleted)) ++deleted_;
    outcome_.from.push_back(state.uid);
  });
  if (plan_.move) outcome_.source_modseq = ModSeq(raw(source_->modseq()) + 1);
  return fits && !uids_.empty();
}

Task<Result<bool>> TransferAtOnce::run() {
  const MailboxKey from = plan_.from;
  const MailboxKey to = plan_.to;
  if (from.account != to.account || (plan_.move && from == to)) co_return false;
  if (!choose()) co_return false;

  StateChange change(source_);
  if (plan_.move) vanish(change, plan_.uids);
  const PageImages images(change.pages, *change.keywords);
  std::vector<Bytes> flags;
  for (const std::string& octets : flags_) flags.push_back(Bytes{octets});
  std::vector<std::int64_t> locked(1, raw(to.mailbox));
  if (plan_.move) locked.push_back(raw(from.mailbox));

  Params transfer(from.account, from.mailbox, source_->modseq(), to.mailbox, uids_, flags, Bytes{plan_.key},
                  plan_.move, unseen_, deleted_, plan_.save_date, images.numbers, images.data,
                  change.vanished.to_text(), static_cast<std::int16_t>(Door::imap));
  std::vector<Query> queries;
  queries.emplace_back(kLockAccount, Params(from.account));
  queries.emplace_back(kLockMailboxes, Params(from.account, locked));
  queries.emplace_back(kTransfer, std::move(transfer));
  CO_TRY(std::vector<Rows> rows, co_await database_.batch(Lane::write, std::move(queries)));
  if (rows[2].empty()) co_return false;

  const Row row = rows[2][0];
  outcome_.uid_validity = row.get<UidValidity>(0);
  const std::uint32_t first_uid = row.get<std::uint32_t>(1);
  for (std::uint32_t i = 0; i < uids_.size(); ++i) outcome_.to.push_back(Uid(first_uid + i));
  outcome_.target_modseq = row.get<ModSeq>(2);
  if (plan_.move) {
    const MailboxStatus status = status_from_row(row, kSourceColumn);
    source_after_ = with_pages(*source_, status, std::move(change.pages), std::move(change.keywords));
  }
  co_return true;
}

}  // namespace postern::postgres
