// The doorbell: who listens to a mailbox hears that it changed, not what changed. A ring may be coalesced
// or lost; the listener asks changes_since, and the store re-reads what is listened to every now and then, so
// a lost ring costs delay only.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <unordered_map>
#include <vector>

#include "gateway/base/clock.h"
#include "storage/model/device.h"
#include "storage/model/ids.h"
#include "storage/model/session.h"

namespace postern {

class ChangeBus;

// The right to hear; ends when destroyed. Must not outlive the bus.
class Subscription {
 public:
  Subscription() = default;
  Subscription(Subscription&& other) noexcept;
  Subscription& operator=(Subscription&& other) noexcept;
  ~Subscription();

 private:
  friend class ChangeBus;
  explicit Subscription(std::function<void()> cancel);
  std::function<void()> cancel_;
};

class ChangeBus {
 public:
  using OnChange = std::function<void(ModSeq now)>;
  using OnAccount = std::function<void()>;
  using OnAccounts = std::function<void(AccountId)>;
  using OnDevice = std::function<void(WallTime asked_at)>;
  using OnFailedLogin = std::function<void(const FailedLogin&)>;

  // The callback must be short and must not subscribe or unsubscribe: send to a Channel.
  Subscription listen(MailboxKey mailbox, OnChange on_change);
  // Password, features, status, mailbox list, subscriptions, annotations or a device of the account changed.
  Subscription listen_account(AccountId account, OnAccount on_account);
  // The same of any account, for caches that drop what they know of it. The safety net does not look at those
  // that nobody listens to by name.
  Subscription listen_accounts(OnAccounts on_account);
  // The device has sent a request that ends those before it: of two, the one with the lower Device::asked_at.
  Subscription listen_device(DeviceKey device, OnDevice on_device);

  // Somebody has failed to log in to another process.
  Subscription listen_failed_logins(OnFailedLogin on_failed);

  // Called after commit by this process's writers and by the doorbell for those of other processes.
  void ring(MailboxKey mailbox, ModSeq now);
  void ring_account(AccountId account);
  void ring_device(const DeviceKey& device, WallTime asked_at);
  void ring_failed_login(const FailedLogin& failed);

  // Of any mailbox, heard by somebody or not: whether something was rung between two moments.
  std::uint64_t rings() const { return rings_; }

  // What somebody listens to, for the safety net that reads it again.
  std::vector<MailboxKey> watched() const;
  std::vector<AccountId> watched_accounts() const;

 private:
  std::unordered_map<MailboxKey, std::list<OnChange>> listeners_;
  std::unordered_map<AccountId, std::list<OnAccount>> account_listeners_;
  std::map<DeviceKey, std::list<OnDevice>> device_listeners_;
  std::list<OnAccounts> accounts_listeners_;
  std::list<OnFailedLogin> failed_login_listeners_;
  std::uint64_t rings_ = 0;
};

}  // namespace postern
