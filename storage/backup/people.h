// People: whose mail it is. Beside each evening stand the tenants, plans, domains, accounts with what checks
// their passwords, and aliases, as JSON lines, so that a whole installation comes back into an empty
// database. Devices, app passwords, administrators, policies and records (audit, usage) do not.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/async/loop.h"
#include "storage/backup/repository.h"
#include "storage/store.h"

namespace postern::backup {

Task<Result<void>> save_people(Loop& loop, Store& store, Repository& repository, std::string run);

struct PeopleReport {
  std::uint64_t tenants = 0;
  std::uint64_t plans = 0;
  std::uint64_t domains = 0;
  std::uint64_t accounts = 0;
  std::uint64_t aliases = 0;
  std::vector<std::string> refused;  // what could not be made, and why
};

// Makes what is not there; what is there stays as it is. not_found, invalid: the file.
Task<Result<void>> restore_people(Loop& loop, Store& store, const Repository& repository, std::string run,
                                  PeopleReport& report);

}  // namespace postern::backup
