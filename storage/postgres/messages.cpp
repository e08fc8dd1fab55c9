// Messages in: deliver; and the expunge log.
#include "storage/postgres/messages.h"

#include <algorithm>

#include "gateway/base/machine.h"
#include "storage/postgres/page_codec.h"
#include "storage/postgres/sha256.h"
#include "storage/postgres/uid_ranges.h"
#include "storage/postgres/write_keys.h"

namespace postern::postgres {

namespace {

constexpr Statement kReadExpunged{"read_expunged", R"sql(
  SELECT uids FROM expunged
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND modseq > $3::bigint)sql"};

// The account, the envelope and the octets before our own trace header: what an MTA sends again when it did
// not hear our answer (law 5). Lengths keep the fields apart.
std::string delivery_key(const Delivery& delivery, const std::string& content_hash) {
  Sha256 hash;
  for (const std::string& field :
       {std::to_string(raw(delivery.account)), delivery.reverse_path, delivery.recipient, content_hash}) {
    hash.add(std::to_string(field.size())).add(":").add(field);
  }
  return hash.finish();
}

// A message is read several times as fast from memory as from the database.
std::uint64_t blob_cache_octets(const Settings& settings) {
  constexpr std::uint64_t kMiB = 1024 * 1024;
  if (settings.store.blob_cache_octets > 0) return settings.store.blob_cache_octets;
  const std::uint32_t asked = settings.server.workers;
  const std::uint32_t workers = asked > 0 ? asked : processor_cores();
  return std::clamp(usable_memory_octets() / 32 / workers, 64 * kMiB, 256 * kMiB);
}

}  // namespace

PostgresMessages::PostgresMessages(Database& database, Doorbell& doorbell, const Settings& settings,
                                   const Clock& clock)
    : database_(database),
      doorbell_(doorbell),
      clock_(clock),
      index_(database, settings.store.index_cache_octets),
      facts_(settings.store.facts_cache_octets),
      listings_(settings.store.facts_cache_octets / 2),
      blobs_(database, blob_cache_octets(settings)),
      deliveries_(database, doorbell, settings) {}

Task<void> PostgresMessages::drained() {
  co_await deliveries_.drained();
  co_await blobs_.drained();
}

std::unique_ptr<MessageSink> PostgresMessages::receive(AccountId home, std::string trace_header) {
  return blobs_.receive(home, std::move(trace_header));
}

Task<Result<Appended>> PostgresMessages::deliver(const StagedMessage& message, Delivery delivery) {
  Placement placement;
  placement.account = delivery.account;
  placement.mailbox = delivery.mailbox;
  placement.key = delivery_key(delivery, message.content_hash);
  placement.flags = encode_flags(0, std::vector<KeywordTable::Number>());
  placement.internal_date = clock_.now();
  co_return co_await place(message, std::move(placement));
}

Task<Result<Appended>> PostgresMessages::place(const StagedMessage& message, Placement placement) {
  placement.save_date = clock_.now();
  placement.message = &message;
  if (message.chunks == 0 || message.home == placement.account) {
    co_return co_await deliveries_.place(std::move(placement));
  }
  CO_TRY(StagedMessage moved, co_await blobs_.stage_for(placement.account, message));
  placement.message = &moved;
  co_return co_await deliveries_.place(std::move(placement));
}

Task<Result<UidSet>> PostgresMessages::vanished_since(MailboxKey mailbox, ModSeq since) {
  Params params(mailbox.account, mailbox.mailbox, since);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kReadExpunged, std::move(params)));
  std::vector<UidRange> ranges;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CO_TRY_VOID(read_uid_ranges(rows[i].get<std::string_view>(0), ranges));
  }
  // Ascending adds cost nothing; sets of many small expunges in their own order would cost their square.
  std::sort(ranges.begin(), ranges.end(),
            [](const UidRange& a, const UidRange& b) { return a.first < b.first; });
  UidSet vanished;
  for (const UidRange& range : ranges) vanished.add(range.first, range.last);
  co_return vanished;
}

}  // namespace postern::postgres
