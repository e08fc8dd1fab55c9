// What is known of messages without their octets, and a head start on the octets.
#include "storage/postgres/messages.h"

#include <algorithm>

namespace postern::postgres {

namespace {

constexpr Statement kReadFacts{"read_facts", R"sql(
  SELECT uid, blob_id, size, internal_date, internal_zone, save_date, coalesce(pop3_uidl, '')
    FROM messages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND uid = ANY ($3::bigint[])
   ORDER BY uid)sql"};

constexpr Statement kReadStructures{"read_structures", R"sql(
  SELECT message.uid, message.blob_id, message.size, message.internal_date, message.internal_zone,
         message.save_date, coalesce(message.pop3_uidl, ''), blob.structure
    FROM messages message
    JOIN blobs blob USING (account_id, blob_id)
   WHERE message.account_id = $1::bigint AND message.mailbox_id = $2::bigint AND message.uid = ANY ($3::bigint[])
   ORDER BY message.uid)sql"};

// Packed, because ten thousand rows of two numbers cost more to make and to read than their content; in
// groups, so that no value is larger than 128 KiB.
constexpr Statement kReadListing{"read_listing", R"sql(
  SELECT string_agg(int8send(uid) || int8send(size), ''::bytea ORDER BY uid),
         coalesce(array_agg(uid ORDER BY uid) FILTER (WHERE pop3_uidl IS NOT NULL), '{}'),
         coalesce(array_agg(pop3_uidl ORDER BY uid) FILTER (WHERE pop3_uidl IS NOT NULL), '{}')
    FROM messages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND uid >= $3::bigint
   GROUP BY uid / 8192
   ORDER BY uid / 8192)sql"};

constexpr std::size_t kListedOctets = 16;

std::uint64_t number_at(std::string_view octets, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = at; i < at + 8; ++i) number = number << 8 | static_cast<unsigned char>(octets[i]);
  return number;
}

MessageFacts facts_from(const Row& row, FetchDepth depth) {
  MessageFacts facts;
  facts.uid = row.get<Uid>(0);
  facts.blob = row.get<BlobId>(1);
  facts.size = static_cast<std::uint64_t>(row.get<std::int64_t>(2));
  facts.internal_date = row.get<WallTime>(3);
  facts.internal_zone_minutes = row.get<std::int16_t>(4);
  facts.save_date = row.get<WallTime>(5);
  facts.pop3_uidl = row.get<std::string>(6);
  if (depth == FetchDepth::structure) facts.structure = row.get<std::string>(7);
  return facts;
}

}  // namespace

Task<Result<std::vector<MessageFacts>>> PostgresMessages::facts(MailboxKey mailbox, UidSet uids,
                                                                FetchDepth depth) {
  if (uids.size() > kFactsMax) co_return Error(ErrorKind::invalid, "facts of too many messages at a time");
  std::vector<MessageFacts> facts;
  std::vector<std::int64_t> unknown;
  uids.each([&](Uid uid) {
    const FactsPtr known = facts_.find(PlacedUid{mailbox, uid});
    if (!known) {
      unknown.push_back(raw(uid));
    } else {
      facts.push_back(*known);
    }
  });
  if (unknown.empty()) co_return facts;
  const Statement& statement = depth == FetchDepth::structure ? kReadStructures : kReadFacts;
  Params params(mailbox.account, mailbox.mailbox, unknown);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, statement, std::move(params)));
  const auto known = static_cast<std::ptrdiff_t>(facts.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    facts.push_back(facts_from(rows[i], depth));
    if (depth == FetchDepth::structure) keep(mailbox, facts.back());
  }
  std::inplace_merge(facts.begin(), facts.begin() + known, facts.end(),
                     [](const MessageFacts& a, const MessageFacts& b) { return a.uid < b.uid; });
  co_return facts;
}

void PostgresMessages::keep(MailboxKey mailbox, const MessageFacts& facts) {
  const std::uint64_t octets = sizeof(MessageFacts) + facts.structure.size() + facts.pop3_uidl.size();
  facts_.put(PlacedUid{mailbox, facts.uid}, std::make_shared<const MessageFacts>(facts), octets);
}

Task<Result<Listing>> PostgresMessages::listing(MailboxKey mailbox, Uid first) {
  Params params(mailbox.account, mailbox.mailbox, first);
  CO_TRY(Rows rows, co_await database_.query(Lane::bulk, kReadListing, std::move(params)));
  Listing listing;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto octets = rows[i].get<std::string_view>(0);
    for (std::size_t at = 0; at + kListedOctets <= octets.size(); at += kListedOctets) {
      listing.sizes.emplace_back(Uid(static_cast<std::uint32_t>(number_at(octets, at))),
                                 number_at(octets, at + 8));
    }
    const auto uids = rows[i].get<std::vector<std::int64_t>>(1);
    auto uidls = rows[i].get<std::vector<std::string>>(2);
    for (std::size_t k = 0; k < uids.size(); ++k) {
      listing.pop3_uidls.emplace_back(Uid(static_cast<std::uint32_t>(uids[k])), std::move(uidls[k]));
    }
  }
  co_return listing;
}

void PostgresMessages::read_ahead(AccountId account, std::span<const MessageFacts> messages) {
  std::vector<BlobId> blobs;
  for (const MessageFacts& message : messages) blobs.push_back(message.blob);
  blobs_.read_ahead(account, std::move(blobs));
}

}  // namespace postern::postgres
