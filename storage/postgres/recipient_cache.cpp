#include "storage/postgres/recipient_cache.h"

namespace postern::postgres {

RecipientCache::RecipientCache(ChangeBus& changes)
    : subscription_(changes.listen_accounts([this](AccountId account) {
        ++bells_heard_;
        forget(account);
      })) {}

std::optional<AccountId> RecipientCache::find(const std::string& address) {
  const std::optional<Known> known = by_address_.find(address);
  if (!known) return std::nullopt;
  if (known->until > std::chrono::steady_clock::now()) return known->account;
  forget(known->account);
  return std::nullopt;
}

void RecipientCache::put(const std::string& address, AccountId account,
                         std::uint64_t bells_heard_before_reading) {
  if (bells_heard_before_reading != bells_heard_) return;
  const Known known{account, std::chrono::steady_clock::now() + kKeptFor};
  by_address_.put(address, known, sizeof(Known) + 2 * address.size());
  addresses_.put(account, address, sizeof(AccountId) + address.size());
}

void RecipientCache::forget(AccountId account) {
  const std::optional<std::string> address = addresses_.find(account);
  if (!address) return;
  by_address_.forget(*address);
  addresses_.forget(account);
}

}  // namespace postern::postgres
