// Which account an address is, as deliveries ask again and again. Kept are addresses that are an account's
// own, while it takes mail, has room to spare, is not absent and files no conversations; aliases may lead
// elsewhere without ringing any bell. Placing a message looks at the account and its room again, so what is
// stale here makes a refusal later, not wrong.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "gateway/async/loop.h"
#include "storage/change_bus.h"
#include "storage/lru_cache.h"

namespace postern::postgres {

class RecipientCache {
 public:
  // Drops an account as soon as its bell rings.
  explicit RecipientCache(ChangeBus& changes);

  std::optional<AccountId> find(const std::string& address);

  // What was read while a bell rang may be older than the ring: put() then keeps nothing.
  std::uint64_t bells_heard() const { return bells_heard_; }
  void put(const std::string& address, AccountId account, std::uint64_t bells_heard_before_reading);

  void forget(AccountId account);

  static constexpr std::uint64_t kOctetsMax = 4 * 1024 * 1024;
  static constexpr Milliseconds kKeptFor{5 * 60 * 1000};  // a bell may be lost

 private:
  struct Known {
    AccountId account{};
    SteadyTime until;
  };

  LruCache<std::string, std::optional<Known>, std::hash<std::string>> by_address_{kOctetsMax};
  LruCache<AccountId, std::optional<std::string>, std::hash<AccountId>> addresses_{kOctetsMax};
  std::uint64_t bells_heard_ = 0;
  Subscription subscription_;
};

}  // namespace postern::postgres
