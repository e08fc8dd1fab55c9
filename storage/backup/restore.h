// Restore: what stood in an account on an evening goes into a living one, that or another. Verify: whether
// the repository holds what its manifests say.
#pragma once

#include <functional>
#include <optional>

#include "gateway/async/loop.h"
#include "storage/backup/repository.h"
#include "storage/store.h"

namespace postern::backup {

struct RestoreRequest {
  std::string date;
  std::string address;  // as it was on that evening
  AccountId into{};
  std::optional<MailboxName> mailbox;  // absent: all
  std::optional<Uid> uid;              // of that mailbox
  bool dated = false;                  // below "Restored 2025-01-31"
  // With UIDs, UIDVALIDITY and modseqs beyond the old ones, so that clients notice nothing. Only into
  // mailboxes that have not been used; stale otherwise.
  bool exact = false;
};

struct RestoreReport {
  std::uint64_t mailboxes = 0;
  std::uint64_t messages = 0;
  std::uint64_t duplicates = 0;     // the mailbox has the same octets of the same date
  std::vector<std::string> broken;  // what the repository does not hold as it should
};

// `report` is true at any time. not_found: no such evening or account; over_quota; stale.
Task<Result<void>> restore(Loop& loop, Store& store, Repository& repository, RestoreRequest request,
                           RestoreReport& report, std::function<void(const RestoreReport&)> progress);

struct Verified {
  std::uint64_t evenings = 0;
  std::uint64_t packs = 0;
  std::uint64_t messages = 0;
  std::vector<std::string> broken;
};
// Reads every pack that an evening (absent: any) refers to, and every message in it. Blocking: belongs off
// the loop.
Result<Verified> verify(const Repository& repository, std::optional<std::string> date);

}  // namespace postern::backup
