// The follow-up flag of a message, both ways. MS-ASEMAIL section 2.2.2.34. An empty Flag element is a flag
// that is not set.
#pragma once

#include <optional>
#include <string>

#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

enum class FlagStatus : std::uint8_t { cleared = 0, complete = 1, active = 2 };

struct FollowUpFlag {
  FlagStatus status = FlagStatus::cleared;
  std::string type;     // "Follow up"
  std::string subject;  // of the task
  std::optional<WallTime> date_completed, complete_time;
  std::optional<WallTime> start_date, due_date;          // local
  std::optional<WallTime> utc_start_date, utc_due_date;  // the same in UTC
  std::optional<bool> reminder_set;
  std::optional<WallTime> reminder_time;
  std::optional<WallTime> ordinal_date;
  std::string sub_ordinal_date;
  friend bool operator==(const FollowUpFlag&, const FollowUpFlag&) = default;
};

// nullopt: a value that the schema excludes.
std::optional<FollowUpFlag> read_flag(Element flag);
void write_flag(Writer& out, const FollowUpFlag& flag);

}  // namespace postern::activesync
