// OrderColumn: what SORT or THREAD compares of the messages of a mailbox, by UID. Never changed once it is
// made, so that a worker thread may read it. A message never changes and its UID is never another's, so what
// a column says stays right. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/model/ids.h"

namespace postern::imap {

// Of memory; other values have one of their own.
inline std::uint64_t octets_of(const std::string& text) {
  return sizeof(std::string) + (text.capacity() > std::string().capacity() ? text.capacity() + 1 : 0);
}

template <class Value>
struct OrderColumn {
  std::vector<Uid> uids;      // ascending
  std::vector<Value> values;  // alongside
  std::uint64_t octets = 0;   // of memory

  // UIDs are added in their order.
  void add(Uid uid, Value value) {
    octets += sizeof(Uid) + octets_of(value);
    uids.push_back(uid);
    values.push_back(std::move(value));
  }
};

template <class Value>
using OrderColumnPtr = std::shared_ptr<const OrderColumn<Value>>;

// Those of `wanted`, which ascend, that the column has nothing of.
template <class Value>
std::vector<Uid> missing_in(const OrderColumn<Value>& column, const std::vector<Uid>& wanted) {
  std::vector<Uid> missing;
  std::size_t at = 0;
  for (const Uid uid : wanted) {
    while (at < column.uids.size() && column.uids[at] < uid) ++at;
    if (at == column.uids.size() || column.uids[at] != uid) missing.push_back(uid);
  }
  return missing;
}

// What the column has of each of `wanted`, which ascend; nullptr: nothing.
template <class Value>
std::vector<const Value*> aligned(const OrderColumn<Value>& column, const std::vector<Uid>& wanted) {
  std::vector<const Value*> values;
  values.reserve(wanted.size());
  std::size_t at = 0;
  for (const Uid uid : wanted) {
    while (at < column.uids.size() && column.uids[at] < uid) ++at;
    const bool is_there = at < column.uids.size() && column.uids[at] == uid;
    values.push_back(is_there ? &column.values[at] : nullptr);
  }
  return values;
}

// Both; where both have a UID they say the same of it.
template <class Value>
OrderColumnPtr<Value> joined(const OrderColumn<Value>& old, OrderColumn<Value> fresh) {
  if (old.uids.empty()) return std::make_shared<const OrderColumn<Value>>(std::move(fresh));
  auto both = std::make_shared<OrderColumn<Value>>();
  both->uids.reserve(old.uids.size() + fresh.uids.size());
  both->values.reserve(old.uids.size() + fresh.uids.size());
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < old.uids.size() || b < fresh.uids.size()) {
    const bool from_old = b == fresh.uids.size() || (a < old.uids.size() && old.uids[a] <= fresh.uids[b]);
    if (from_old && b < fresh.uids.size() && old.uids[a] == fresh.uids[b]) ++b;
    if (from_old) {
      both->add(old.uids[a], old.values[a]);
      ++a;
    } else {
      both->add(fresh.uids[b], std::move(fresh.values[b]));
      ++b;
    }
  }
  return both;
}

}  // namespace postern::imap
