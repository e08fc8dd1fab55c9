// One attempt at one queued message: reports that are still due, the envelope and the message to the
// smarthost, each recipient's result written as soon as it is known, reports of what failed, and the release
// with the next attempt.
#pragma once

#include <set>

#include "protocols/submission/relay.h"

namespace postern::submission {

class Relay::Attempt {
 public:
  Attempt(Relay& relay, QueuedMessage message, SteadyTime claimed_at)
      : relay_(relay), message_(std::move(message)), claimed_at_(claimed_at) {}
  Task<void> run();

 private:
  Task<Result<void>> send();
  Task<Result<OwnedClient>> ready_client();
  Task<Result<void>> converse(SmtpClient& client);
  Task<Result<void>> record(std::vector<Answer> answers, bool dsn_offered);
  void count(RecipientState state) const;
  Task<Result<void>> defer_the_rest(const Error& error);
  RecipientResult result_of(const QueuedRecipient& recipient, const SmtpReply& reply, bool dsn_offered);
  Task<Result<void>> report();
  Task<Result<void>> report(Report kind);
  Task<Result<std::string>> original(bool& is_whole);
  bool has_waiting() const;
  bool still_ours() const;
  Milliseconds retry_in() const;

  Relay& relay_;
  QueuedMessage message_;  // its recipients are kept up to date
  const SteadyTime claimed_at_;
  Outbox::Release release_;
  std::set<std::uint32_t> answered_;  // recipients that this attempt has a result for
  bool reused_ = false;               // the connection has served before, and may have ended meanwhile
  bool offered_ = false;              // the server has seen the envelope
};

}  // namespace postern::submission
