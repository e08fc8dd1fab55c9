// IMAP's section-spec as a range of the message's octets. RFC 9051 §6.4.5.1 (the same in RFC 3501 §6.4.5).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "storage/mime/part.h"

namespace postern::mime {

enum class SectionText : std::uint8_t {
  all,     // BODY[] or BODY[1.2]: the message; of a part its body, without its MIME header
  header,  // BODY[HEADER] or BODY[1.2.HEADER], also for HEADER.FIELDS
  text,    // BODY[TEXT] or BODY[1.2.TEXT]
  mime,    // BODY[1.2.MIME]
};

// The part that the numbers name; root itself for none. nullptr if there is no such part.
//
// Numbers count from 1. A message that is no multipart has one part, 1: its body, described by the same Part.
// Numbers behind a message/rfc822 part are those of the embedded message.
const Part* find_part(const Part& root, std::span<const std::uint32_t> numbers);

// nullopt: no such section. HEADER and TEXT behind numbers need a message/rfc822 or message/global part, and
// MIME needs numbers.
std::optional<OctetRange> section_range(const Part& root, std::span<const std::uint32_t> numbers,
                                        SectionText text);

}  // namespace postern::mime
