// Answers of ActiveSync for tests/spec/check_activesync_answers: if POSTERN_ACTIVESYNC_ANSWERS names a
// folder, every one is left there as XML.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace postern::tests {

// For who would make the XML for this only.
inline bool keeps_answers() {
  return std::getenv("POSTERN_ACTIVESYNC_ANSWERS") != nullptr;
}

// `xml` is a dump of protocols/activesync/wbxml/xml_dump.h.
inline void keep_answer(const std::string& xml) {
  if (!keeps_answers()) return;
  const std::filesystem::path folder = std::getenv("POSTERN_ACTIVESYNC_ANSWERS");
  std::ofstream(folder / (std::to_string(std::hash<std::string>()(xml)) + ".xml")) << xml;
}

}  // namespace postern::tests
