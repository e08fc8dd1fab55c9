// Facts of messages with their structures, and sizes of whole mailboxes, as mail programs ask for them again
// and again. They are written once, so nothing is invalidated; who asks for a message that was purged
// meanwhile hears so when he reads it.
#pragma once

#include <memory>

#include "storage/lru_cache.h"
#include "storage/model/message.h"

namespace postern::postgres {

struct PlacedUid {
  MailboxKey mailbox;
  Uid uid{};
  friend bool operator==(const PlacedUid&, const PlacedUid&) = default;
};

struct PlacedUidHash {
  std::size_t operator()(const PlacedUid& key) const noexcept {
    return std::hash<MailboxKey>()(key.mailbox) ^ raw(key.uid) * std::size_t{0x9E3779B97F4A7C15u};
  }
};

using FactsPtr = std::shared_ptr<const MessageFacts>;
using FactsCache = LruCache<PlacedUid, FactsPtr, PlacedUidHash>;

// Grows by what is new since it was made: a longer listing takes the place of a shorter one.
using ListingCache = LruCache<MailboxKey, ListingPtr, std::hash<MailboxKey>>;

}  // namespace postern::postgres
