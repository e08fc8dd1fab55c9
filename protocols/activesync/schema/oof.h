// Out of office, both ways. MS-ASCMD sections 2.2.3.121 to 2.2.3.125.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

enum class OofState : std::uint8_t { disabled = 0, always = 1, between = 2 };
enum class OofAudience : std::uint8_t { internal, external_known, external_unknown };

// The format of the messages that a Get asks for; it must say one (R824), and some do not.
enum class OofBody : std::uint8_t { as_stored, text, html };

constexpr std::size_t kOofReplyOctetsMax = 32 * 1024;

struct OofMessage {
  OofAudience audience = OofAudience::internal;
  bool enabled = false;
  std::string reply;
  std::string body_type = "Text";  // or "HTML"
  friend bool operator==(const OofMessage&, const OofMessage&) = default;
};

struct Oof {
  OofState state = OofState::disabled;
  std::optional<WallTime> start, end;  // only with `between`
  std::vector<OofMessage> messages;    // at most one for each audience
  friend bool operator==(const Oof&, const Oof&) = default;
};

// The Set element. Refusals are for the Oof element of the answer.
Parsed<Oof> read_oof(Element set);
// The Get element of an answer.
void write_oof(Writer& out, const Oof& oof);

}  // namespace postern::activesync
