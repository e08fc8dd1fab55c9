#include "storage/blob_cache.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

ChunkKey key(std::uint32_t number) {
  return ChunkKey{AccountId(1), BlobId(7), number};
}
ChunkPtr chunk(std::size_t size, char c = 'x') {
  return std::make_shared<const std::string>(size, c);
}

TEST(BlobCache, KeepsWhatWasUsedLastWithinItsBound) {
  BlobCache cache(10'000);
  for (std::uint32_t i = 0; i < 3; ++i) cache.put(key(i), chunk(3000));
  EXPECT_NE(cache.find(key(0)), nullptr);  // used again: 1 is now the oldest
  cache.put(key(3), chunk(3000));
  EXPECT_EQ(cache.find(key(1)), nullptr);
  EXPECT_NE(cache.find(key(0)), nullptr);
  EXPECT_NE(cache.find(key(3)), nullptr);
  EXPECT_LE(cache.octets(), 10'000u);
}

TEST(BlobCache, AChunkBeyondTheBoundIsNotKept) {
  BlobCache cache(1000);
  const ChunkPtr large = chunk(2000);
  cache.put(key(1), large);
  EXPECT_EQ(cache.find(key(1)), nullptr);
  EXPECT_EQ(cache.octets(), 0u);
  EXPECT_EQ(large->size(), 2000u);
}

TEST(BlobCache, AccountsDoNotShare) {
  BlobCache cache(10'000);
  cache.put(key(1), chunk(10, 'a'));
  EXPECT_EQ(cache.find(ChunkKey{AccountId(2), BlobId(7), 1}), nullptr);
  EXPECT_EQ(cache.find(ChunkKey{AccountId(1), BlobId(8), 1}), nullptr);
  EXPECT_EQ(*cache.find(key(1)), std::string(10, 'a'));
}

TEST(BlobCache, ALargeMessageDoesNotDriveOutOthers) {
  BlobCache cache(64 * 1024 * 1024);
  for (std::uint32_t i = 0; i < 200; ++i) cache.put(key(i), chunk(256 * 1024));
  EXPECT_NE(cache.find(key(0)), nullptr);
  EXPECT_NE(cache.find(key(BlobCache::kChunksKept - 1)), nullptr);
  EXPECT_EQ(cache.find(key(BlobCache::kChunksKept)), nullptr);
  EXPECT_NE(cache.find(key(199)), nullptr);
  EXPECT_LE(cache.octets(), BlobCache::kChunksKept * 257 * 1024 + BlobCache::kPassingOctetsMax);
}

TEST(BlobCache, PuttingTwiceCountsOnce) {
  BlobCache cache(10'000);
  cache.put(key(1), chunk(100));
  const auto octets = cache.octets();
  cache.put(key(1), chunk(100));
  EXPECT_EQ(cache.octets(), octets);
}

}  // namespace
}  // namespace postern
