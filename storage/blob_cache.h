// Octets of messages that were read lately: chunks by (account, blob, number), dropped by last use once they
// exceed the bound. Blobs never change, so nothing is ever invalidated.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

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
  explicit BlobCache(std::uint64_t octets_max) : octets_max_(octets_max) {}

  ChunkPtr find(const ChunkKey& key);  // null: not here
  void put(const ChunkKey& key, ChunkPtr chunk);
  std::uint64_t octets() const { return octets_; }

 private:
  struct Entry {
    ChunkKey key;
    ChunkPtr chunk;
  };
  static std::uint64_t cost(const Entry& entry);

  const std::uint64_t octets_max_;
  std::uint64_t octets_ = 0;
  std::list<Entry> by_use_;  // last used first
  std::unordered_map<ChunkKey, std::list<Entry>::iterator, ChunkKeyHash> entries_;
};

}  // namespace postern
