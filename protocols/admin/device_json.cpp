// A device as the contract's schema has it.
#include "protocols/admin/entry_json.h"
#include "protocols/admin/times.h"

namespace postern::admin {

namespace {

Json wipe_json(const Device& device) {
  if (device.wipe == DeviceWipe::none) return Json();
  Json wipe;
  wipe["of"] = device.wipe == DeviceWipe::full ? "everything" : "account";
  wipe["state"] = device.wiped_at ? "done" : device.wipe_sent_at ? "sent" : "requested";
  wipe["asked_by"] = device.wipe_asked_by;
  wipe["asked_at"] = time_json(device.wipe_asked_at);
  wipe["sent_at"] = time_json(device.wipe_sent_at);
  wipe["done_at"] = time_json(device.wiped_at);
  return wipe;
}

}  // namespace

Json device_json(const DeviceEntry& entry, DeviceAccess otherwise) {
  const Device& device = entry.device;
  Json json;
  json["device"] = device.key.id;
  json["account"] = entry.account;
  json["type"] = device.seen.type;
  json["model"] = device.information.model;
  json["os"] = device.information.os;
  json["name"] = device.information.friendly_name;
  json["user_agent"] = device.seen.user_agent;
  json["protocol_version"] = device.seen.protocol_version;
  json["address"] = device.seen.address;
  json["first_seen"] = time_text(device.first_seen);
  json["last_seen"] = time_text(device.last_seen);
  json["access"] = name_of(device.access(otherwise));
  json["access_from"] = device.decided ? "administrator" : device.by_rule ? "rule" : "default";
  json["wipe"] = wipe_json(device);
  json["traced_until"] = time_json(device.traced_until);
  json["policy"] = device.policy.key == 0 ? "none" : device.policy.final ? "acknowledged" : "sent";
  return json;
}

}  // namespace postern::admin
