// Blobs: octets of messages in rows of 256 KiB (law 6). The writing end packs and stores chunks as they fill,
// the reading end fetches them one by one through the cache; both hold one chunk, and no connection between
// calls.
#pragma once

#include <unordered_map>

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "storage/blob_cache.h"
#include "storage/messages.h"
#include "storage/postgres/chunk_codec.h"
#include "storage/postgres/database.h"

namespace postern::postgres {

class Blobs {
 public:
  Blobs(Database& database, std::uint64_t cache_octets_max)
      : database_(database), cache_(cache_octets_max), scope_(database.loop()) {}

  std::unique_ptr<MessageSink> receive(AccountId home, std::string trace_header);
  std::unique_ptr<MessageReader> reader(AccountId account, BlobId blob, std::uint64_t size);

  // The same octets staged for another account, copied inside the database. `message` must outlive the call.
  // over_quota if that account has no room now, so that nothing is copied in vain.
  Task<Result<StagedMessage>> stage_for(AccountId account, const StagedMessage& message);

  // not_found: purged meanwhile.
  Task<Result<ChunkPtr>> chunk(ChunkKey key);

  // Begin to load what is likely to be asked for next; drop the wish if many are being fulfilled.
  void read_ahead(ChunkKey key);
  void read_ahead(AccountId account, std::vector<BlobId> blobs);  // the first chunks, by one query
  // Waits for what is being read ahead.
  Task<void> drained() { return scope_.drained(); }

  static constexpr std::size_t kReadAheadMax = 8;

  // For the writing end. Retried while it is in doubt: a chunk that is stored twice is the same chunk.
  Task<Result<BlobId>> begin_staging(AccountId home);
  Task<Result<void>> store_chunk(ChunkKey key, std::string octets);
  Task<PackedChunk> pack(std::string octets);

 private:
  using Waiters = std::vector<Promised<Result<ChunkPtr>>*>;

  Task<Result<ChunkPtr>> load(ChunkKey key);
  Task<void> load_for_later(ChunkKey key);
  Task<void> load_firsts(AccountId account, std::vector<BlobId> blobs);
  Result<ChunkPtr> take_in(ChunkKey key, std::int16_t encoding, std::string_view octets);
  void finish_loading(ChunkKey key, const Result<ChunkPtr>& outcome);

  Database& database_;
  BlobCache cache_;
  std::unordered_map<ChunkKey, Waiters, ChunkKeyHash> under_way_;
  TaskScope scope_;
};

}  // namespace postern::postgres
