#include "storage/mailbox_index.h"

#include <algorithm>
#include <cassert>

#include "gateway/base/text.h"

namespace postern {

void KeywordTable::learn(Number number, std::string name) {
  if (names_.size() <= number) names_.resize(number + 1u);
  names_[number] = std::move(name);
}

std::optional<KeywordTable::Number> KeywordTable::number_of(std::string_view name) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!names_[i].empty() && text::same(names_[i], name)) return static_cast<Number>(i);
  }
  return std::nullopt;
}

bool KeywordTable::has_all(const std::vector<std::string>& names) const {
  return std::all_of(names.begin(), names.end(),
                     [this](const std::string& name) { return number_of(name).has_value(); });
}

std::uint32_t KeywordTable::intern(std::vector<Number> sorted_numbers) {
  if (sorted_numbers.empty()) return 0;
  const auto next = static_cast<std::uint32_t>(sets_.size());
  const auto [at, inserted] = index_.emplace(std::move(sorted_numbers), next);
  if (inserted) sets_.push_back(at->first);
  return at->second;
}

Flags KeywordTable::flags_of(const MessageState& state) const {
  Flags flags;
  flags.system = state.system();
  for (const Number number : sets_[state.keyword_set()]) {
    if (number < names_.size() && !names_[number].empty()) flags.add_keyword(names_[number]);
  }
  return flags;
}

MailboxSnapshot::MailboxSnapshot(MailboxKey key, MailboxStatus status, Pages pages,
                                 std::shared_ptr<const KeywordTable> keywords)
    : key_(key), status_(status), pages_(std::move(pages)), keywords_(std::move(keywords)) {
  first_position_.reserve(pages_.size());
  for (const auto& page : pages_) {
    assert(!page->states.empty());
    first_position_.push_back(static_cast<std::uint32_t>(size_));
    size_ += page->states.size();
  }
}

const MessageState& MailboxSnapshot::at(std::size_t position) const {
  assert(position < size_);
  const auto after = std::upper_bound(first_position_.begin(), first_position_.end(), position);
  const auto page = static_cast<std::size_t>(after - first_position_.begin()) - 1;
  return pages_[page]->states[position - first_position_[page]];
}

std::size_t MailboxSnapshot::page_from(Uid uid) const {
  const auto at = std::partition_point(pages_.begin(), pages_.end(),
                                       [uid](const auto& page) { return page->states.back().uid < uid; });
  return static_cast<std::size_t>(at - pages_.begin());
}

namespace {
auto from_uid(const std::vector<MessageState>& states, Uid uid) {
  return std::partition_point(states.begin(), states.end(),
                              [uid](const MessageState& state) { return state.uid < uid; });
}
}  // namespace

const MessageState* MailboxSnapshot::find(Uid uid) const {
  const std::size_t page = page_from(uid);
  if (page == pages_.size()) return nullptr;
  const auto at = from_uid(pages_[page]->states, uid);
  return at->uid == uid ? &*at : nullptr;
}

std::size_t MailboxSnapshot::rank(Uid uid) const {
  const std::size_t page = page_from(uid);
  if (page == pages_.size()) return size_;
  const auto& states = pages_[page]->states;
  return first_position_[page] + static_cast<std::size_t>(from_uid(states, uid) - states.begin());
}

UidSet MailboxSnapshot::uids() const {
  UidSet uids;
  each([&uids](std::size_t, const MessageState& state) { uids.add(state.uid); });
  return uids;
}

namespace {

// One page number, as both snapshots have it; either may be missing.
void compare_pages(const MailboxPage* before, const MailboxPage* after, SnapshotDifference& result) {
  static const std::vector<MessageState> kNone;
  const auto& old_states = before ? before->states : kNone;
  const auto& new_states = after ? after->states : kNone;
  auto b = old_states.begin();
  auto a = new_states.begin();
  while (b != old_states.end() || a != new_states.end()) {
    if (a == new_states.end() || (b != old_states.end() && b->uid < a->uid)) {
      result.vanished.add((b++)->uid);
    } else if (b == old_states.end() || a->uid < b->uid) {
      result.added.add((a++)->uid);
    } else {
      if (a->modseq > b->modseq) result.updated.add(a->uid);
      ++a, ++b;
    }
  }
}

}  // namespace

SnapshotDifference difference(const MailboxSnapshot& before, const MailboxSnapshot& after) {
  SnapshotDifference result;
  auto b = before.pages().begin();
  auto a = after.pages().begin();
  while (b != before.pages().end() || a != after.pages().end()) {
    if (a == after.pages().end() || (b != before.pages().end() && (*b)->number < (*a)->number)) {
      compare_pages((b++)->get(), nullptr, result);
    } else if (b == before.pages().end() || (*a)->number < (*b)->number) {
      compare_pages(nullptr, (a++)->get(), result);
    } else {
      if (*a != *b) compare_pages(b->get(), a->get(), result);  // shared pages are equal
      ++a, ++b;
    }
  }
  return result;
}

}  // namespace postern
