// rooms: imap_client
#include <cstddef>
#include <cstdint>
#include <string>

#include "protocols/imap_client/response.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace postern::imap_client;
  Response response;
  response.text.assign(reinterpret_cast<const char*>(data), size);
  response.literals = {"one", std::string("two\0", 4)};
  (void)parse_tagged(response, "a1");
  (void)parse_status_messages(response);
  (void)code_number(response, "UIDVALIDITY");
  (void)has_capability(response, "SPECIAL-USE");
  const auto listed = parse_list(response);
  if (listed && *listed) (void)local_name(**listed);
  (void)parse_fetch(response);
  return 0;
}
