#include "gateway/cli/device_json.h"

#include <fmt/chrono.h>

namespace postern::cli {

namespace {

Json time_of(const std::optional<WallTime>& time) {
  if (!time) return Json();
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(*time));
}

std::string wipe_of(const Device& device) {
  if (device.wipe == DeviceWipe::none) return "none";
  if (device.wiped_at) return "done";
  return device.wipe_sent_at ? "sent" : "requested";
}

std::string policy_of(const Device& device) {
  if (device.policy.key == 0) return "none";
  return device.policy.final ? "acknowledged" : "sent";
}

}  // namespace

Json device_row(const Device& device, const std::string& otherwise) {
  Json row;
  row["device"] = device.key.id;
  row["type"] = device.seen.type;
  row["model"] = device.information.model;
  row["access"] = name_of(device.access(device_access_from(otherwise).value_or(DeviceAccess::allowed)));
  row["wipe"] = wipe_of(device);
  row["policy"] = policy_of(device);
  row["last_seen"] = time_of(device.last_seen);
  return row;
}

Json device_json(const Device& device, const std::string& otherwise) {
  Json record = device_row(device, otherwise);
  const std::string_view decided = device.decided ? "administrator" : device.by_rule ? "rule" : "default";
  record["access_from"] = decided;
  record["os"] = device.information.os;
  record["name"] = device.information.friendly_name;
  record["imei"] = device.information.imei;
  record["phone_number"] = device.information.phone_number;
  record["user_agent"] = device.seen.user_agent;
  record["version"] = device.seen.protocol_version;
  record["address"] = device.seen.address;
  record["first_seen"] = time_of(device.first_seen);
  record["wipe_of"] = device.wipe == DeviceWipe::full ? "everything" : "account";
  record["wipe_asked_by"] = device.wipe_asked_by;
  record["wipe_asked"] = time_of(device.wipe_asked_at);
  record["wipe_sent"] = time_of(device.wipe_sent_at);
  record["wiped"] = time_of(device.wiped_at);
  record["traced_until"] = time_of(device.traced_until);
  if (device.wipe == DeviceWipe::none) record["wipe_of"] = Json();
  return record;
}

}  // namespace postern::cli
