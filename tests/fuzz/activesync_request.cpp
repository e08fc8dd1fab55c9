// rooms: activesync
// Whatever a query holds, what comes of it keeps the promises of request.h.
#include <cstdlib>
#include <string_view>

#include "gateway/base/text.h"
#include "protocols/activesync/request.h"

using namespace postern;
using namespace postern::activesync;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RequestHead head;
  head.query = std::string_view(reinterpret_cast<const char*>(data), size);
  head.protocol_version = "14.1";
  head.policy_key = head.query.substr(0, 10);
  const auto request = parse_request(head);
  if (!request) return 0;
  if (request->device_id.empty() || request->device_id.size() > kDeviceIdOctetsMax) std::abort();
  if (request->device_type.empty() || request->device_type.size() > kDeviceTypeOctetsMax) std::abort();
  if (!text::is_utf8(request->user) || !text::is_utf8(request->item_id)) std::abort();
  if (name_of(request->command).empty()) std::abort();
  return 0;
}
