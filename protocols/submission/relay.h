// The relay: takes what is due from the outbox to the smarthost, one worker process's share of it. It sleeps
// until the outbox rings (a submission here or on another node), an attempt ends, or something falls due;
// each attempt is a coroutine of its own (relay_attempt.cpp). Leases of running attempts are renewed in time.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "config/settings.h"
#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "protocols/shared/services.h"
#include "protocols/submission/smtp_client.h"

namespace postern::submission {

class Relay {
 public:
  // All outlive it. Without relay.host it does nothing.
  Relay(const Settings& settings, const Services& services);
  ~Relay();  // stopped before

  // invalid: the file of trusted certificates cannot be read.
  Result<void> start();
  // Claims nothing more, and returns when the running attempts are over; those that take longer lose their
  // connection, and another worker takes their messages up at once.
  Task<void> stop(Deadline deadline);

 private:
  class Attempt;
  friend class Attempt;
  using OwnedClient = std::unique_ptr<SmtpClient>;

  Task<void> run();
  Task<void> renew_leases();
  Task<void> attempt(QueuedMessage message, SteadyTime claimed_at);
  Task<void> close_idle();
  void cut_off();
  // A connection that may serve the next message.
  void keep(OwnedClient client);
  // Until when what was claimed then is ours for certain.
  SteadyTime leased_until(SteadyTime claimed_at) const;
  void wake() { wake_.send(true); }

  const Settings& settings_;
  const Services services_;
  const std::string hostname_;
  const std::string holder_;  // in the outbox's leases
  std::shared_ptr<SSL_CTX> tls_;
  Subscription bell_;
  Channel<bool> wake_;
  Timer timer_;
  Channel<bool> renew_;
  Timer renew_timer_;
  Timer idle_timer_;
  Timer stop_timer_;
  SteadyTime renewed_at_{};                  // the last time, as asked
  SteadyTime renewed_since_{};               // without a gap that a lease would not have survived
  Deadline pause_until_{SteadyTime::min()};  // the smarthost cannot be reached
  std::vector<OwnedClient> idle_;            // ready connections, at most connections_max
  std::list<SmtpClient*> used_;              // by attempts
  bool stopping_ = false;
  bool cutting_off_ = false;  // stopping, and the time is over
  TaskScope attempts_;
  TaskScope scope_;
};

}  // namespace postern::submission
