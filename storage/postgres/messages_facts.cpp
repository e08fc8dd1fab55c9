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

// Packed, because ten thousand rows of two numbers cost more to make and to read than their content.
// Aggregates take their input in the order of a subquery (PostgreSQL 9.21); an ORDER BY of their own would
// sort it again.
constexpr std::int64_t kListedMax = 16'384;  // a value of 256 KiB
constexpr Statement kReadListing{"read_listing", R"sql(
  SELECT coalesce(string_agg(int8send(uid) || int8send(size), ''::bytea), ''),
         coalesce(array_agg(uid) FILTER (WHERE pop3_uidl IS NOT NULL), '{}'),
         coalesce(array_agg(pop3_uidl) FILTER (WHERE pop3_uidl IS NOT NULL), '{}')
    FROM (SELECT uid, size, pop3_uidl
            FROM messages
           WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND uid >= $3::bigint
           ORDER BY uid
           LIMIT $4::bigint) listed)sql"};

constexpr std::size_t kListedOctets = 16;
constexpr std::size_t kUidlOctets = 70;  // RFC 1939 §7: 70 at most

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

void add_listed(const Row& row, Listing& listing) {
  const auto octets = row.get<std::string_view>(0);
  listing.sizes.reserve(listing.sizes.size() + octets.size() / kListedOctets);
  for (std::size_t at = 0; at + kListedOctets <= octets.size(); at += kListedOctets) {
    const auto uid = Uid(static_cast<std::uint32_t>(number_at(octets, at)));
    listing.sizes.emplace_back(uid, number_at(octets, at + 8));
  }
  const auto uids = row.get<std::vector<std::int64_t>>(1);
  auto uidls = row.get<std::vector<std::string>>(2);
  for (std::size_t i = 0; i < uids.size(); ++i) {
    listing.pop3_uidls.emplace_back(Uid(static_cast<std::uint32_t>(uids[i])), std::move(uidls[i]));
  }
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

Task<Result<ListingPtr>> PostgresMessages::listing(MailboxKey mailbox, Uid first, Uid last) {
  ListingPtr known = listings_.find(mailbox);
  if (known && (known->sizes.empty() || known->sizes.front().first > first)) known = nullptr;
  if (known && known->sizes.back().first >= last) co_return known;
  Listing listing;
  Uid from = first;
  if (known) {
    listing = *known;
    from = Uid(raw(listing.sizes.back().first) + 1);
  }
  for (bool more = true; more;) {
    const std::size_t before = listing.sizes.size();
    Params params(mailbox.account, mailbox.mailbox, from, kListedMax);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kReadListing, std::move(params)));
    add_listed(rows[0], listing);
    more = listing.sizes.size() - before == kListedMax;
    if (more) from = Uid(raw(listing.sizes.back().first) + 1);
  }
  const std::uint64_t octets = listing.sizes.capacity() * sizeof(listing.sizes[0]) +
                               listing.pop3_uidls.capacity() * (sizeof(listing.pop3_uidls[0]) + kUidlOctets);
  ListingPtr now = std::make_shared<const Listing>(std::move(listing));
  listings_.forget(mailbox);
  listings_.put(mailbox, now, octets);
  co_return now;
}

void PostgresMessages::read_ahead(AccountId account, std::span<const MessageFacts> messages) {
  std::vector<BlobId> blobs;
  for (const MessageFacts& message : messages) blobs.push_back(message.blob);
  blobs_.read_ahead(account, std::move(blobs));
}

}  // namespace postern::postgres
