#include "storage/change_bus.h"

#include <utility>

namespace postern {

Subscription::Subscription(std::function<void()> cancel) : cancel_(std::move(cancel)) {}
Subscription::Subscription(Subscription&& other) noexcept : cancel_(std::exchange(other.cancel_, nullptr)) {}
Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this != &other) {
    if (cancel_) cancel_();
    cancel_ = std::exchange(other.cancel_, nullptr);
  }
  return *this;
}
Subscription::~Subscription() {
  if (cancel_) cancel_();
}

Subscription ChangeBus::listen(MailboxKey mailbox, OnChange on_change) {
  auto& list = listeners_[mailbox];
  const auto at = list.insert(list.end(), std::move(on_change));
  return Subscription([this, mailbox, at] {
    const auto found = listeners_.find(mailbox);
    found->second.erase(at);
    if (found->second.empty()) listeners_.erase(found);
  });
}

Subscription ChangeBus::listen_accounts(OnAccount on_account) {
  const auto at = account_listeners_.insert(account_listeners_.end(), std::move(on_account));
  return Subscription([this, at] { account_listeners_.erase(at); });
}

void ChangeBus::ring(MailboxKey mailbox, ModSeq now) {
  ++rings_;
  const auto found = listeners_.find(mailbox);
  if (found == listeners_.end()) return;
  for (const OnChange& on_change : found->second) on_change(now);
}

void ChangeBus::ring_account(AccountId account) {
  for (const OnAccount& on_account : account_listeners_) on_account(account);
}

std::vector<MailboxKey> ChangeBus::watched() const {
  std::vector<MailboxKey> keys;
  keys.reserve(listeners_.size());
  for (const auto& entry : listeners_) keys.push_back(entry.first);
  return keys;
}

}  // namespace postern
