#include "storage/postgres/blobs.h"

#include <algorithm>

#include "gateway/async/worker.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kStageBlob{"stage_blob", R"sql(
  INSERT INTO staged_blobs (account_id, blob_id)
  VALUES ($1::bigint, nextval('blob_ids'))
  RETURNING blob_id)sql"};

constexpr Statement kStoreChunk{"store_chunk", R"sql(
  INSERT INTO blob_chunks (account_id, blob_id, number, encoding, data)
  VALUES ($1::bigint, $2::bigint, $3::integer, $4::smallint, $5::bytea)
  ON CONFLICT (account_id, blob_id, number) DO NOTHING)sql"};

// Outside the delivery's statement, so that no row of the receiving account is locked while megabytes move.
constexpr Statement kCopyStaged{"copy_staged", R"sql(
  WITH room AS (
    SELECT FROM account_usage
     WHERE account_id = $3::bigint AND NOT pool_full AND octets + $4::bigint <= coalesce(octets_max, 9223372036854775807)
       AND messages < coalesce(messages_max, 9223372036854775807)),
  staged AS (
    INSERT INTO staged_blobs (account_id, blob_id)
    SELECT $3::bigint, nextval('blob_ids') FROM room
    RETURNING blob_id),
  copied AS (
    INSERT INTO blob_chunks (account_id, blob_id, number, encoding, data)
    SELECT $3::bigint, staged.blob_id, chunk.number, chunk.encoding, chunk.data
      FROM staged, blob_chunks chunk
     WHERE chunk.account_id = $1::bigint AND chunk.blob_id = $2::bigint
    RETURNING number)
  SELECT staged.blob_id, (SELECT count(*) FROM copied) FROM staged)sql"};

constexpr Statement kReadFirstChunk{"read_first_chunk", R"sql(
  SELECT encoding, chunk FROM blobs WHERE account_id = $1::bigint AND blob_id = $2::bigint)sql"};

constexpr Statement kReadFirstChunks{"read_first_chunks", R"sql(
  SELECT blob_id, encoding, chunk FROM blobs
   WHERE account_id = $1::bigint AND blob_id = ANY ($2::bigint[]))sql"};

constexpr Statement kReadChunk{"read_chunk", R"sql(
  SELECT encoding, data FROM blob_chunks
   WHERE account_id = $1::bigint AND blob_id = $2::bigint AND number = $3::integer)sql"};

}  // namespace

Task<Result<BlobId>> Blobs::begin_staging(AccountId home) {
  Params params(home);
  CO_TRY(Rows rows, co_await query_repeatable(database_, Lane::bulk, kStageBlob, std::move(params)));
  co_return rows[0].get<BlobId>(0);
}

Task<PackedChunk> Blobs::pack(std::string octets) {
  if (octets.size() <= kPackInPlaceOctetsMax) co_return pack_chunk(std::move(octets));
  auto work = [&octets] { return pack_chunk(std::move(octets)); };
  co_return co_await in_worker(database_.loop(), work);
}

Task<Result<void>> Blobs::store_chunk(ChunkKey key, std::string octets) {
  PackedChunk packed = co_await pack(std::move(octets));
  const auto number = static_cast<std::int32_t>(key.number);
  Params params(key.account, key.blob, number, packed.encoding, Bytes{packed.octets});
  CO_TRY_VOID(co_await query_repeatable(database_, Lane::bulk, kStoreChunk, std::move(params)));
  co_return Result<void>();
}

Task<Result<StagedMessage>> Blobs::stage_for(AccountId account, const StagedMessage& message) {
  Params params(message.home, message.blob, account, message.size);
  CO_TRY(Rows rows, co_await query_repeatable(database_, Lane::bulk, kCopyStaged, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::over_quota, "no room for a large message");
  if (rows[0].get<std::int64_t>(1) != message.chunks)
    co_return Error(ErrorKind::unavailable, "staged octets are gone");
  StagedMessage copy = message;
  copy.home = account;
  copy.blob = rows[0].get<BlobId>(0);
  co_return copy;
}

// Readers of one chunk at the same time share one query.
Task<Result<ChunkPtr>> Blobs::chunk(ChunkKey key) {
  if (ChunkPtr known = cache_.find(key)) co_return known;
  if (const auto loading = under_way_.find(key); loading != under_way_.end()) {
    Promised<Result<ChunkPtr>> shared(database_.loop());
    loading->second.push_back(&shared);
    co_return co_await shared.get();
  }
  under_way_.emplace(key, Waiters());
  auto loaded = co_await load(key);
  finish_loading(key, loaded);
  co_return loaded;
}

void Blobs::finish_loading(ChunkKey key, const Result<ChunkPtr>& outcome) {
  const auto node = under_way_.extract(key);
  for (auto* waiter : node.mapped()) waiter->set(outcome);
}

void Blobs::read_ahead(ChunkKey key) {
  if (scope_.running() >= kReadAheadMax || under_way_.contains(key) || cache_.find(key)) return;
  scope_.start(load_for_later(key));
}

Task<void> Blobs::load_for_later(ChunkKey key) {
  // Whoever needs the chunk asks again and hears of an error then.
  auto ignored = co_await chunk(key);
}

Task<Result<ChunkPtr>> Blobs::load(ChunkKey key) {
  const Statement& statement = key.number == 0 ? kReadFirstChunk : kReadChunk;
  Params params(key.account, key.blob);
  if (key.number > 0) params.add(static_cast<std::int32_t>(key.number));
  CO_TRY(Rows rows, co_await database_.query(Lane::bulk, statement, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "octets are gone");
  co_return take_in(key, rows[0].get<std::int16_t>(0), rows[0].get<std::string_view>(1));
}

Result<ChunkPtr> Blobs::take_in(ChunkKey key, std::int16_t encoding, std::string_view octets) {
  TRY(std::string plain, unpack_chunk(encoding, octets, kChunkOctets));
  ChunkPtr loaded = std::make_shared<const std::string>(std::move(plain));
  cache_.put(key, loaded);
  return loaded;
}

void Blobs::read_ahead(AccountId account, std::vector<BlobId> blobs) {
  std::sort(blobs.begin(), blobs.end());
  blobs.erase(std::unique(blobs.begin(), blobs.end()), blobs.end());
  std::erase_if(blobs, [this, account](BlobId blob) {
    const ChunkKey key{account, blob, 0};
    return under_way_.contains(key) || cache_.find(key);
  });
  if (blobs.empty() || scope_.running() >= kReadAheadMax) return;
  for (const BlobId blob : blobs) under_way_.emplace(ChunkKey{account, blob, 0}, Waiters());
  scope_.start(load_firsts(account, std::move(blobs)));
}

Task<void> Blobs::load_firsts(AccountId account, std::vector<BlobId> blobs) {
  std::vector<std::int64_t> numbers;
  for (const BlobId blob : blobs) numbers.push_back(raw(blob));
  Params params(account, numbers);
  const auto rows = co_await database_.query(Lane::bulk, kReadFirstChunks, std::move(params));
  for (std::size_t i = 0; rows && i < rows->size(); ++i) {
    const Row row = (*rows)[i];
    const ChunkKey key{account, row.get<BlobId>(0), 0};
    finish_loading(key, take_in(key, row.get<std::int16_t>(1), row.get<std::string_view>(2)));
  }
  const Result<ChunkPtr> none = rows ? Error(ErrorKind::not_found, "octets are gone") : rows.error();
  for (const BlobId blob : blobs) {
    const ChunkKey key{account, blob, 0};
    if (under_way_.contains(key)) finish_loading(key, none);
  }
}

}  // namespace postern::postgres
