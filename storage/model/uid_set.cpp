#include "storage/model/uid_set.h"

#include <algorithm>

namespace postern {

namespace {
// Wide enough that last + 1 cannot wrap.
std::uint64_t wide(Uid uid) {
  return raw(uid);
}
}  // namespace

UidSet UidSet::of(Uid first, Uid last) {
  UidSet set;
  set.add(first, last);
  return set;
}

void UidSet::add(Uid first, Uid last) {
  if (ranges_.empty() || wide(ranges_.back().last) + 1 < wide(first)) {
    ranges_.push_back({first, last});
    return;
  }
  // The ranges that touch [first, last] melt into one.
  auto begin = std::lower_bound(ranges_.begin(), ranges_.end(), first, [](const UidRange& range, Uid uid) {
    return wide(range.last) + 1 < wide(uid);
  });
  auto end = begin;
  while (end != ranges_.end() && wide(end->first) <= wide(last) + 1) {
    first = std::min(first, end->first);
    last = std::max(last, end->last);
    ++end;
  }
  if (begin == end) {
    ranges_.insert(begin, {first, last});
    return;
  }
  *begin = {first, last};
  ranges_.erase(begin + 1, end);
}

void UidSet::add(const UidSet& other) {
  for (const UidRange& range : other.ranges_) add(range.first, range.last);
}

void UidSet::remove(Uid uid) {
  auto at = std::lower_bound(ranges_.begin(), ranges_.end(), uid,
                             [](const UidRange& range, Uid u) { return range.last < u; });
  if (at == ranges_.end() || at->first > uid) return;
  if (at->first == at->last) {
    ranges_.erase(at);
  } else if (at->first == uid) {
    at->first = Uid(raw(uid) + 1);
  } else if (at->last == uid) {
    at->last = Uid(raw(uid) - 1);
  } else {
    const UidRange upper{Uid(raw(uid) + 1), at->last};
    at->last = Uid(raw(uid) - 1);
    ranges_.insert(at + 1, upper);
  }
}

bool UidSet::contains(Uid uid) const {
  const auto at = std::lower_bound(ranges_.begin(), ranges_.end(), uid,
                                   [](const UidRange& range, Uid u) { return range.last < u; });
  return at != ranges_.end() && at->first <= uid;
}

std::uint64_t UidSet::size() const {
  std::uint64_t count = 0;
  for (const UidRange& range : ranges_) count += wide(range.last) - wide(range.first) + 1;
  return count;
}

UidSet UidSet::intersect(const UidSet& other) const {
  UidSet out;
  auto a = ranges_.begin();
  auto b = other.ranges_.begin();
  while (a != ranges_.end() && b != other.ranges_.end()) {
    const Uid first = std::max(a->first, b->first);
    const Uid last = std::min(a->last, b->last);
    if (first <= last) out.add(first, last);
    if (a->last < b->last)
      ++a;
    else
      ++b;
  }
  return out;
}

std::string UidSet::to_text() const {
  std::string out;
  for (const UidRange& range : ranges_) {
    if (!out.empty()) out += ',';
    out += std::to_string(raw(range.first));
    if (range.last != range.first) out += ':' + std::to_string(raw(range.last));
  }
  return out;
}

std::vector<Uid> UidSet::to_vector() const {
  std::vector<Uid> uids;
  uids.reserve(size());
  each([&](Uid uid) { uids.push_back(uid); });
  return uids;
}

}  // namespace postern
