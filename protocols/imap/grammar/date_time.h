// date and date-time (RFC 3501 §9). Impossible dates, years before 1 and zones of a day or more are refused.
#pragma once

#include <chrono>

#include "gateway/base/clock.h"
#include "protocols/imap/grammar/cursor.h"

namespace postern::imap {

// "1-Feb-1994", with or without quotes.
std::chrono::sys_days parse_date(Cursor& in);

struct ZonedTime {
  WallTime time{};  // UTC
  std::int16_t zone_minutes = 0;
};
// "17-Jul-1996 02:44:25 -0700" in quotes.
ZonedTime parse_date_time(Cursor& in);

}  // namespace postern::imap
