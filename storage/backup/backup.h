// Backup: an evening. Account by account what is new goes into packs and a manifest is written; the evening
// itself comes last, so it is there only when all is. Broken off anywhere, it goes on with the accounts that
// lack.
#pragma once

#include <functional>
#include <map>

#include "gateway/async/loop.h"
#include "storage/backup/account_saver.h"

namespace postern::backup {

class Backup {
 public:
  // `keep` is asked between messages every now and then: closed or stale if it is time to stop. All outlive
  // it.
  Backup(Loop& loop, Store& store, Repository& repository, const Clock& clock,
         std::function<Task<Result<void>>()> keep)
      : loop_(loop), store_(store), repository_(repository), clock_(clock), keep_(std::move(keep)) {}

  // Accounts that cannot be read are named in Evening::failed, and the others saved all the same.
  // unavailable: the database or the repository (full, or away); denied: the repository is not ours; then the
  // evening is not there.
  Task<Result<Evening>> run();

  static constexpr std::size_t kMissedMax = 366;  // evenings that are told

 private:
  Result<void> prepare();
  Task<Result<void>> save_domain(Domain domain);
  Task<Result<EveningAccount>> save(AccountRecord account);
  Result<bool> saved_in_this_run(AccountId account, const std::string& state);

  Loop& loop_;
  Store& store_;
  Repository& repository_;
  const Clock& clock_;
  const std::function<Task<Result<void>>()> keep_;
  Evening evening_;
  std::string process_;
  bool goes_on_ = false;  // with a run that was broken off
  struct Before {
    std::string manifest;
    std::string state;
  };
  std::map<AccountId, Before> before_;  // the evening before
};

}  // namespace postern::backup
