// Bounds of one connection that no administrator needs to turn; the others are in HttpSettings.
#pragma once

#include <cstddef>
#include <cstdint>

namespace postern::http {

constexpr std::size_t kHeadOctetsMax = 32 * 1024;  // request line and fields
constexpr std::size_t kTargetOctetsMax = 8 * 1024;
constexpr std::size_t kFieldsMax = 100;
constexpr std::size_t kChunkLineOctetsMax = 4 * 1024;    // a chunk's size line, or all trailers
constexpr std::size_t kInputOctetsMax = 64 * 1024;       // received and not looked at yet
constexpr std::uint64_t kBodyOctetsPerSecondMin = 1024;  // a slower client is given up, after a time of grace
constexpr std::uint64_t kSkippedBodyOctetsMax = 64 * 1024;  // of a body that its handler did not read

}  // namespace postern::http
