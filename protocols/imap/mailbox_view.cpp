#include "protocols/imap/mailbox_view.h"

#include <algorithm>
#include <cassert>

#include "protocols/imap/grammar/sequence_set.h"
#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

Uid MailboxView::largest() const {
  Uid uid{0};
  if (told_->size() > 0) uid = told_->at(told_->size() - 1).uid;
  if (!ghosts_.empty()) uid = std::max(uid, ghosts_.back());
  return uid;
}

std::size_t MailboxView::ghosts_below(Uid uid) const {
  return static_cast<std::size_t>(std::lower_bound(ghosts_.begin(), ghosts_.end(), uid) - ghosts_.begin());
}

std::uint32_t MailboxView::ghost_number(std::size_t ghost) const {
  return static_cast<std::uint32_t>(told_->rank(ghosts_[ghost]) + ghost + 1);
}

Uid MailboxView::uid_at(SequenceNumber number) const {
  assert(raw(number) >= 1 && raw(number) <= exists());
  // Ghosts stand at ascending numbers: find those in front of this one.
  std::size_t low = 0;
  std::size_t high = ghosts_.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (ghost_number(middle) < raw(number)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low < ghosts_.size() && ghost_number(low) == raw(number)) return ghosts_[low];
  return told_->at(raw(number) - 1 - low).uid;
}

SequenceNumber MailboxView::number_of(Uid uid) const {
  return number_at(told_->rank(uid), uid);
}

SequenceNumber MailboxView::number_at(std::size_t position, Uid uid) const {
  return SequenceNumber(static_cast<std::uint32_t>(position + ghosts_below(uid) + 1));
}

bool MailboxView::has_ghost_in(const UidSet& uids) const {
  return std::any_of(ghosts_.begin(), ghosts_.end(), [&uids](Uid ghost) { return uids.contains(ghost); });
}

Result<MailboxView::Named> MailboxView::resolve(const SequenceSet& set, bool as_uids) const {
  Named named;
  if (as_uids) {
    if (exists() == 0) return named;
    named.uids = resolve_uids(set, largest()).intersect(UidSet::of(Uid{1}, largest()));
  } else {
    TRY(const std::vector<NumberRange> ranges, resolve_numbers(set, exists()));
    // Numbers that follow each other are neighbours, so their UIDs are a range without strangers in it.
    for (const NumberRange& range : ranges) {
      named.uids.add(uid_at(SequenceNumber(range.first)), uid_at(SequenceNumber(range.last)));
    }
  }
  named.ghosts = has_ghost_in(named.uids);
  return named;
}

std::vector<MessageState> MailboxView::take(const UidSet& uids, Uid from, std::size_t states_max) const {
  std::vector<MessageState> taken;
  const auto& ranges = uids.ranges();
  auto range =
      std::partition_point(ranges.begin(), ranges.end(), [from](const UidRange& r) { return r.last < from; });
  for (; range != ranges.end() && taken.size() < states_max; ++range) {
    for (std::size_t at = told_->rank(std::max(range->first, from));
         at < told_->size() && taken.size() < states_max; ++at) {
      const MessageState& state = told_->at(at);
      if (state.uid > range->last) break;
      taken.push_back(state);
    }
  }
  return taken;
}

UidSet MailboxView::part_of(const UidSet& uids, const Window& window) const {
  std::size_t count = 0;
  told_->each(uids, [&count](std::size_t, const MessageState&) { ++count; });
  const auto [begin, end] = places_in(window, count);
  UidSet part;
  std::size_t place = 0;
  told_->each(uids, [&, begin = begin, end = end](std::size_t, const MessageState& state) {
    if (place >= begin && place < end) part.add(state.uid);
    ++place;
  });
  return part;
}

void MailboxView::claim_recent(Uid first, Uid end) {
  if (first < end) recent_.add(first, Uid(raw(end) - 1));
}

std::uint32_t MailboxView::recent_count() const {
  std::size_t count = 0;
  for (const UidRange& range : recent_.ranges()) {
    const std::size_t behind = range.last == kUidMax ? told_->size() : told_->rank(Uid(raw(range.last) + 1));
    count += behind - told_->rank(range.first);
  }
  for (const Uid ghost : ghosts_) count += recent_.contains(ghost) ? 1 : 0;
  return static_cast<std::uint32_t>(count);
}

void MailboxView::changed_here(UidSet uids, FlagChange change, ModSeq modseq) {
  if (!uids.empty()) own_changes_.push_back({std::move(uids), std::move(change), modseq});
}

// True if `after` is what the client's own changes make of what it knew.
bool MailboxView::expected(const MailboxSnapshot& now, const MessageState& after, Comparison& last) const {
  const MessageState* before = told_->find(after.uid);
  if (before == nullptr) return false;
  ModSeq modseq{};
  for (const OwnChange& own : own_changes_) {
    if (own.uids.contains(after.uid)) modseq = own.modseq;
  }
  if (modseq != after.modseq) return false;  // somebody else was the last
  if (last.known && last.before == before->flags && last.after == after.flags) return last.same;
  Flags flags = told_->flags(*before);
  for (const OwnChange& own : own_changes_) {
    if (own.uids.contains(after.uid)) flags = apply(own.change, flags);
  }
  last = {before->flags, after.flags, own_changes_.size() == 1, flags == now.flags(after)};
  return last.same;
}

MailboxView::News MailboxView::advance(SnapshotPtr now) {
  News news;
  if (now == told_) return news;
  const SnapshotDifference changes = difference(*told_, *now);
  news.exists = !changes.added.empty();
  news.keywords = told_->keywords().names() != now->keywords().names();
  if (own_changes_.empty()) {
    news.flags = changes.updated;
  } else {
    Comparison last;
    now->each(changes.updated, [&](std::size_t, const MessageState& after) {
      if (!expected(*now, after, last)) news.flags.add(after.uid);
    });
    own_changes_ = {};
  }
  if (!changes.vanished.empty()) {
    told_->each(changes.vanished,
                [this](std::size_t, const MessageState& gone) { ghosts_.push_back(gone.uid); });
    std::sort(ghosts_.begin(), ghosts_.end());
  }
  told_ = std::move(now);
  return news;
}

std::vector<SequenceNumber> MailboxView::bury_ghosts() {
  std::vector<SequenceNumber> numbers;
  numbers.reserve(ghosts_.size());
  for (std::size_t ghost = ghosts_.size(); ghost > 0; --ghost) {
    numbers.push_back(SequenceNumber(ghost_number(ghost - 1)));
  }
  ghosts_ = {};
  return numbers;
}

UidSet MailboxView::bury_ghosts_by_uid() {
  UidSet uids;
  for (const Uid ghost : ghosts_) uids.add(ghost);
  ghosts_ = {};
  return uids;
}

Flags apply(const FlagChange& change, const Flags& before) {
  if (change.mode == FlagChangeMode::replace) return change.flags;
  Flags after;
  if (change.mode == FlagChangeMode::add) {
    after = before;
    after.system |= change.flags.system;
    for (const std::string& keyword : change.flags.keywords) after.add_keyword(keyword);
    return after;
  }
  after.system = before.system & static_cast<std::uint8_t>(~change.flags.system);
  for (const std::string& keyword : before.keywords) {
    if (!change.flags.has_keyword(keyword)) after.add_keyword(keyword);
  }
  return after;
}

}  // namespace postern::imap
