// The checks of `postern doctor`. Each finding says what is so and, if it is not well, how to mend it.
#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "gateway/async/loop.h"
#include "gateway/async/task.h"
#include "storage/postgres/database.h"

namespace postern::cli {

enum class Health { ok, warning, problem };
std::string_view name_of(Health health);

struct Finding {
  Finding(std::string what, Health how, std::string found, std::string remedy = "")
      : check(std::move(what)), health(how), text(std::move(found)), mend(std::move(remedy)) {}
  std::string check;
  Health health;
  std::string text;
  std::string mend;  // empty if all is well
};
using Findings = std::vector<Finding>;

// Certificate files: readable, fitting their keys, and for how long.
Findings check_certificates(const Settings& settings, WallTime now);
// The data directory: writable, with room.
Findings check_data_directory(const Settings& settings);
// Somebody listens at every endpoint of the doors that are on.
Task<Findings> check_ports(Loop& loop, Settings settings);
// Reachable, recent enough, durable; its clock; its schema.
Task<Findings> check_database(postgres::Database& database);
// Counters and quotas are what the mail itself adds up to; reads all of it.
Task<Findings> check_counters(postgres::Database& database);

}  // namespace postern::cli
