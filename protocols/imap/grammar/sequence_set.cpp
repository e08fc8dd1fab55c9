#include "protocols/imap/grammar/sequence_set.h"

#include <algorithm>

namespace postern::imap {

namespace {

// Ascending by first, overlapping and adjacent ranges merged, "*" replaced.
std::vector<NumberRange> merged(const SequenceSet& set, std::uint32_t largest) {
  std::vector<NumberRange> ranges;
  ranges.reserve(set.ranges.size());
  for (const SequenceSet::Range& range : set.ranges) {
    const std::uint32_t first = range.first == SequenceSet::kLargest ? largest : range.first;
    const std::uint32_t last = range.last == SequenceSet::kLargest ? largest : range.last;
    ranges.push_back({std::min(first, last), std::max(first, last)});
  }
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (const NumberRange& range : ranges) {
    if (kept > 0 && (range.first <= ranges[kept - 1].last || range.first - 1 == ranges[kept - 1].last)) {
      ranges[kept - 1].last = std::max(ranges[kept - 1].last, range.last);
    } else {
      ranges[kept++] = range;
    }
  }
  ranges.resize(kept);
  return ranges;
}

// "*", "1:*" and "*:1": all that a client can ask of a mailbox before it knows that it is empty.
bool means_all_or_last(const SequenceSet::Range& range) {
  const auto is_end = [](std::uint32_t number) { return number == SequenceSet::kLargest || number == 1; };
  return is_end(range.first) && is_end(range.last) &&
         std::min(range.first, range.last) == SequenceSet::kLargest;
}

}  // namespace

Result<std::vector<NumberRange>> resolve_numbers(const SequenceSet& set, std::uint32_t exists) {
  if (exists == 0 && std::all_of(set.ranges.begin(), set.ranges.end(), means_all_or_last)) {
    return std::vector<NumberRange>();
  }
  std::vector<NumberRange> ranges = merged(set, exists);
  if (!ranges.empty() && (ranges.back().last > exists || ranges.front().first == 0)) {
    return Error(ErrorKind::invalid, "expected message numbers that exist");
  }
  return ranges;
}

UidSet resolve_uids(const SequenceSet& set, Uid largest) {
  UidSet uids;
  if (raw(largest) == 0) return uids;
  for (const NumberRange& range : merged(set, raw(largest))) uids.add(Uid(range.first), Uid(range.last));
  return uids;
}

std::string to_sequence_text(const std::vector<std::uint32_t>& ascending) {
  std::string out;
  for (std::size_t i = 0; i < ascending.size();) {
    std::size_t end = i + 1;
    while (end < ascending.size() && ascending[end] == ascending[end - 1] + 1) ++end;
    if (i > 0) out += ',';
    out += std::to_string(ascending[i]);
    if (end - i > 1) out += ':' + std::to_string(ascending[end - 1]);
    i = end;
  }
  return out;
}

}  // namespace postern::imap
