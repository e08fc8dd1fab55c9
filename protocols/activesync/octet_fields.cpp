#include "protocols/activesync/octet_fields.h"

namespace postern::activesync {

void OctetWriter::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
  out_ += static_cast<char>(value);
}

void OctetWriter::text(std::string_view octets) {
  number(octets.size());
  out_ += octets;
}

void OctetWriter::uids(const UidSet& set) {
  number(set.ranges().size());
  std::uint64_t at = 0;
  for (const UidRange& range : set.ranges()) {
    number(raw(range.first) - at);
    number(raw(range.last) - raw(range.first));
    at = raw(range.last);
  }
}

std::uint64_t OctetReader::number(std::uint64_t max) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto octet = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t{octet & 0x7Fu} << shift;
    if (octet >= 0x80) continue;
    if (value <= max) return value;
    break;
  }
  ok_ = false;
  rest_ = {};
  return 0;
}

std::string OctetReader::text() {
  const std::size_t size = count();
  std::string octets(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return octets;
}

UidSet OctetReader::uids() {
  UidSet set;
  std::uint64_t at = 0;
  for (std::size_t left = count(); left > 0 && ok_; --left) {
    const std::uint64_t first = at + number(UINT32_MAX);
    const std::uint64_t last = first + number(UINT32_MAX);
    const bool sound = ok_ && first > at && last <= UINT32_MAX;
    if (!sound) {
      ok_ = false;
      rest_ = {};
      break;
    }
    set.add(Uid(static_cast<std::uint32_t>(first)), Uid(static_cast<std::uint32_t>(last)));
    at = last;
  }
  return set;
}

}  // namespace postern::activesync
