#include "storage/blob_cache.h"

namespace postern {

std::size_t ChunkKeyHash::operator()(const ChunkKey& key) const noexcept {
  const auto mixed = static_cast<std::uint64_t>(raw(key.account)) * 0x9E3779B97F4A7C15u ^
                     static_cast<std::uint64_t>(raw(key.blob)) * 0xC2B2AE3D27D4EB4Fu ^ key.number;
  return std::hash<std::uint64_t>()(mixed);
}

ChunkPtr BlobCache::find(const ChunkKey& key) {
  return home_of(key).find(key);
}

void BlobCache::put(const ChunkKey& key, const ChunkPtr& chunk) {
  home_of(key).put(key, chunk, chunk->capacity());
}

}  // namespace postern
