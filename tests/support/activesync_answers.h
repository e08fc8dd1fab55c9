// Requests as XML and answers as XML, for tests of protocols/activesync.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/xml_dump.h"
#include "tests/support/kept_answers.h"
#include "tests/support/wbxml_xml.h"

namespace postern::activesync {

// Of a test that is wrong itself, the Sync element.
inline Document request(std::string_view xml) {
  auto document = document_from_xml(xml);
  if (!document) ADD_FAILURE() << document.error().detail << "\n" << xml;
  return document ? *std::move(document) : *document_from_xml("<AirSync:Sync/>");
}

inline std::string answer_xml(std::string wbxml) {
  auto document = read(std::move(wbxml));
  if (!document) {
    ADD_FAILURE() << "the answer is no WBXML: " << document.error().detail;
    return {};
  }
  std::string xml = xml_dump(*document);
  tests::keep_answer(xml);
  return xml;
}

// answer([](std::string& out) { write(out, response); })
template <class Write>
std::string answer(Write write) {
  std::string out;
  write(out);
  return answer_xml(std::move(out));
}

}  // namespace postern::activesync
