// rooms: base
// Base64, hexadecimal, UTF-8 and log escaping: what decodes encodes back, and a log line stays one line.
#include <cstdlib>

#include "gateway/base/log.h"
#include "gateway/base/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace postern;
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  if (text::unbase64(text::base64(octets)) != octets) std::abort();
  if (text::unhex(text::hex(octets)) != octets) std::abort();
  // Padding bits may differ (RFC 4648 §3.5), the octets may not.
  if (const auto decoded = text::unbase64(octets)) {
    if (text::unbase64(text::base64(*decoded)) != *decoded) std::abort();
  }
  (void)text::is_utf8(octets);
  (void)text::number(octets, UINT32_MAX);
  for (const LogFormat format : {LogFormat::logfmt, LogFormat::json}) {
    const std::string line = format_event(format, Level::info, "fuzz.line", {{"value", octets}});
    if (line.find('\n') != std::string::npos || line.find('\r') != std::string::npos) std::abort();
  }
  return 0;
}
