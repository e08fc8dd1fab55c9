#include "storage/postgres/placement.h"

namespace postern::postgres {

namespace {

// Placed together because starting so many steps costs several times what a row more costs. Numbers travel as
// rows, octets stay in their arrays and are picked by the row's number. Each step stands on the one before,
// which also fixes the order of locks: accounts, then mailboxes. If a mailbox was removed in that moment, the
// CHECK on messages.uid undoes the whole.
constexpr Statement kPlaceMessages{"place_messages", R"sql(
  WITH incoming AS MATERIALIZED (
    SELECT row.*, written.mailbox_id AS known_in, written.first_uid AS known_uid, written.modseq AS known_modseq,
           coalesce(nullif(row.mailbox_id, 0),
                    (SELECT inbox.mailbox_id FROM mailboxes inbox
                      WHERE inbox.account_id = row.account_id AND name = 'INBOX' AND removed_at IS NULL)) AS target
      FROM (SELECT *, ($8::bytea[])[n] AS write_key
              FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                          $7::bigint[]) WITH ORDINALITY
                   AS numbers(account_id, mailbox_id, size, unseen, deleted, staged, internal_date, n)) row
      LEFT JOIN write_keys written USING (account_id, write_key)),
  usage AS (
    UPDATE account_usage
       SET octets = account_usage.octets + more.octets, messages = account_usage.messages + more.messages
      FROM (SELECT account_id, sum(size)::bigint AS octets, count(*) AS messages
              FROM incoming
             WHERE known_in IS NULL
             GROUP BY account_id
             ORDER BY account_id) more
     WHERE account_usage.account_id = more.account_id
       AND ($17::boolean
            OR NOT pool_full
           AND account_usage.octets + more.octets <= coalesce(octets_max, 9223372036854775807)
           AND account_usage.messages + more.messages <= coalesce(messages_max, 9223372036854775807))
       AND EXISTS (SELECT FROM accounts WHERE accounts.account_id = more.account_id AND deleted_at IS NULL)
    RETURNING account_usage.account_id),
  mailbox AS (
    UPDATE mailboxes
       SET uid_next = uid_next + more.messages, highest_modseq = highest_modseq + more.messages,
           messages = mailboxes.messages + more.messages, unseen = mailboxes.unseen + more.unseen,
           deleted = mailboxes.deleted + more.deleted, octets = mailboxes.octets + more.octets
      FROM (SELECT account_id, target, count(*) AS messages, sum(unseen)::bigint AS unseen,
                   sum(deleted)::bigint AS deleted, sum(size)::bigint AS octets
              FROM incoming
             WHERE known_in IS NULL AND account_id IN (SELECT account_id FROM usage)
             GROUP BY account_id, target) more
     WHERE mailboxes.account_id = more.account_id AND mailboxes.mailbox_id = more.target
       AND removed_at IS NULL AND uid_next + more.messages <= 4294967296
    RETURNING mailboxes.account_id, mailboxes.mailbox_id AS target, uid_validity,
              uid_next - more.messages AS first_uid, highest_modseq - more.messages AS modseq_before),
  placed AS MATERIALIZED (
    SELECT n, account_id, coalesce(target, 0) AS target, size, staged, internal_date, write_key, uid_validity,
           coalesce(nullif(staged, 0), nextval('blob_ids')) AS blob_id,
           coalesce(first_uid + nth - 1, 0) AS uid, coalesce(modseq_before + nth, 0) AS modseq
      FROM (SELECT *, row_number() OVER (PARTITION BY account_id, target ORDER BY n) AS nth
              FROM incoming
             WHERE known_in IS NULL AND account_id IN (SELECT account_id FROM usage)) numbered
      LEFT JOIN mailbox USING (account_id, target)),
  blob AS (
    INSERT INTO blobs (account_id, blob_id, hash, size, structure, encoding, chunk)
    SELECT account_id, blob_id, ($9::bytea[])[n], size, ($10::bytea[])[n], ($11::bigint[])[n],
           ($12::bytea[])[n]
      FROM placed
    ON CONFLICT (account_id, blob_id) DO NOTHING),
  taken AS (
    DELETE FROM staged_blobs USING placed
     WHERE staged_blobs.account_id = placed.account_id AND staged_blobs.blob_id = placed.staged
       AND placed.staged <> 0),
  message AS (
    INSERT INTO messages (account_id, mailbox_id, uid, blob_id, size, internal_date, internal_zone, save_date,
                          pop3_uidl)
    SELECT account_id, target, uid, blob_id, size,
           'epoch'::timestamptz + internal_date * interval '1 microsecond', ($13::bigint[])[n],
           'epoch'::timestamptz + ($14::bigint[])[n] * interval '1 microsecond', nullif(($15::text[])[n], '')
      FROM placed),
  page AS (
    INSERT INTO message_pages (account_id, mailbox_id, page, max_modseq, data)
    SELECT account_id, target, uid >> 7, max(modseq),
           string_agg(substr(int8send(uid), 5) || int8send(modseq) || ($16::bytea[])[n], ''::bytea ORDER BY uid)
      FROM placed
     GROUP BY account_id, target, uid >> 7
    ON CONFLICT (account_id, mailbox_id, page)
    DO UPDATE SET max_modseq = excluded.max_modseq, data = message_pages.data || excluded.data),
  written AS (
    INSERT INTO write_keys (account_id, write_key, mailbox_id, first_uid, modseq)
    SELECT account_id, write_key, target, uid, modseq FROM placed)
  SELECT n, target, uid_validity, uid, modseq, false FROM placed
  UNION ALL
  SELECT n, known_in,
         coalesce((SELECT mailboxes.uid_validity FROM mailboxes
                    WHERE mailboxes.account_id = incoming.account_id AND mailboxes.mailbox_id = known_in), 0),
         known_uid, known_modseq, true
    FROM incoming
   WHERE known_in IS NOT NULL)sql"};

std::int64_t microseconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

}  // namespace

Query place_messages(const std::vector<const Placement*>& placements, Room room) {
  std::vector<std::int64_t> accounts, mailboxes, sizes, unseen, deleted, staged, dates, saved, encodings,
      zones;
  std::vector<Bytes> keys, hashes, structures, chunks, flags;
  std::vector<std::string> uidls;
  for (const Placement* placement : placements) {
    const StagedMessage& message = *placement->message;
    const auto bit = [placement](SystemFlag flag) {
      return (placement->system_flags & static_cast<std::uint8_t>(flag)) != 0;
    };
    accounts.push_back(raw(placement->account));
    mailboxes.push_back(placement->mailbox ? raw(*placement->mailbox) : 0);
    sizes.push_back(static_cast<std::int64_t>(message.size));
    unseen.push_back(bit(SystemFlag::seen) ? 0 : 1);
    deleted.push_back(bit(SystemFlag::deleted) ? 1 : 0);
    staged.push_back(message.chunks > 0 ? raw(message.blob) : 0);
    dates.push_back(microseconds(placement->internal_date));
    saved.push_back(microseconds(placement->save_date));
    zones.push_back(placement->internal_zone_minutes);
    encodings.push_back(message.first_encoding);
    keys.push_back(Bytes{placement->key});
    hashes.push_back(Bytes{message.hash});
    structures.push_back(Bytes{message.structure});
    chunks.push_back(Bytes{message.first_chunk});
    flags.push_back(Bytes{placement->flags});
    uidls.push_back(placement->pop3_uidl);
  }
  Params params(accounts, mailboxes, sizes, unseen, deleted, staged, dates, keys, hashes, structures,
                encodings, chunks, zones, saved, uidls, flags, room == Room::not_asked);
  return Query(kPlaceMessages, std::move(params));
}

std::vector<Placed> placed_from(const Rows& rows) {
  std::vector<Placed> all;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    Placed placed;
    placed.index = static_cast<std::size_t>(row.get<std::int64_t>(0) - 1);
    placed.mailbox = row.get<MailboxId>(1);
    placed.appended.uid_validity = row.get<UidValidity>(2);
    placed.appended.uid = row.get<Uid>(3);
    placed.appended.modseq = row.get<ModSeq>(4);
    placed.appended.duplicate = row.get<bool>(5);
    all.push_back(placed);
  }
  return all;
}

}  // namespace postern::postgres
