// Restore: what stood in an account on an evening goes into a living one, that or another. Verify: whether
// the repository holds what its manifests say.
#pragma once

#include <functional>
#include <optional>

#include "gateway/async/loop.h"
#include "storage/backup/people.h"
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

// `report` is true at any time. not_found: no such evening or account; over_quota; stale; denied: encrypted
// with another key; unavailable.
Task<Result<void>> restore(Loop& loop, Store& store, Repository& repository, RestoreRequest request,
                           RestoreReport& report, std::function<void(const RestoreReport&)> progress);

struct InstallationReport {
  PeopleReport people;
  std::uint64_t accounts = 0;  // whose mail is back
  RestoreReport mail;
  std::vector<std::string> refused;  // accounts, and why
};

// Everybody and all their mail as they stood, exactly, into a store that has none of them yet. What is there
// already is passed over, so a second call goes on where one was broken off. An account that cannot be
// restored is told, and the others are.
Task<Result<void>> restore_installation(Loop& loop, Store& store, Repository& repository, std::string date,
                                        InstallationReport& report,
                                        std::function<void(const InstallationReport&)> progress);

struct Verified {
  std::uint64_t evenings = 0;
  std::uint64_t packs = 0;
  std::uint64_t messages = 0;
  std::vector<std::string> broken;
};
// Reads every pack that an evening (absent: any) refers to, and every message in it. unavailable, denied,
// not_found: it could not look. Blocking: belongs off the loop.
Result<Verified> verify(const Repository& repository, std::optional<std::string> date);

}  // namespace postern::backup
