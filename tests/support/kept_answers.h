// Answers of ActiveSync for tests/spec/check_activesync_answers: if POSTERN_ACTIVESYNC_ANSWERS names a
// folder, every one is left there as XML.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace postern::tests {

// `xml` is a dump of protocols/activesync/wbxml/xml_dump.h.
inline void keep_answer(const std::string& xml) {
  const char* folder = std::getenv("POSTERN_ACTIVESYNC_ANSWERS");
  if (folder == nullptr) return;
  const std::filesystem::path name = std::to_string(std::hash<std::string>()(xml)) + ".xml";
  std::ofstream(folder / name) << xml;
}

}  // namespace postern::tests
