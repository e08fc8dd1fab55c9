// Rings between processes. What this process changed is told to its own ChangeBus at once and, gathered for a
// few milliseconds, to the others by NOTIFY, in a transaction of its own (a NOTIFY inside the changing one
// would hold a global lock across its fsync). A lost ring costs delay only: BellWatch reads again what is
// listened to.
#pragma once

#include <map>
#include <random>
#include <set>
#include <string_view>
#include <unordered_map>

#include "config/settings.h"
#include "storage/change_bus.h"
#include "storage/postgres/bell_watch.h"
#include "storage/postgres/database.h"

namespace postern::postgres {

class Doorbell {
 public:
  // Begins to listen and to watch at once.
  Doorbell(Database& database, ChangeBus& bus, const Settings& settings, Metrics metrics = Metrics());

  // After a commit. Rings this process's bus before it returns.
  void ring(MailboxKey mailbox, ModSeq now);
  void ring_account(AccountId account);
  void ring_device(const DeviceKey& device, WallTime asked_at);
  // Of the other processes only: this one has counted it. More than kFailedLoginsMax at once are not told.
  void ring_failed_login(FailedLogin failed);
  static constexpr std::size_t kFailedLoginsMax = 1000;

  // Sends what is gathered and ends the watch; before Database::close().
  Task<void> close();

 private:
  void gather();
  void send_gathered();
  void heard(std::string_view payload);
  void tell(MailboxKey mailbox, ModSeq now);

  Database& database_;
  ChangeBus& bus_;
  const Milliseconds gather_for_;
  const Metrics metrics_;
  const std::uint64_t origin_;  // tells our own notifications from those of others

  std::unordered_map<MailboxKey, ModSeq> gathered_;
  std::set<AccountId> gathered_accounts_;
  std::map<DeviceKey, WallTime> gathered_devices_;
  std::vector<FailedLogin> gathered_failed_logins_;
  // One notification of ours at a time is watched on its way: the database brings it back as it does to
  // others.
  struct Sample {
    std::string payload;
    SteadyTime since{};
  };
  Sample sample_;
  SteadyTime gathering_since_{};
  bool closing_ = false;
  Timer gather_timer_;
  BellWatch watch_;
};

}  // namespace postern::postgres
