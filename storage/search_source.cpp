#include "storage/search_source.h"

#include <algorithm>

#include "gateway/async/worker.h"

namespace postern {

namespace {
// Decoding so little is quicker than a thread is awake.
constexpr std::size_t kDecodeInPlaceOctetsMax = 8 * 1024;
constexpr std::size_t kReadOctetsMax = 64 * 1024;
}  // namespace

Task<Result<void>> read_through(Loop& loop, MessageReader& reader, MessageWalk& walk,
                                std::function<bool()> enough) {
  while (!enough() && walk.next()) {
    const mime::OctetRange range = walk.range();
    for (std::uint64_t at = range.begin; at < range.end && !enough();) {
      const std::size_t wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(range.end - at, kReadOctetsMax));
      CO_TRY(const std::string_view octets, co_await reader.read(at, wanted));
      if (octets.empty()) break;
      at += octets.size();
      auto look = [&walk, octets] { return walk.feed(octets), true; };
      if (octets.size() <= kDecodeInPlaceOctetsMax) {
        look();
      } else {
        co_await in_worker(loop, look);
      }
    }
  }
  co_return Result<void>();
}

void read_through(std::string_view octets, MessageWalk& walk, const std::function<bool()>& enough) {
  while (!enough() && walk.next()) {
    const mime::OctetRange range = walk.range();
    if (range.begin >= octets.size()) continue;
    walk.feed(octets.substr(range.begin, range.size()));
  }
}

}  // namespace postern
