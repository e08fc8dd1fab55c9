// What devices know: two generations for each collection and for the folders, advanced by comparison.
#include <algorithm>

#include "storage/postgres/devices.h"
#include "storage/postgres/ledger_codec.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr std::int64_t kNoKey = -1;  // of a ledger that is not there yet

constexpr Statement kLedgers{"find_sync_ledgers", R"sql(
 SELECT collection_id, current, previous
   FROM sync_ledgers
  WHERE account_id = $1::bigint AND device_id = $2::text AND collection_id = ANY($3::bigint[])
  ORDER BY collection_id)sql"};

// The device's row keeps a removal out until the ledgers are there to be removed with it.
constexpr Statement kAdvance{"advance_sync_ledgers", R"sql(
 WITH device AS MATERIALIZED (
     SELECT account_id, device_id FROM devices
      WHERE account_id = $1::bigint AND device_id = $2::text FOR KEY SHARE),
 next AS (
     SELECT device.account_id, device.device_id, change.*
       FROM device,
            unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bytea[])
                AS change (collection_id, expected_key, current_key, current, previous)),
 made AS (
     INSERT INTO sync_ledgers (account_id, device_id, collection_id, current_key, current, previous)
     SELECT account_id, device_id, collection_id, current_key, current, nullif(previous, '')
       FROM next WHERE expected_key = -1
     ON CONFLICT DO NOTHING
     RETURNING collection_id),
 advanced AS (
     UPDATE sync_ledgers ledger
        SET current_key = next.current_key, current = next.current, previous = nullif(next.previous, '')
       FROM next
      WHERE ledger.account_id = next.account_id AND ledger.device_id = next.device_id
        AND ledger.collection_id = next.collection_id AND ledger.current_key = next.expected_key
     RETURNING ledger.collection_id)
 SELECT collection_id FROM made UNION ALL SELECT collection_id FROM advanced ORDER BY collection_id)sql"};

constexpr Statement kFolders{"find_folder_ledger", R"sql(
 SELECT current, previous FROM folder_ledgers WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

constexpr Statement kAdvanceFolders{"advance_folder_ledger", R"sql(
 WITH device AS MATERIALIZED (
     SELECT account_id, device_id FROM devices
      WHERE account_id = $1::bigint AND device_id = $2::text FOR KEY SHARE),
 made AS (
     INSERT INTO folder_ledgers (account_id, device_id, current_key, current, previous)
     SELECT account_id, device_id, $4::bigint, $5::bytea, nullif($6::bytea, '')
       FROM device WHERE $3::bigint = -1
     ON CONFLICT DO NOTHING
     RETURNING 1),
 advanced AS (
     UPDATE folder_ledgers ledger
        SET current_key = $4::bigint, current = $5::bytea, previous = nullif($6::bytea, '')
       FROM device
      WHERE ledger.account_id = device.account_id AND ledger.device_id = device.device_id
        AND ledger.current_key = $3::bigint
     RETURNING 1)
 SELECT 1 FROM made UNION ALL SELECT 1 FROM advanced)sql"};

constexpr Statement kForgetSome{"forget_sync_ledgers", R"sql(
 DELETE FROM sync_ledgers
  WHERE account_id = $1::bigint AND device_id = $2::text AND collection_id = ANY($3::bigint[]))sql"};
constexpr Statement kForgetCollections{"forget_all_sync_ledgers", R"sql(
 DELETE FROM sync_ledgers WHERE account_id = $1::bigint AND device_id = $2::text)sql"};
constexpr Statement kForgetFolders{"forget_folder_ledger", R"sql(
 DELETE FROM folder_ledgers WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

std::int64_t key_number(std::optional<std::uint32_t> key) {
  return key ? std::int64_t{*key} : kNoKey;
}

// Columns `column` and the next one: current and previous.
template <class Generation, class Decode>
Result<Ledger<Generation>> ledger_from_row(const Row& row, int column, Decode decode) {
  Ledger<Generation> ledger;
  TRY(ledger.current, decode(row.get<std::string_view>(column)));
  if (!row.is_null(column + 1)) {
    TRY(Generation previous, decode(row.get<std::string_view>(column + 1)));
    ledger.previous = std::move(previous);
  }
  return ledger;
}

template <class Generation>
struct EncodedLedger {
  explicit EncodedLedger(const Ledger<Generation>& ledger) : current(encode_generation(ledger.current)) {
    if (ledger.previous) previous = encode_generation(*ledger.previous);
  }
  bool fits() const { return current.size() <= kLedgerOctetsMax && previous.size() <= kLedgerOctetsMax; }
  std::string current;
  std::string previous;  // empty: none
};

}  // namespace

Task<Result<std::vector<CollectionLedger>>> PostgresDevices::ledgers(DeviceKey key,
                                                                     std::vector<CollectionId> collections) {
  if (collections.size() > kCollectionsMax) co_return Error(ErrorKind::too_large, "too many collections");
  std::vector<std::int64_t> numbers;
  for (const CollectionId collection : collections) numbers.push_back(raw(collection));
  Params params(key.account, key.id, numbers);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kLedgers, std::move(params)));
  std::vector<CollectionLedger> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CO_TRY(SyncLedger ledger, ledger_from_row<SyncGeneration>(rows[i], 1, decode_sync_generation));
    found.emplace_back(rows[i].get<CollectionId>(0), std::move(ledger));
  }
  co_return found;
}

Task<Result<std::vector<CollectionId>>> PostgresDevices::advance(DeviceKey key,
                                                                 std::vector<LedgerChange> changes) {
  std::vector<CollectionId> advanced;
  if (changes.empty()) co_return advanced;
  if (changes.size() > kCollectionsMax) co_return Error(ErrorKind::too_large, "too many collections");
  // One order of locks for all.
  std::sort(changes.begin(), changes.end(),
            [](const LedgerChange& a, const LedgerChange& b) { return a.collection < b.collection; });
  std::vector<std::int64_t> collections, expected, keys;
  std::vector<EncodedLedger<SyncGeneration>> encoded;
  for (const LedgerChange& change : changes) {
    collections.push_back(raw(change.collection));
    expected.push_back(key_number(change.expected_key));
    keys.push_back(change.next.current.key);
    if (!encoded.emplace_back(change.next).fits()) co_return Error(ErrorKind::too_large, "ledger");
  }
  std::vector<Bytes> current, previous;
  for (const auto& ledger : encoded) {
    current.push_back(Bytes{ledger.current});
    previous.push_back(Bytes{ledger.previous});
  }
  Params params(key.account, key.id, collections, expected, keys, current, previous);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kAdvance, std::move(params)));
  for (std::size_t i = 0; i < rows.size(); ++i) advanced.push_back(rows[i].get<CollectionId>(0));
  co_return advanced;
}

Task<Result<FolderLedger>> PostgresDevices::folders(DeviceKey key) {
  Params params(key.account, key.id);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFolders, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no folders are known to the device");
  co_return ledger_from_row<FolderGeneration>(rows[0], 0, decode_folder_generation);
}

Task<Result<void>> PostgresDevices::advance_folders(DeviceKey key, std::optional<std::uint32_t> expected_key,
                                                    FolderLedger next) {
  const EncodedLedger<FolderGeneration> encoded(next);
  if (!encoded.fits()) co_return Error(ErrorKind::too_large, "ledger");
  const Bytes current{encoded.current};
  const Bytes previous{encoded.previous};
  Params params(key.account, key.id, key_number(expected_key), next.current.key, current, previous);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kAdvanceFolders, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::stale, "another folder key");
  co_return Result<void>();
}

Task<Result<void>> PostgresDevices::forget_ledgers(DeviceKey key, std::vector<CollectionId> collections) {
  std::vector<Query> queries;
  if (collections.empty()) {
    queries.emplace_back(kForgetCollections, Params(key.account, key.id));
    queries.emplace_back(kForgetFolders, Params(key.account, key.id));
  } else {
    std::vector<std::int64_t> numbers;
    for (const CollectionId collection : collections) numbers.push_back(raw(collection));
    queries.emplace_back(kForgetSome, Params(key.account, key.id, numbers));
  }
  CO_TRY_VOID(co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  co_return Result<void>();
}

}  // namespace postern::postgres
