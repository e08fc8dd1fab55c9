// Evening: what was backed up when, as one JSON object. It is written last, so it is there only when all is
// that it refers to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/lineage.h"
#include "storage/model/ids.h"

namespace postern::backup {

struct EveningAccount {
  AccountId account{};
  std::string address;
  std::string manifest;  // "2025-01-31-1a2b3c4d": of an earlier evening, if nothing has changed since
  std::string state;     // digest of the mailboxes as they stood; empty: not all of one moment
  std::uint64_t messages = 0;
  std::uint64_t octets = 0;
};

struct Evening {
  std::string date;  // "2025-01-31"
  std::string run;   // "2025-01-31-1a2b3c4d"
  Lineage lineage;
  WallTime begun_at{};
  WallTime ended_at{};
  std::uint64_t new_messages = 0;
  std::uint64_t new_octets = 0;     // before compression
  std::vector<std::string> missed;  // evenings since the last one on which there was no backup
  std::vector<EveningAccount> accounts;
  std::vector<std::string> failed;  // accounts that could not be read, and why
};
std::string to_text(const Evening& evening);
Result<Evening> evening_from(std::string_view text);  // invalid

// A run that has begun and not ended: its manifests count when it goes on.
struct Begun {
  std::string run;
  Lineage lineage;
};
std::string to_text(const Begun& begun);
Result<Begun> begun_from(std::string_view text);  // invalid

// "2025-01-31", UTC.
std::string date_of(WallTime time);
bool is_date(std::string_view text);
// The dates between two, both left out; at most `most`, the latest.
std::vector<std::string> dates_between(const std::string& first, const std::string& last, std::size_t most);

}  // namespace postern::backup
