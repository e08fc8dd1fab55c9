// Devices of all accounts, and the queue, in pages.
#include "gateway/base/text.h"
#include "storage/postgres/device_rows.h"
#include "storage/postgres/listings.h"
#include "storage/postgres/outbox_rows.h"

namespace postern::postgres {

namespace {

constexpr int kAddressOfDevice = 30;  // behind the device's own columns

constexpr Statement kDevices{"list_device_entries", "SELECT " POSTERN_DEVICE_COLUMNS R"sql(, owner_address
   FROM (SELECT record.*, account.address AS owner_address
           FROM device_records record JOIN accounts account USING (account_id)
           JOIN domains domain ON domain.domain_id = account.domain_id
          WHERE )sql" POSTERN_IN_REACH R"sql(
            AND ($3::text IS NULL OR domain.name = $3::text)
            AND (account.address COLLATE "C", record.device_id COLLATE "C") > ($4::text, $5::text)) found
  ORDER BY owner_address COLLATE "C", device_id COLLATE "C" LIMIT $6::bigint)sql"};

constexpr int kAddressOfMessage = 23;  // behind the message's own columns

#define POSTERN_QUEUE_ENTRY                                                      \
  "SELECT " POSTERN_QUEUED_COLUMNS                                               \
  ", account.address"                                                            \
  " FROM outbox JOIN accounts account ON account.account_id = outbox.account_id" \
  " JOIN domains domain ON domain.domain_id = account.domain_id WHERE " POSTERN_IN_REACH

constexpr Statement kQueue{"list_queue_entries", POSTERN_QUEUE_ENTRY R"sql(
    AND ($3::bigint IS NULL OR outbox.account_id = $3::bigint)
    AND ($4::boolean OR next_attempt IS NOT NULL) AND outbox.outbox_id > $5::bigint
  ORDER BY outbox.outbox_id LIMIT $6::bigint)sql"};
constexpr Statement kQueued{"find_queue_entry", POSTERN_QUEUE_ENTRY " AND outbox.outbox_id = $3::bigint"};

QueueEntry queue_entry_from_row(const Row& row) {
  QueueEntry entry;
  entry.message = queued_from_row(row);
  entry.account = row.get<std::string>(kAddressOfMessage);
  return entry;
}

}  // namespace

Task<Result<std::vector<DeviceEntry>>> PostgresListings::devices(Reach reach, DirectoryFilter filter,
                                                                 PageRange range) {
  std::vector<DeviceEntry> entries;
  const auto within = narrowed(reach, filter.tenant);
  if (!within) co_return entries;
  const std::size_t space = std::min(range.after.find(' '), range.after.size());
  const std::string address = range.after.substr(0, space);
  const std::string device = range.after.substr(std::min(space + 1, range.after.size()));
  Params params(within->tenant, within->domain, filter.domain, address, device, range.items_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kDevices, std::move(params)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    entries.emplace_back(rows[i].get<std::string>(kAddressOfDevice), device_from_row(rows[i]));
  }
  co_return entries;
}

Task<Result<std::vector<QueueEntry>>> PostgresListings::queue(Reach reach, OutboxFilter filter,
                                                              PageRange range) {
  const std::int64_t after = static_cast<std::int64_t>(text::number(range.after, INT64_MAX).value_or(0));
  Params params(reach.tenant, reach.domain, filter.account, filter.finished, after, range.items_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kQueue, std::move(params)));
  std::vector<QueueEntry> entries;
  for (std::size_t i = 0; i < rows.size(); ++i) entries.push_back(queue_entry_from_row(rows[i]));
  co_return entries;
}

Task<Result<QueueEntry>> PostgresListings::queued(Reach reach, OutboxId id) {
  Params params(reach.tenant, reach.domain, id);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kQueued, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such message in the queue");
  co_return queue_entry_from_row(rows[0]);
}

}  // namespace postern::postgres
