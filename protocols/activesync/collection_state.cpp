#include "protocols/activesync/collection_state.h"

#include <algorithm>

namespace postern::activesync {

namespace {

Uid after(Uid uid) {
  return Uid{raw(uid) + 1};
}
Uid before(Uid uid) {
  return Uid{raw(uid) - 1};
}

// The messages of a range: positions first … last, exclusive.
struct Positions {
  std::size_t first = 0;
  std::size_t last = 0;
};
Positions positions_of(const UidRange& range, const MailboxSnapshot& now) {
  const std::size_t end = range.last == kUidMax ? now.size() : now.rank(after(range.last));
  return {now.rank(range.first), end};
}

// Takes UIDs off the front while there is room; `f` says whether one counts.
template <class Accept>
void take_front(UidSet& set, std::size_t room, std::vector<Uid>& taken, Accept accept) {
  UidSet rest;
  for (const UidRange& range : set.ranges()) {
    std::uint64_t uid = raw(range.first);
    for (; uid <= raw(range.last) && taken.size() < room; ++uid) {
      const Uid one{static_cast<std::uint32_t>(uid)};
      if (accept(one)) taken.push_back(one);
    }
    if (uid <= raw(range.last)) rest.add(Uid{static_cast<std::uint32_t>(uid)}, range.last);
  }
  set = std::move(rest);
}

// The newest first, so that a new device shows today's mail at once. What lies between two messages that are
// taken is noted with them: `known` stays one range.
void take_newest(CollectionState& state, const MailboxSnapshot& now, std::size_t room,
                 std::vector<Uid>& taken) {
  const std::vector<UidRange> ranges = state.to_add.ranges();
  std::vector<UidRange> left;  // descending
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    const Positions positions = positions_of(*range, now);
    std::size_t position = positions.last;
    while (position > positions.first && taken.size() < room) taken.push_back(now.at(--position).uid);
    if (position == positions.first) {
      state.known.add(range->first, range->last);
      continue;
    }
    const Uid first_taken = position == positions.last ? range->last : now.at(position).uid;
    if (position != positions.last) state.known.add(first_taken, range->last);
    left.push_back({range->first, position == positions.last ? range->last : before(first_taken)});
  }
  state.to_add = UidSet();
  for (auto range = left.rbegin(); range != left.rend(); ++range) state.to_add.add(range->first, range->last);
}

}  // namespace

UidSet minus(const UidSet& a, const UidSet& b) {
  UidSet rest;
  auto cut = b.ranges().begin();
  for (const UidRange& range : a.ranges()) {
    std::uint64_t first = raw(range.first);
    while (cut != b.ranges().end() && raw(cut->last) < first) ++cut;
    for (auto at = cut; at != b.ranges().end() && at->first <= range.last; ++at) {
      if (raw(at->first) > first) rest.add(Uid{static_cast<std::uint32_t>(first)}, before(at->first));
      first = std::uint64_t{raw(at->last)} + 1;
    }
    if (first <= raw(range.last)) rest.add(Uid{static_cast<std::uint32_t>(first)}, range.last);
  }
  return rest;
}

UidSet SyncWindow::uids() const {
  std::vector<Uid> all;
  for (const auto* part : {&remove, &soft_remove, &change, &add}) {
    all.insert(all.end(), part->begin(), part->end());
  }
  std::sort(all.begin(), all.end());
  UidSet set;
  for (const Uid uid : all) set.add(uid);
  return set;
}

SyncWindow take_window(CollectionState& state, const MailboxSnapshot& now, std::size_t items_max) {
  SyncWindow window;
  const auto room = [&] { return items_max - window.size(); };
  take_front(state.to_remove, room(), window.remove, [](Uid) { return true; });
  take_front(state.to_soft_remove, room(), window.soft_remove, [](Uid) { return true; });
  take_front(state.to_change, room(), window.change, [&now](Uid uid) { return now.find(uid) != nullptr; });
  take_newest(state, now, room(), window.add);
  return window;
}

SyncWindow repeated_window(const CollectionState& from, const CollectionState& answered, const UidSet& told,
                           const MailboxSnapshot& now) {
  SyncWindow window;
  told.each([&](Uid uid) {
    const bool was_known = from.known.contains(uid);
    const bool is_known = answered.known.contains(uid);
    if (now.find(uid) == nullptr) {
      if (was_known) window.remove.push_back(uid);
    } else if (!was_known && from.to_soft_remove.contains(uid)) {
      window.soft_remove.push_back(uid);
    } else if (was_known && !is_known) {
      window.soft_remove.push_back(uid);
    } else {
      (was_known ? window.change : window.add).push_back(uid);
    }
  });
  std::reverse(window.add.begin(), window.add.end());
  return window;
}

std::uint64_t due_items(const CollectionState& state, const MailboxSnapshot& now) {
  std::uint64_t items = state.to_remove.size() + state.to_soft_remove.size();
  for (const UidRange& range : state.to_add.ranges()) {
    const Positions positions = positions_of(range, now);
    items += positions.last - positions.first;
  }
  now.each(state.to_change, [&items](std::size_t, const MessageState&) { ++items; });
  return items;
}

Uid told_uid(const std::vector<Renamed>& renamed, Uid now) {
  const auto found =
      std::find_if(renamed.begin(), renamed.end(), [now](const Renamed& one) { return one.now == now; });
  return found == renamed.end() ? now : found->told;
}

Uid current_uid(const std::vector<Renamed>& renamed, Uid told) {
  const auto found =
      std::find_if(renamed.begin(), renamed.end(), [told](const Renamed& one) { return one.told == told; });
  return found == renamed.end() ? told : found->now;
}

void rename(CollectionState& state, Uid told, Uid now) {
  std::erase_if(state.renamed, [told](const Renamed& one) { return one.told == told; });
  const auto after = std::find_if(state.renamed.begin(), state.renamed.end(),
                                  [told](const Renamed& one) { return one.told > told; });
  state.renamed.insert(after, Renamed{told, now});
  if (state.renamed.size() <= kRenamedMax) return;
  const Renamed oldest = state.renamed.front();
  state.renamed.erase(state.renamed.begin());
  state.to_remove.add(oldest.told);
  state.known.remove(oldest.now);
  state.to_add.add(oldest.now);
}

void forget_renamed(CollectionState& state, const MailboxSnapshot& now, const SyncWindow& window) {
  std::erase_if(state.renamed, [&](const Renamed& one) {
    const bool is_told =
        std::find(window.remove.begin(), window.remove.end(), one.now) != window.remove.end();
    return now.find(one.now) == nullptr && !state.to_remove.contains(one.now) && !is_told;
  });
}

// What the device has put there itself is known already.
void note_arrived(CollectionState& state, const UidSet& uids) {
  state.to_add.add(minus(uids, state.known));
}

void note_vanished(CollectionState& state, const UidSet& uids, const MailboxSnapshot& now) {
  // UIDs do not come back, so they may stay among the known ones, and that stays one range.
  uids.intersect(state.known).each([&](Uid uid) {
    if (now.find(uid) == nullptr) state.to_remove.add(uid);
  });
}

void note_changed(CollectionState& state, const UidSet& uids) {
  state.to_change.add(uids.intersect(state.known));
}

void note_filtered(CollectionState& state, const UidSet& inside, const MailboxSnapshot& now) {
  const UidSet outside = minus(now.uids(), inside);
  const UidSet leaving = outside.intersect(state.known);
  state.to_soft_remove = minus(state.to_soft_remove, inside);
  state.to_soft_remove.add(leaving);
  state.known = minus(state.known, leaving);
  state.to_change = minus(state.to_change, leaving);
  state.to_add = minus(inside, state.known);
}

void note_removed_by_device(CollectionState& state, const UidSet& uids) {
  state.to_remove = minus(state.to_remove, uids);
  state.to_soft_remove = minus(state.to_soft_remove, uids);
  state.to_add = minus(state.to_add, uids);
}

}  // namespace postern::activesync
