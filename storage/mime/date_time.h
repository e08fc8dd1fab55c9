// Dates of messages: RFC 5322 §3.3 with its obsolete forms (§4.3), read leniently. IMAP's own dates are its
// grammar's (protocols/imap/grammar/date_time.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern::mime {

struct DateTime {
  std::chrono::sys_seconds utc{};
  std::int16_t zone_minutes = 0;  // east of Greenwich, as written

  // As it was written, its zone disregarded: what SENTON and ON compare.
  std::chrono::sys_days day() const {
    return std::chrono::floor<std::chrono::days>(utc + std::chrono::minutes(zone_minutes));
  }
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

// "Wed, 17 Jul 1996 02:44:25 -0700 (PDT)" and what mail has instead: no day name, no seconds, years of two or
// three digits, zones by name, "Jul 17 02:44:25 1996". An unknown zone counts as UTC. nullopt: no date in it.
std::optional<DateTime> parse_date(std::string_view value);
std::string format_date(DateTime time);  // "Wed, 17 Jul 1996 02:44:25 -0700"

}  // namespace postern::mime
