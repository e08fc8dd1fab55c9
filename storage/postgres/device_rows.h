// A row of the view device_records as a Device, and texts of devices as they may stand in a row.
#pragma once

#include "storage/model/device.h"
#include "storage/postgres/statement.h"

namespace postern::postgres {

// In the order that device_from_row reads; seen_lately is column kSeenLately.
#define POSTERN_DEVICE_COLUMNS                                                                           \
  "account_id, device_id, type, user_agent, protocol_version, last_address, first_seen, last_seen,"      \
  " model, os, friendly_name, imei, phone_number, decided, by_rule, wipe, wipe_asked_by, wipe_asked_at," \
  " wiped_at, policy_key, policy_final, policy_version, traced_until, ping_interval_s, ping_folders,"    \
  " seen_lately, clock_timestamp(), wipe_sent_at, policy_values, versions_told"
constexpr int kSeenLately = 25;

Device device_from_row(const Row& row);

// UTF-8 without control octets, at most kDeviceTextOctetsMax; what is neither becomes '?'.
std::string device_text(std::string_view text);

}  // namespace postern::postgres
