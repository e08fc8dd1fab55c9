// Waiting for news: one suspended coroutine, no database connection. What may happen comes through one
// channel: a mailbox or the account changes, the time is over, the device asks anew, the client goes away.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gateway/async/channel.h"
#include "protocols/http/exchange.h"
#include "storage/change_bus.h"

namespace postern::activesync {

enum class Woken : std::uint8_t { mailbox, account, expired, newer_request, gone };

class ChangeWait {
 public:
  // All outlive it. Listens from now on; look for news after that, then wait. `device` is as opened for this
  // request: a newer one of the device, on any node, ends the wait.
  ChangeWait(Loop& loop, ChangeBus& bus, http::Exchange& exchange, const Device& device,
             const std::vector<MailboxKey>& mailboxes, Milliseconds span);
  ~ChangeWait();
  ChangeWait(const ChangeWait&) = delete;
  ChangeWait& operator=(const ChangeWait&) = delete;

  // What has happened since the last call, the same thing once; an end goes before news.
  Task<Woken> next();
  // The answer is ready: counts how long the device's news took, if next() has told of a mailbox.
  void told(const Metrics& metrics) const;

 private:
  void note(Woken what);

  http::Exchange& exchange_;
  std::uint8_t noted_ = 0;  // bits of Woken
  SteadyTime first_ring_{};
  std::optional<SteadyTime> rung_at_;
  Channel<bool> bell_;
  Timer timer_;
  std::vector<Subscription> subscriptions_;
};

}  // namespace postern::activesync
