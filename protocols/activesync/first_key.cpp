#include "protocols/activesync/first_key.h"

#include "protocols/shared/digest.h"

namespace postern::activesync {

std::uint32_t first_sync_key() {
  std::uint32_t number = 0;
  for (const char octet : random_octets(4)) number = number << 8 | static_cast<unsigned char>(octet);
  return (number & 0x3FFF'FFFF) + 1;
}

}  // namespace postern::activesync
