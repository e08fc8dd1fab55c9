// Entries of the domain's address list, as Search and Find show them. MS-ASCMD section 2.2.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

// What a client wants of people's photographs. Absent members: no limit.
struct PictureLimits {
  std::optional<std::uint32_t> octets_max;
  std::optional<std::uint32_t> pictures_max;
  friend bool operator==(const PictureLimits&, const PictureLimits&) = default;
};

struct Picture {
  Status status = CommonStatus::no_picture;  // or 1
  std::string octets;                        // with 1
};

// Empty fields are left out.
struct GalEntry {
  std::string display_name, phone, office, title, company, alias, first_name, last_name, home_phone,
      mobile_phone, email_address;
  std::optional<Picture> picture;
};

void write_properties(Writer& out, const GalEntry& entry);

}  // namespace postern::activesync
