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

namespace {

// Adds to the list under a key; returns what takes it away again, and the list with its last.
template <class Listeners, class Key, class Callback>
std::function<void()> add(Listeners& listeners, Key key, Callback callback) {
  auto& list = listeners[key];
  const auto at = list.insert(list.end(), std::move(callback));
  return [&listeners, key = std::move(key), at] {
    const auto found = listeners.find(key);
    found->second.erase(at);
    if (found->second.empty()) listeners.erase(found);
  };
}

template <class Listeners, class Key, class... News>
void tell(const Listeners& listeners, const Key& key, const News&... news) {
  const auto found = listeners.find(key);
  if (found == listeners.end()) return;
  for (const auto& callback : found->second) callback(news...);
}

template <class Listeners>
auto keys_of(const Listeners& listeners) {
  std::vector<typename Listeners::key_type> keys;
  keys.reserve(listeners.size());
  for (const auto& entry : listeners) keys.push_back(entry.first);
  return keys;
}

}  // namespace

Subscription ChangeBus::listen(MailboxKey mailbox, OnChange on_change) {
  return Subscription(add(listeners_, mailbox, std::move(on_change)));
}

Subscription ChangeBus::listen_account(AccountId account, OnAccount on_account) {
  return Subscription(add(account_listeners_, account, std::move(on_account)));
}

Subscription ChangeBus::listen_device(DeviceKey device, OnDevice on_device) {
  return Subscription(add(device_listeners_, std::move(device), std::move(on_device)));
}

Subscription ChangeBus::listen_accounts(OnAccounts on_account) {
  const auto at = accounts_listeners_.insert(accounts_listeners_.end(), std::move(on_account));
  return Subscription([this, at] { accounts_listeners_.erase(at); });
}

Subscription ChangeBus::listen_failed_logins(OnFailedLogin on_failed) {
  const auto at = failed_login_listeners_.insert(failed_login_listeners_.end(), std::move(on_failed));
  return Subscription([this, at] { failed_login_listeners_.erase(at); });
}

void ChangeBus::ring(MailboxKey mailbox, ModSeq now) {
  ++rings_;
  tell(listeners_, mailbox, now);
}

void ChangeBus::ring_account(AccountId account) {
  tell(account_listeners_, account);
  for (const OnAccounts& on_account : accounts_listeners_) on_account(account);
}

void ChangeBus::ring_failed_login(const FailedLogin& failed) {
  for (const OnFailedLogin& on_failed : failed_login_listeners_) on_failed(failed);
}

void ChangeBus::ring_device(const DeviceKey& device, WallTime asked_at) {
  tell(device_listeners_, device, asked_at);
}

std::vector<MailboxKey> ChangeBus::watched() const {
  return keys_of(listeners_);
}

std::vector<AccountId> ChangeBus::watched_accounts() const {
  return keys_of(account_listeners_);
}

}  // namespace postern
