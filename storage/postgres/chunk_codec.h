// How a chunk of octets stands in its row: as it is, or as one zstd frame where that saves a tenth. The only
// unit that knows the numbers of the column `encoding`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace postern::postgres {

struct PackedChunk {
  std::int16_t encoding = 0;
  std::string octets;
};

// Costs about 0.6 ms for a full chunk: call it in a worker unless the chunk is small.
PackedChunk pack_chunk(std::string octets);

// internal: damaged, or more than octets_max.
Result<std::string> unpack_chunk(std::int16_t encoding, std::string_view octets, std::size_t octets_max);

constexpr std::size_t kPackInPlaceOctetsMax = 64 * 1024;  // beyond: in a worker

}  // namespace postern::postgres
