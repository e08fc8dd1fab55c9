// rooms: mime
// The stored form from arbitrary octets: refused or decoded into what encodes and decodes to itself.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "storage/mime/part.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace postern::mime;
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const postern::Result<Structure> structure = decode(octets);
  const auto envelope = decode_envelope(octets);
  const auto headers = decode_list_headers(octets);
  const auto root = decode_root(octets);
  if (!structure) return 0;
  if (!envelope || *envelope != structure->envelope || !root || *root != structure->root) std::abort();
  if (!headers || headers->fields != structure->list_headers) std::abort();
  const postern::Result<Structure> again = decode(encode(*structure));
  if (!again || *again != *structure) std::abort();
  return 0;
}
