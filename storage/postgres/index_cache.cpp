#include "storage/postgres/index_cache.h"

namespace postern::postgres {

namespace {
std::uint64_t cost(const MailboxSnapshot& snapshot) {
  constexpr std::uint64_t kEntryOctets = 512;
  constexpr std::uint64_t kPageOctets = 96;  // pointer, control block, vector, first position
  constexpr std::uint64_t kKeywordOctets = 64;
  return kEntryOctets + snapshot.pages().size() * kPageOctets + snapshot.size() * sizeof(MessageState) +
         (snapshot.keywords().names().size() + snapshot.keywords().sets()) * kKeywordOctets;
}
}  // namespace

SnapshotPtr IndexCache::find(MailboxKey key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return found->second->snapshot;
}

void IndexCache::put(SnapshotPtr snapshot) {
  const MailboxKey key = snapshot->key();
  if (const auto found = entries_.find(key); found != entries_.end()) {
    const MailboxSnapshot& known = *found->second->snapshot;
    const bool same_life = known.status().uid_validity == snapshot->status().uid_validity;
    if (same_life && known.modseq() > snapshot->modseq()) return;
    drop(found->second);
  }
  const std::uint64_t octets = cost(*snapshot);
  by_use_.push_front(Entry{std::move(snapshot), octets});
  entries_.emplace(key, by_use_.begin());
  octets_ += octets;
  while (octets_ > octets_max_) drop(std::prev(by_use_.end()));
}

void IndexCache::forget(MailboxKey key) {
  if (const auto found = entries_.find(key); found != entries_.end()) drop(found->second);
}

void IndexCache::drop(Entries::iterator entry) {
  octets_ -= entry->octets;
  entries_.erase(entry->snapshot->key());
  by_use_.erase(entry);
}

}  // namespace postern::postgres
