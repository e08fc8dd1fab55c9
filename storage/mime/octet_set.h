// Runs of octets that need no thought: how far a text goes without any of a set, or in ASCII.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace postern::mime {

class OctetSet {
 public:
  constexpr explicit OctetSet(std::string_view octets) {
    for (const char c : octets) has_[static_cast<unsigned char>(c)] = true;
  }
  // How many octets at the front are not in the set.
  std::size_t prefix_without(std::string_view octets) const {
    std::size_t at = 0;
    while (at < octets.size() && !has_[static_cast<unsigned char>(octets[at])]) ++at;
    return at;
  }

 private:
  std::array<bool, 256> has_{};
};

// How many ASCII octets are at the front.
inline std::size_t ascii_prefix(std::string_view octets) {
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= octets.size(); at += sizeof word) {
    std::memcpy(&word, octets.data() + at, sizeof word);
    if ((word & 0x8080808080808080u) != 0) break;
  }
  while (at < octets.size() && static_cast<unsigned char>(octets[at]) < 0x80) ++at;
  return at;
}

}  // namespace postern::mime
