// The simple types of MS-ASDTYPE: numbers, booleans, identifiers and dates, out of elements and into them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

constexpr std::size_t kIdOctetsMax = 64;       // SyncKey, CollectionId, ServerId, ClientId
constexpr std::size_t kLongIdOctetsMax = 256;  // LongId
constexpr std::size_t kTextOctetsMax = 4096;   // names, addresses, search texts: each

// A decimal number, at most max. nullopt: none, or beyond.
std::optional<std::uint32_t> number_of(Element element, std::uint32_t max = UINT32_MAX);
// 0, 1, true or false. An empty element means what the element's own section says. nullopt: something else.
std::optional<bool> boolean_of(Element element, bool if_empty);
// Not empty, and at most octets_max. nullopt otherwise.
std::optional<std::string> text_of(Element element, std::size_t octets_max);

struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;  // inclusive
  friend bool operator==(const Range&, const Range&) = default;
};
// "0-99". nullopt: not of that form, or backwards.
std::optional<Range> range_of(Element element);
std::string to_text(Range range);

// "2026-11-23T08:00:00.000Z", with or without the fraction, and "20261123T080000Z". MS-ASDTYPE sections 2.3
// and 2.7.2. nullopt: no such date.
std::optional<WallTime> parse_date_time(std::string_view text);
std::string format_date_time(WallTime time);          // with milliseconds: 24 octets
std::string format_compact_date_time(WallTime time);  // without: 16 octets

}  // namespace postern::activesync
