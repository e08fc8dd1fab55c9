// rooms: pop3
// POP3 lines: parsing never reads beyond the line and never shows its octets in a refusal.
#include "protocols/pop3/command.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)postern::pop3::parse_command(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
