// UidSet: sorted, disjoint, non-adjacent ranges of UIDs. Cost follows the ranges, never the numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/model/ids.h"

namespace postern {

struct UidRange {
  Uid first{};  // inclusive, at least 1
  Uid last{};   // inclusive, not below first
  friend bool operator==(const UidRange&, const UidRange&) = default;
};

class UidSet {
 public:
  UidSet() = default;
  static UidSet all() { return of(Uid{1}, kUidMax); }
  static UidSet of(Uid first, Uid last);
  static UidSet one(Uid uid) { return of(uid, uid); }

  // Order does not matter to the result; ascending adds are O(1), others O(ranges).
  void add(Uid uid) { add(uid, uid); }
  void add(Uid first, Uid last);
  void add(const UidSet& other);
  void remove(Uid uid);

  bool contains(Uid uid) const;
  bool empty() const { return ranges_.empty(); }
  std::uint64_t size() const;
  Uid first() const { return ranges_.front().first; }
  Uid last() const { return ranges_.back().last; }
  const std::vector<UidRange>& ranges() const { return ranges_; }
  UidSet intersect(const UidSet& other) const;

  // "2,4:7": the uid-set of RFC 9051 §9; empty text for the empty set.
  std::string to_text() const;

  // Calls f(Uid) in ascending order. Only for sets known to be about real messages.
  template <class F>
  void each(F f) const {
    for (const UidRange& range : ranges_) {
      for (std::uint64_t uid = raw(range.first); uid <= raw(range.last); ++uid) f(Uid(uid));
    }
  }
  std::vector<Uid> to_vector() const;
  friend bool operator==(const UidSet&, const UidSet&) = default;

 private:
  std::vector<UidRange> ranges_;
};

}  // namespace postern
