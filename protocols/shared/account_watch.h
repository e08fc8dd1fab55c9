// A session's account, watched: when it is disabled or deleted, or loses the feature that the session lives
// by, the session is told, on every node.
#pragma once

#include <functional>

#include "gateway/async/task_scope.h"
#include "protocols/shared/services.h"

namespace postern {

class AccountWatch {
 public:
  // `on_revoked` is called once, from the loop; it only sends to a channel. The store outlives the watch, and
  // ended() is awaited before it goes.
  AccountWatch(const Services& services, AccountId account, Feature door, std::function<void()> on_revoked);

  // Hears no more; returns when no question is under way.
  Task<void> ended();

 private:
  void heard();
  Task<void> ask();

  Store& store_;
  const AccountId account_;
  const Feature door_;
  std::function<void()> on_revoked_;  // empty: told, or ended
  bool again_ = false;                // rung while asking
  Subscription subscription_;
  TaskScope asking_;
};

}  // namespace postern
