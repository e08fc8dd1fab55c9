// The safety net behind the doorbell: what somebody listens to is read again every now and then, and rung if
// it has changed since it was rung last, so that a notification that was lost, or that a process could not
// send any more, costs a bounded delay. Devices have none: a request that waits too long ends with its time.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "config/settings.h"
#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "storage/change_bus.h"
#include "storage/postgres/database.h"

namespace postern::postgres {

class BellWatch {
 public:
  // Begins at once.
  BellWatch(Database& database, ChangeBus& bus, const Settings& settings);

  // Reads everything again now: rings may have been lost.
  void look_now() { wake_.send(Round::everything); }
  // The listeners have been told so.
  void told(MailboxKey mailbox, ModSeq now);

  // Before Database::close().
  Task<void> close();

 private:
  enum class Round : std::uint8_t { mailboxes, everything };

  Task<void> run();
  Task<void> reread_mailboxes();
  Task<void> reread(std::vector<MailboxKey> mailboxes);
  Task<void> reread_accounts();
  Task<void> reread(std::vector<AccountId> accounts);

  Database& database_;
  ChangeBus& bus_;
  const Milliseconds interval_;
  const Milliseconds account_interval_;

  // What the listeners have been told last; of an account, a digest of what its bell is about.
  std::unordered_map<MailboxKey, ModSeq> told_;
  std::unordered_map<AccountId, std::int64_t> told_accounts_;
  Milliseconds since_accounts_{0};
  bool closing_ = false;
  Channel<Round> wake_;
  Timer timer_;
  TaskScope scope_;
};

}  // namespace postern::postgres
