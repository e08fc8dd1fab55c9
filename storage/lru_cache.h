// LruCache: what was used lately, dropped by last use once it costs more octets than the bound. For values
// that never change, so nothing is ever invalidated.
#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>
#include <utility>

namespace postern {

// Value: cheap to copy (a shared_ptr). Hash also is what tells keys apart in the map.
template <class Key, class Value, class Hash>
class LruCache {
 public:
  explicit LruCache(std::uint64_t octets_max) : octets_max_(octets_max) {}

  // An empty Value: not here.
  Value find(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return Value();
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return found->second->value;
  }

  // `octets`: what the value keeps in memory. A key that is here already keeps its value.
  void put(const Key& key, Value value, std::uint64_t octets) {
    if (entries_.contains(key)) return;
    by_use_.push_front(Entry{key, std::move(value), octets + kEntryOctets});
    entries_.emplace(key, by_use_.begin());
    octets_ += by_use_.front().octets;
    while (octets_ > octets_max_ && !by_use_.empty()) {
      octets_ -= by_use_.back().octets;
      entries_.erase(by_use_.back().key);
      by_use_.pop_back();
    }
  }

  void forget(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    octets_ -= found->second->octets;
    by_use_.erase(found->second);
    entries_.erase(found);
  }

  std::uint64_t octets() const { return octets_; }

 private:
  static constexpr std::uint64_t kEntryOctets = 160;  // list node, map node, control block

  struct Entry {
    Key key;
    Value value;
    std::uint64_t octets;
  };

  const std::uint64_t octets_max_;
  std::uint64_t octets_ = 0;
  std::list<Entry> by_use_;  // last used first
  std::unordered_map<Key, typename std::list<Entry>::iterator, Hash> entries_;
};

}  // namespace postern
