// A multipart answer: the WBXML and, beside it, the octets that it refers to by number. MS-ASCMD
// section 2.2.1.10.1. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace postern::activesync {

class Multipart {
 public:
  // Returns its number: the WBXML is 0, the first of these 1.
  std::uint32_t add(std::string octets);
  std::size_t octets() const { return octets_; }
  // Takes the parts: count, then place and size of each, 32 bits with the low octet first, then the parts.
  std::string finish(std::string wbxml);

 private:
  std::vector<std::string> parts_;
  std::size_t octets_ = 0;
};

}  // namespace postern::activesync
