// The versions of the protocol that are served. They are ordered: `version >= ProtocolVersion::v14_0`.
// MS-ASHTTP section 2.2.1.1.1.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace postern::activesync {

// The values are those of the base64 query's first octet.
enum class ProtocolVersion : std::uint8_t { v12_1 = 121, v14_0 = 140, v14_1 = 141, v16_0 = 160, v16_1 = 161 };

struct ProtocolVersionName {
  ProtocolVersion version;
  std::string_view name;
};
// Ascending: some clients take the last one they know.
constexpr ProtocolVersionName kProtocolVersions[] = {
    {ProtocolVersion::v12_1, "12.1"}, {ProtocolVersion::v14_0, "14.0"}, {ProtocolVersion::v14_1, "14.1"},
    {ProtocolVersion::v16_0, "16.0"}, {ProtocolVersion::v16_1, "16.1"},
};

// nullopt: not served.
constexpr std::optional<ProtocolVersion> find_protocol_version(std::string_view name) {
  for (const ProtocolVersionName& row : kProtocolVersions) {
    if (row.name == name) return row.version;
  }
  return std::nullopt;
}

}  // namespace postern::activesync
