// Octets of messages that were read lately: chunks by (account, blob, number). Blobs never change.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "storage/lru_cache.h"
#include "storage/model/ids.h"

namespace postern {

struct ChunkKey {
  AccountId account{};
  BlobId blob{};
  std::uint32_t number = 0;
  friend bool operator==(const ChunkKey&, const ChunkKey&) = default;
};

struct ChunkKeyHash {
  std::size_t operator()(const ChunkKey& key) const noexcept;
};

using ChunkPtr = std::shared_ptr<const std::string>;

class BlobCache {
 public:
  explicit BlobCache(std::uint64_t octets_max) : whole_(octets_max) {}

  ChunkPtr find(const ChunkKey& key);  // null: not here
  void put(const ChunkKey& key, const ChunkPtr& chunk);
  std::uint64_t octets() const { return whole_.octets() + passing_.octets(); }

  // One message of many megabytes would drive out thousands that are read again. Of what lies behind so many
  // chunks only what was just loaded is kept, for those who read ahead or share it.
  static constexpr std::uint32_t kChunksKept = 16;
  static constexpr std::uint64_t kPassingOctetsMax = 4 * 1024 * 1024;

 private:
  using Chunks = LruCache<ChunkKey, ChunkPtr, ChunkKeyHash>;
  Chunks& home_of(const ChunkKey& key) { return key.number < kChunksKept ? whole_ : passing_; }

  Chunks whole_;
  Chunks passing_{kPassingOctetsMax};
};

}  // namespace postern
