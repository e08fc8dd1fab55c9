// What a client wants of bodies: the part of an Options element that Sync, ItemOperations, Search and
// GetItemEstimate share. MS-ASAIRS sections 2.2.2.12 and 2.2.2.11, MS-ASCMD section 2.2.3.112 (MIMESupport).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

// MS-ASAIRS section 2.2.2.41
enum class BodyType : std::uint8_t { plain_text = 1, html = 2, rtf = 3, mime = 4 };

struct BodyPreference {
  BodyType type = BodyType::plain_text;
  std::optional<std::uint32_t> truncation_size;  // octets of UTF-8; absent: no limit
  bool all_or_none = false;                      // nothing rather than a cut body
  std::uint32_t preview_characters = 0;          // 14.0 and later; at most 255
  friend bool operator==(const BodyPreference&, const BodyPreference&) = default;
};

enum class MimeSupport : std::uint8_t { never = 0, smime_only = 1, always = 2 };

struct BodyOptions {
  std::vector<BodyPreference> preferences;  // in the client's order; each type once
  std::optional<BodyPreference> part;       // BodyPartPreference, 14.1 and later
  MimeSupport mime_support = MimeSupport::never;
  std::optional<std::uint32_t> mime_truncation_octets;  // MIMETruncation; absent: no limit
  friend bool operator==(const BodyOptions&, const BodyOptions&) = default;

  const BodyPreference* preference(BodyType type) const;  // nullptr: not asked for
};

enum class Taken : std::uint8_t { yes, not_mine };

// Takes one child of an Options element. Refused are values that the schema excludes, with `malformed`, and a
// BodyPartPreference that asks for another type than HTML, with 164.
Parsed<Taken> take_body_option(Element option, Status malformed, BodyOptions& options);

}  // namespace postern::activesync
