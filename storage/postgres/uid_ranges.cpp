#include "storage/postgres/uid_ranges.h"

#include "gateway/base/text.h"

namespace postern::postgres {

Result<void> read_uid_ranges(std::string_view set, std::vector<UidRange>& ranges) {
  for (const std::string_view item : text::split(set, ',')) {
    const auto ends = text::split(item, ':');
    const auto first = text::number(ends.front(), raw(kUidMax));
    const auto last = text::number(ends.back(), raw(kUidMax));
    if (ends.size() > 2 || !first || !last || *first == 0 || *first > *last) {
      return Error(ErrorKind::internal, "expunged: not a uid-set");
    }
    ranges.push_back(
        UidRange{Uid(static_cast<std::uint32_t>(*first)), Uid(static_cast<std::uint32_t>(*last))});
  }
  return {};
}

}  // namespace postern::postgres
