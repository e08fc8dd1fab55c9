// Recount: what the counters, quotas and references should be, computed from the mail itself (law 7).
// Whatever differs is a bug. For `postern doctor` and for tests; it reads everything of the accounts it is
// asked about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/postgres/database.h"

namespace postern::postgres {

struct Drift {
  AccountId account{};
  std::optional<MailboxId> mailbox;
  std::string what;  // "unseen", "orphan blobs", …
  std::int64_t stored = 0;
  std::int64_t counted = 0;
};

// Empty: all is well. Each mailbox and each account's sum is read in one statement, so mail may come and go
// meanwhile.
Task<Result<std::vector<Drift>>> recount(Database& database, AccountId account);
// Of every account, one after the other.
Task<Result<std::vector<Drift>>> recount_all(Database& database);

}  // namespace postern::postgres
