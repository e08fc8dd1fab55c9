// How a chunk of octets stands in its row: as it is, or as one zstd frame where that saves a tenth. The only
// unit that knows the numbers of the column `encoding`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

struct ZSTD_DCtx_s;

namespace postern::postgres {

struct PackedChunk {
  std::int16_t encoding = 0;
  std::string octets;
};

// Costs about 0.6 ms for a full chunk: call it in a worker unless the chunk is small.
PackedChunk pack_chunk(std::string octets);

// internal: damaged, or more than octets_max.
Result<std::string> unpack_chunk(std::int16_t encoding, std::string_view octets, std::size_t octets_max);

// The same for many, in half the time.
class ChunkUnpacker {
 public:
  ChunkUnpacker();
  ~ChunkUnpacker();
  ChunkUnpacker(const ChunkUnpacker&) = delete;
  ChunkUnpacker& operator=(const ChunkUnpacker&) = delete;
  Result<std::string> unpack(std::int16_t encoding, std::string_view octets, std::size_t octets_max);

 private:
  ZSTD_DCtx_s* context_;
};

constexpr std::size_t kPackInPlaceOctetsMax = 64 * 1024;  // beyond: in a worker

}  // namespace postern::postgres
