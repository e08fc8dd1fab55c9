// rooms: config base
// Any octets as a settings file: mistakes or settings, and settings that were accepted can be written and
// read back to the same.
#include <cstdlib>
#include <string>

#include "config/read_settings.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* octets, std::size_t count) {
  const std::string yaml(reinterpret_cast<const char*>(octets), count);
  const auto first = postern::read_settings_text(yaml, "fuzz.yaml");
  if (!std::holds_alternative<postern::Settings>(first)) return 0;
  const std::string written = postern::write_settings(std::get<postern::Settings>(first));
  const auto second = postern::read_settings_text(written, "fuzz.yaml");
  if (!std::holds_alternative<postern::Settings>(second)) abort();
  if (postern::write_settings(std::get<postern::Settings>(second)) != written) abort();
  return 0;
}
