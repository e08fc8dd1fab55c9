#include "storage/recovery.h"

namespace postern {

Task<Result<Restored>> restore_all(Recovery& recovery, AccountId account, RecoveryQuery query,
                                   RestoreTarget target, std::string by,
                                   std::function<void(const Restored&)> progress) {
  Restored all;
  query.count_max = Recovery::kRestoreMax;
  do {
    CO_TRY(RecoveryPage page, co_await recovery.find(account, query));
    std::vector<RecoverableKey> keys;
    for (const Recoverable& one : page.found) keys.push_back(one.key);
    CO_TRY(const Restored restored, co_await recovery.restore(account, std::move(keys), target, by));
    all += restored;
    progress(all);
    query.after = std::move(page.next);
  } while (!query.after.empty());
  co_return all;
}

}  // namespace postern
