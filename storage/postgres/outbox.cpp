// Enqueue: the account's lock, the message, its recipients and the copy in Sent, in one round trip.
#include "storage/postgres/outbox.h"

#include "storage/postgres/page_codec.h"
#include "storage/postgres/write_keys.h"

namespace postern::postgres {

namespace {

// First, so that the next statements see what others of this account have queued and purge what we refer to.
constexpr Statement kLockUsage{"outbox_lock_usage", R"sql(
  SELECT FROM account_usage WHERE account_id = $1::bigint FOR UPDATE)sql"};

constexpr Statement kEnqueue{"outbox_enqueue", R"sql(
  WITH known AS MATERIALIZED (
    SELECT outbox_id FROM outbox WHERE account_id = $1::bigint AND submission_key = $2::bytea),
  used AS MATERIALIZED (
    SELECT count(*) FILTER (WHERE queued_at > now() - interval '1 hour') AS messages,
           coalesce(sum(recipients), 0) AS recipients
      FROM outbox
     WHERE account_id = $1::bigint AND queued_at > now() - interval '1 day'),
  permitted AS MATERIALIZED (
    SELECT FROM used
     WHERE NOT EXISTS (SELECT FROM known)
       AND EXISTS (SELECT FROM accounts WHERE account_id = $1::bigint AND deleted_at IS NULL)
       AND used.messages < $3::bigint
       AND used.recipients + cardinality($4::text[]) <= $5::bigint),
  blob AS (
    INSERT INTO blobs (account_id, blob_id, hash, size, structure, encoding, chunk)
    SELECT $1::bigint, coalesce($6::bigint, nextval('blob_ids')), $7::bytea, $8::bigint, $9::bytea,
           $10::smallint, $11::bytea
      FROM permitted
    RETURNING blob_id),
  taken AS (
    DELETE FROM staged_blobs
     WHERE account_id = $1::bigint AND blob_id = $6::bigint AND EXISTS (SELECT FROM permitted)),
  queued AS (
    INSERT INTO outbox (account_id, submission_key, blob_id, size, reverse_path, envelope_id, return_content,
                        eight_bit, smtputf8, recipients, expires_at, next_attempt)
    SELECT $1::bigint, $2::bytea, blob_id, $8::bigint, $12::text, $13::text, $14::smallint, $15::boolean,
           $16::boolean, cardinality($4::text[]), now() + $17::bigint * interval '1 second', now()
      FROM blob
    RETURNING outbox_id),
  recipients AS (
    INSERT INTO outbox_recipients (account_id, outbox_id, number, address, notify, original)
    SELECT $1::bigint, queued.outbox_id, r.number, r.address, r.notify, r.original
      FROM queued,
           unnest($4::text[], $18::bigint[], $19::text[]) WITH ORDINALITY AS r(address, notify, original, number))
  SELECT (SELECT outbox_id FROM queued), (SELECT outbox_id FROM known),
         EXISTS (SELECT FROM accounts WHERE account_id = $1::bigint AND deleted_at IS NULL))sql"};

// The copy refers to the blob of what the statement before has queued; xmin tells that from a duplicate,
// which needs no copy. Without room or mailbox the CHECK on messages.uid undoes the whole, as in a delivery.
constexpr Statement kCopyToSent{"outbox_copy_to_sent", R"sql(
  WITH queued AS MATERIALIZED (
    SELECT blob_id, size FROM outbox
     WHERE account_id = $1::bigint AND submission_key = $2::bytea AND xmin = pg_current_xact_id()::xid),
  usage AS (
    UPDATE account_usage
       SET octets = octets + queued.size, messages = messages + 1
      FROM queued
     WHERE account_id = $1::bigint
       AND NOT pool_full
       AND octets + queued.size <= coalesce(octets_max, 9223372036854775807)
       AND messages < coalesce(messages_max, 9223372036854775807)
    RETURNING account_id),
  mailbox AS (
    UPDATE mailboxes
       SET uid_next = uid_next + 1, highest_modseq = highest_modseq + 1, messages = messages + 1,
           octets = octets + (SELECT size FROM queued)
     WHERE account_id = $1::bigint AND mailbox_id = $3::bigint AND removed_at IS NULL
       AND uid_next <= 4294967295 AND EXISTS (SELECT FROM usage)
    RETURNING mailbox_id, uid_validity, uid_next - 1 AS uid, highest_modseq AS modseq),
  message AS (
    INSERT INTO messages (account_id, mailbox_id, uid, blob_id, size, internal_date, save_date)
    SELECT $1::bigint, coalesce(mailbox.mailbox_id, 0), coalesce(mailbox.uid, 0), queued.blob_id, queued.size,
           $4::timestamptz, $4::timestamptz
      FROM queued LEFT JOIN mailbox ON true),
  page AS (
    INSERT INTO message_pages (account_id, mailbox_id, page, max_modseq, data)
    SELECT $1::bigint, mailbox_id, uid >> 7, modseq, substr(int8send(uid), 5) || int8send(modseq) || $5::bytea
      FROM mailbox
    ON CONFLICT (account_id, mailbox_id, page)
    DO UPDATE SET max_modseq = excluded.max_modseq, data = message_pages.data || excluded.data)
  SELECT uid_validity, uid, modseq FROM mailbox)sql"};

constexpr Statement kHasMailbox{"outbox_has_mailbox", R"sql(
  SELECT FROM mailboxes WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL)sql"};

constexpr std::string_view kNoPlaceConstraint = "messages_uid";
constexpr Milliseconds kInDoubtPause{100};
constexpr int kTriesMax = 100;

}  // namespace

PostgresOutbox::PostgresOutbox(Database& database, Doorbell& doorbell, Blobs& blobs, const Settings& settings,
                               const Clock& clock)
    : database_(database),
      doorbell_(doorbell),
      blobs_(blobs),
      limits_(settings.submission),
      expiry_s_(settings.relay.expiry_s),
      clock_(clock) {}

Task<Result<Enqueued>> PostgresOutbox::enqueue(const StagedMessage& message, NewSubmission submission) {
  // A commit in doubt is settled by asking again under the same key.
  const std::string key = submission.key.empty() ? random_write_key() : submission.key;
  bool in_doubt = false;
  for (int tries = 1;; ++tries) {
    auto queued = co_await enqueue_once(message, submission, key);
    if (queued) {
      if (in_doubt) queued->duplicate = false;
      if (!queued->duplicate) doorbell_.ring(kOutboxBell, ModSeq{1});
      co_return queued;
    }
    const Error error = queued.error();
    in_doubt = in_doubt || error.kind == ErrorKind::closed;
    const bool may_pass = error.kind == ErrorKind::closed || error.kind == ErrorKind::unavailable;
    if (!in_doubt || !may_pass) co_return error;
    if (tries == kTriesMax) co_return Error(ErrorKind::unavailable, error.detail);
    co_await sleep(database_.loop(), kInDoubtPause);
  }
}

Task<Result<Enqueued>> PostgresOutbox::enqueue_once(const StagedMessage& message,
                                                    const NewSubmission& submission, const std::string& key) {
  const OutboxEnvelope& envelope = submission.envelope;
  std::vector<std::string> addresses;
  std::vector<std::int64_t> notify;
  std::vector<std::string> originals;
  for (const OutboxRecipient& recipient : envelope.recipients) {
    addresses.push_back(recipient.address);
    notify.push_back(recipient.notify);
    originals.push_back(recipient.original);
  }
  const std::optional<BlobId> staged = message.chunks > 0 ? std::optional(message.blob) : std::nullopt;
  const auto return_content = static_cast<std::int16_t>(envelope.return_content);
  const std::string flags =
      encode_flags(static_cast<std::uint8_t>(SystemFlag::seen), std::vector<KeywordTable::Number>());

  std::vector<Query> queries;
  queries.emplace_back(kLockUsage, Params(message.home));
  Params params(message.home, Bytes{key}, limits_.messages_per_hour_max, addresses,
                limits_.recipients_per_day_max, staged, Bytes{message.hash}, message.size,
                Bytes{message.structure}, message.first_encoding, Bytes{message.first_chunk},
                envelope.reverse_path, envelope.envelope_id, return_content, envelope.eight_bit,
                envelope.smtputf8, expiry_s_, notify, originals);
  queries.emplace_back(kEnqueue, std::move(params));
  if (submission.copy_to) {
    Params copy(message.home, Bytes{key}, submission.copy_to->mailbox, clock_.now(), Bytes{flags});
    queries.emplace_back(kCopyToSent, std::move(copy));
  }
  auto rows = co_await database_.batch(Lane::write, std::move(queries));
  if (!rows) {
    const Error error = rows.error();
    const bool no_place = error.kind == ErrorKind::invalid && error.detail == kNoPlaceConstraint;
    if (no_place) co_return co_await why_no_copy(*submission.copy_to);
    co_return error;
  }
  const Row outcome = (*rows)[1][0];
  if (!outcome.get<bool>(2)) co_return Error(ErrorKind::not_found, "no such account");
  const auto fresh = outcome.get<std::optional<OutboxId>>(0);
  const auto known = outcome.get<std::optional<OutboxId>>(1);
  if (!fresh && !known) co_return Error(ErrorKind::denied, "the account has sent its share");
  Enqueued queued;
  queued.id = fresh.value_or(known.value_or(OutboxId{}));
  queued.duplicate = !fresh;
  if (submission.copy_to && !rows->back().empty()) {
    const Row copy = rows->back()[0];
    Appended appended;
    appended.uid_validity = copy.get<UidValidity>(0);
    appended.uid = copy.get<Uid>(1);
    appended.modseq = copy.get<ModSeq>(2);
    queued.copied = appended;
    doorbell_.ring(*submission.copy_to, appended.modseq);
  }
  co_return queued;
}

Task<Error> PostgresOutbox::why_no_copy(MailboxKey mailbox) {
  Params params(mailbox.account, mailbox.mailbox);
  auto rows = co_await database_.query(Lane::read, kHasMailbox, std::move(params));
  if (!rows) co_return rows.error();
  if (rows->empty()) co_return Error(ErrorKind::not_found, "no mailbox for the copy");
  co_return Error(ErrorKind::over_quota, "no room for the copy");
}

}  // namespace postern::postgres
