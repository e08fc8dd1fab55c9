#include "storage/postgres/device_rows.h"

#include "gateway/base/text.h"

namespace postern::postgres {

Device device_from_row(const Row& row) {
  Device device(DeviceKey(row.get<AccountId>(0), row.get<std::string>(1)));
  device.seen.type = row.get<std::string>(2);
  device.seen.user_agent = row.get<std::string>(3);
  device.seen.protocol_version = row.get<std::string>(4);
  device.seen.address = row.get<std::string>(5);
  device.first_seen = row.get<WallTime>(6);
  device.last_seen = row.get<WallTime>(7);
  device.information.model = row.get<std::string>(8);
  device.information.os = row.get<std::string>(9);
  device.information.friendly_name = row.get<std::string>(10);
  device.information.imei = row.get<std::string>(11);
  device.information.phone_number = row.get<std::string>(12);
  device.decided = row.get<std::optional<DeviceAccess>>(13);
  device.by_rule = row.get<std::optional<DeviceAccess>>(14);
  device.wipe = row.get<DeviceWipe>(15);
  device.wipe_asked_by = row.get<std::string>(16);
  device.wipe_asked_at = row.get<std::optional<WallTime>>(17);
  device.wiped_at = row.get<std::optional<WallTime>>(18);
  device.policy.key = row.get<std::uint32_t>(19);
  device.policy.final = row.get<bool>(20);
  device.policy.version = row.get<std::uint32_t>(21);
  device.traced_until = row.get<std::optional<WallTime>>(22);
  device.ping.interval_s = row.get<std::uint32_t>(23);
  device.ping.folders = row.get<std::string>(24);
  device.asked_at = row.get<WallTime>(26);
  device.wipe_sent_at = row.get<std::optional<WallTime>>(27);
  device.policy_values = row.get<std::vector<std::string>>(28);
  device.versions_told = row.get<std::string>(29);
  return device;
}

std::string device_text(std::string_view text) {
  std::string clean;
  const bool keep_non_ascii = text::is_utf8(text);
  for (const char c : text.substr(0, kDeviceTextOctetsMax)) {
    const auto octet = static_cast<unsigned char>(c);
    const bool printable = octet >= 0x20 && octet != 0x7F && (octet < 0x80 || keep_non_ascii);
    clean += printable ? c : '?';
  }
  // The cut may have gone through a character.
  while (!text::is_utf8(clean)) clean.pop_back();
  return clean;
}

}  // namespace postern::postgres
