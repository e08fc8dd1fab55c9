#include "storage/blob_cache.h"

namespace postern {

std::size_t ChunkKeyHash::operator()(const ChunkKey& key) const noexcept {
  const auto mixed = static_cast<std::uint64_t>(raw(key.account)) * 0x9E3779B97F4A7C15u ^
                     static_cast<std::uint64_t>(raw(key.blob)) * 0xC2B2AE3D27D4EB4Fu ^ key.number;
  return std::hash<std::uint64_t>()(mixed);
}

std::uint64_t BlobCache::cost(const Entry& entry) {
  constexpr std::uint64_t kEntryOctets = 160;  // list node, map node, string, control block
  return entry.chunk->capacity() + kEntryOctets;
}

ChunkPtr BlobCache::find(const ChunkKey& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return found->second->chunk;
}

void BlobCache::put(const ChunkKey& key, ChunkPtr chunk) {
  if (entries_.contains(key)) return;  // the same octets
  by_use_.push_front(Entry{key, std::move(chunk)});
  entries_.emplace(key, by_use_.begin());
  octets_ += cost(by_use_.front());
  while (octets_ > octets_max_ && !by_use_.empty()) {
    octets_ -= cost(by_use_.back());
    entries_.erase(by_use_.back().key);
    by_use_.pop_back();
  }
}

}  // namespace postern
