// An invitation as a device is told it: Email's MeetingRequest. MS-ASEMAIL section 2.2.2.48. Which of its
// elements a version knows is decided here, when it is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocols/activesync/schema/protocol_version.h"
#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

// MS-ASEMAIL sections 2.2.2.39, 2.2.2.80, 2.2.2.47, 2.2.2.14, 2.2.2.71
enum class InstanceType : std::uint8_t { single = 0, series = 1, instance = 2, exception = 3 };
enum class RecurrenceType : std::uint8_t {
  daily = 0,
  weekly = 1,
  monthly = 2,
  monthly_nth = 3,
  yearly = 5,
  yearly_nth = 6
};
enum class MeetingMessageType : std::uint8_t { silent = 0, initial = 1, full_update = 2 };
enum class BusyStatus : std::uint8_t { free = 0, tentative = 1, busy = 2, out_of_office = 3 };
enum class Sensitivity : std::uint8_t { normal = 0, personal = 1, private_item = 2, confidential = 3 };

struct MeetingRecurrence {
  RecurrenceType type = RecurrenceType::daily;
  std::uint32_t interval = 1;
  std::optional<WallTime> until;
  std::optional<std::uint32_t> occurrences;
  std::optional<std::uint32_t> week_of_month;  // 1 … 5
  std::optional<std::uint32_t> day_of_month;
  std::optional<std::uint32_t> day_of_week;  // bits: 1 is Sunday, 64 Saturday
  std::optional<std::uint32_t> month_of_year;
  std::uint32_t first_day_of_week = 0;
  friend bool operator==(const MeetingRecurrence&, const MeetingRecurrence&) = default;
};

struct MeetingRequest {
  bool all_day = false;
  WallTime start{}, end{}, made{};
  InstanceType instance_type = InstanceType::single;
  std::string location;   // empty: left out
  std::string organizer;  // "\"Olga\" <olga@example.org>"
  std::optional<WallTime> recurrence_id;
  std::optional<std::uint16_t> reminder_s;
  bool response_requested = false;
  std::optional<MeetingRecurrence> recurrence;
  Sensitivity sensitivity = Sensitivity::normal;
  BusyStatus busy_status = BusyStatus::busy;
  std::string time_zone;      // base64 of a TIME_ZONE_INFORMATION (MS-ASDTYPE section 2.7.5)
  std::string uid;            // of 16.0 and later …
  std::string global_obj_id;  // … and before: base64
  MeetingMessageType message_type = MeetingMessageType::initial;
  friend bool operator==(const MeetingRequest&, const MeetingRequest&) = default;
};

void write_meeting_request(Writer& out, const MeetingRequest& meeting, ProtocolVersion version);

}  // namespace postern::activesync
