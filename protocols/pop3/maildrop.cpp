#include "protocols/pop3/maildrop.h"

#include <fmt/format.h>

#include <algorithm>

namespace postern::pop3 {

Task<Result<Maildrop>> Maildrop::open(Store& store, AccountId account) {
  CO_TRY(Mailbox inbox, co_await store.mailboxes().find(account, MailboxName::inbox()));
  CO_TRY(SnapshotPtr snapshot, co_await store.messages().snapshot(inbox.key));
  co_return Maildrop(std::move(snapshot));
}

Task<Result<void>> Maildrop::load_listing(Store& store) {
  if (listing_loaded_) co_return Result<void>();
  std::vector<std::uint64_t> sizes(snapshot_->size());
  for (std::size_t begin = 0; begin < snapshot_->size(); begin += MessageStore::kFactsMax) {
    UidSet uids;
    const std::size_t end = std::min(begin + MessageStore::kFactsMax, snapshot_->size());
    for (std::size_t i = begin; i < end; ++i) uids.add(snapshot_->at(i).uid);
    CO_TRY(std::vector<MessageFacts> batch,
           co_await store.messages().facts(mailbox(), std::move(uids), FetchDepth::facts));
    for (MessageFacts& facts : batch) {
      const std::size_t position = snapshot_->rank(facts.uid);
      sizes[position] = facts.size;
      if (!facts.pop3_uidl.empty()) {
        kept_uidls_.emplace_back(static_cast<MessageNumber>(position + 1), std::move(facts.pop3_uidl));
      }
    }
  }
  sizes_ = std::move(sizes);
  listing_loaded_ = true;
  co_return Result<void>();
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
