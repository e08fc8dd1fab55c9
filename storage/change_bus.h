// The doorbell: who listens to a mailbox hears that it changed, not what changed. A ring may be coalesced
// or lost; the listener asks changes_since, and the store re-reads the modseq of open mailboxes every few
// seconds, so a lost ring costs delay only.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <unordered_map>
#include <vector>

#include "storage/model/ids.h"

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
  using OnAccount = std::function<void(AccountId)>;

  // The callback must be short and must not subscribe or unsubscribe: send to a Channel.
  Subscription listen(MailboxKey mailbox, OnChange on_change);
  // Password, features, status or mailbox list of any account changed: caches drop what they know of it.
  Subscription listen_accounts(OnAccount on_account);

  // Called after commit by this process's writers and by the doorbell for those of other processes.
  void ring(MailboxKey mailbox, ModSeq now);
  void ring_account(AccountId account);

  // Of any mailbox, heard by somebody or not: whether something was rung between two moments.
  std::uint64_t rings() const { return rings_; }

  // The mailboxes somebody listens to, for the safety net that re-reads their modseq.
  std::vector<MailboxKey> watched() const;

 private:
  std::unordered_map<MailboxKey, std::list<OnChange>> listeners_;
  std::list<OnAccount> account_listeners_;
  std::uint64_t rings_ = 0;
};

}  // namespace postern
