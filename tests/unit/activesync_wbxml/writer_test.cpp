// Elements to octets, the XML dump, and the way round: XML to WBXML to XML.
#include "protocols/activesync/wbxml/writer.h"

#include <gtest/gtest.h>

#include "gateway/base/text.h"
#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/xml_dump.h"
#include "tests/support/wbxml_xml.h"

namespace postern::activesync {
namespace {

TEST(WbxmlWriter, WritesOctets) {
  std::string octets;
  Writer out(octets);
  {
    const auto sync = out.open("AirSync:Sync"_tag);
    out.number("AirSync:Status"_tag, 1);
    out.text("Email:Subject"_tag, std::string_view("a\0b", 3));
    out.boolean("Email:Read"_tag, false);
    out.empty("AirSync:MoreAvailable"_tag);
    out.text("AirSync:SyncKey"_tag, "");
    out.text("Email2:ConversationId"_tag, std::string_view("\0\x01", 2));
  }
  EXPECT_EQ(text::hex(octets),
            "03016a00"
            "45"
            "4e033100"
            "01"
            "0002"
            "5403616200"
            "01"
            "55033000"
            "01"
            "0000"
            "14"
            "0b"
            "0016"
            "49c3020001"
            "01"
            "01");
}

TEST(WbxmlWriter, LengthsOfOpaqueData) {
  for (const std::size_t size : {1U, 127U, 128U, 16'383U, 16'384U, 2'097'152U}) {
    std::string octets;
    Writer out(octets);
    const std::string content(size, 'x');
    out.begin_opaque("ComposeMail:Mime"_tag, static_cast<std::uint32_t>(size));
    octets += content.substr(0, size / 2);
    octets += content.substr(size / 2);
    out.end_opaque();
    auto document = read(octets);
    ASSERT_TRUE(document) << size;
    EXPECT_EQ(document->root().text(), content);
    EXPECT_TRUE(document->root().is_opaque());
  }
}

TEST(WbxmlXml, ThereAndBackAgain) {
  const char* const documents[] = {
      "<AirSync:Sync/>\n",
      "<AirSync:Sync>\n"
      "  <Collections>\n"
      "    <Collection>\n"
      "      <Email:Subject>1 &lt; 2 &amp;&amp; 3 &gt; 2</Email:Subject>\n"
      "      <AirSyncBase:Body>\n"
      "        <Type>1</Type>\n"
      "        <Data>two&#13;\n lines </Data>\n"
      "      </AirSyncBase:Body>\n"
      "      <Email2:ConversationId opaque=\"base64\">AAEC</Email2:ConversationId>\n"
      "      <Page02:Token05>x</Page02:Token05>\n"
      "    </Collection>\n"
      "  </Collections>\n"
      "</AirSync:Sync>\n",
      "<ComposeMail:SendMail>\n"
      "  <SaveInSentItems/>\n"
      "  <Mime opaque=\"text\">From: a&#13;\n&#13;\nHi\n</Mime>\n"
      "</ComposeMail:SendMail>\n",
  };
  for (const char* xml : documents) {
    auto document = document_from_xml(xml);
    ASSERT_TRUE(document) << xml << document.error().detail;
    EXPECT_EQ(xml_dump(*document), xml);
  }
}

TEST(WbxmlXml, MistakesAreToldWithTheirLine) {
  EXPECT_EQ(wbxml_from_xml("<AirSync:Sync>\n  <Nothing/>\n</AirSync:Sync>").error().detail,
            "no element AirSync:Nothing in line 2");
  EXPECT_EQ(wbxml_from_xml("<AirSync:Sync>\n").error().detail, "expected an element in line 2");
  EXPECT_EQ(wbxml_from_xml("<AirSync:Sync></AirSync:Wait>").error().detail,
            "expected the end of AirSync:Sync in line 1");
}

TEST(WbxmlXml, LongContentIsCutForLogs) {
  auto document = document_from_xml("<Email:Subject>caf\xC3\xA9 au lait</Email:Subject>");
  ASSERT_TRUE(document);
  EXPECT_EQ(xml_dump(*document, {.content_octets_max = 4}),
            "<Email:Subject>caf[13 octets]</Email:Subject>\n");
}

}  // namespace
}  // namespace postern::activesync
