// The snapshots of mailboxes in use, newest of each, dropped by last use once they exceed the bound. Sessions
// that still hold one keep it alive; the cache only decides what the next reader need not load again.
#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>

#include "storage/mailbox_index.h"

namespace postern::postgres {

class IndexCache {
 public:
  explicit IndexCache(std::uint64_t octets_max) : octets_max_(octets_max) {}

  SnapshotPtr find(MailboxKey key);  // null: not here
  // Keeps the newer of what is there and what is given. Another UIDVALIDITY counts as newer.
  void put(SnapshotPtr snapshot);
  void forget(MailboxKey key);
  std::uint64_t octets() const { return octets_; }

 private:
  struct Entry {
    SnapshotPtr snapshot;
    std::uint64_t octets = 0;
  };
  using Entries = std::list<Entry>;
  void drop(Entries::iterator entry);

  const std::uint64_t octets_max_;
  std::uint64_t octets_ = 0;
  Entries by_use_;  // last used first
  std::unordered_map<MailboxKey, Entries::iterator> entries_;
};

}  // namespace postern::postgres
