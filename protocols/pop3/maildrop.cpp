#include "protocols/pop3/maildrop.h"

#include <fmt/format.h>

#include <algorithm>

namespace postern::pop3 {

namespace {
constexpr MessageNumber kReadInOrderMax = 128;
}

Task<Result<Maildrop>> Maildrop::open(Store& store, AccountId account) {
  CO_TRY(SnapshotPtr snapshot, co_await store.messages().inbox_snapshot(account));
  co_return Maildrop(std::move(snapshot));
}

Task<Result<void>> Maildrop::load_listing(Store& store) {
  if (listing_loaded_) co_return Result<void>();
  if (last() > 0) {
    CO_TRY(const ListingPtr listing, co_await store.messages().listing(mailbox(), uid_at(1), uid_at(last())));
    sizes_.assign(last(), 0);
    auto listed = listing->sizes.begin();
    snapshot_->each([this, &listed, &listing](std::size_t position, const MessageState& state) {
      while (listed != listing->sizes.end() && listed->first < state.uid) ++listed;
      if (listed != listing->sizes.end() && listed->first == state.uid) sizes_[position] = listed->second;
    });
    for (const auto& [uid, uidl] : listing->pop3_uidls) {
      if (!snapshot_->find(uid)) continue;
      kept_uidls_.emplace_back(static_cast<MessageNumber>(snapshot_->rank(uid) + 1), uidl);
    }
  }
  listing_loaded_ = true;
  co_return Result<void>();
}

Task<Result<std::unique_ptr<MessageReader>>> Maildrop::read(Store& store, MessageNumber number) {
  const Uid uid = uid_at(number);
  const bool in_order = number == last_read_ + 1 && last_read_ > 0;
  last_read_ = number;
  const auto by_uid = [](const MessageFacts& facts, Uid wanted) { return facts.uid < wanted; };
  auto at = std::lower_bound(next_.begin(), next_.end(), uid, by_uid);
  if (at == next_.end() || at->uid != uid) {
    UidSet uids;
    const MessageNumber end = in_order ? std::min(last(), number + kReadInOrderMax - 1) : number;
    for (MessageNumber next = number; next <= end; ++next) uids.add(uid_at(next));
    read_ahead_.reset();
    CO_TRY(next_, co_await store.messages().facts(mailbox(), std::move(uids), FetchDepth::facts));
    if (next_.empty() || next_.front().uid != uid) co_return Error(ErrorKind::not_found);
    at = next_.begin();
    if (in_order) read_ahead_.emplace(store.messages(), mailbox().account, next_);
  }
  if (read_ahead_) read_ahead_->at(static_cast<std::size_t>(at - next_.begin()));
  co_return store.messages().open(mailbox().account, *at);
}

std::optional<Uid> Maildrop::uid_of(MessageNumber number) const {
  if (number == 0 || number > last() || is_deleted(number)) return std::nullopt;
  return uid_at(number);
}

// UIDVALIDITY and UID: unique for ever within the mailbox (RFC 1939 §7 UIDL).
std::string Maildrop::uidl_of(MessageNumber number) const {
  const auto kept =
      std::ranges::lower_bound(kept_uidls_, number, {}, [](const auto& entry) { return entry.first; });
  if (kept != kept_uidls_.end() && kept->first == number) return kept->second;
  return fmt::format("{:08x}{:08x}", raw(snapshot_->status().uid_validity), raw(uid_at(number)));
}

void Maildrop::mark_deleted(MessageNumber number) {
  deleted_.add(uid_at(number));
  deleted_octets_ += size_of(number);
}

void Maildrop::unmark_all() {
  deleted_ = UidSet();
  deleted_octets_ = 0;
}

}  // namespace postern::pop3
