// Octets to elements: what phones send, what must be tolerated, and what must be refused. MS-ASWBXML
// section 2.1.1, WBXML 1.3 section 5.
#include "protocols/activesync/wbxml/reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gateway/base/text.h"
#include "protocols/activesync/wbxml/xml_dump.h"

namespace postern::activesync {
namespace {

Result<Document> read_hex(std::string_view digits, const ReadLimits& limits = {}) {
  std::string compact(digits);
  std::erase(compact, ' ');
  return read(text::unhex(compact).value(), limits);
}

struct Case {
  std::string_view hex;
  std::string_view xml;
};

TEST(WbxmlReader, Documents) {
  const std::vector<Case> cases{
      // <Sync><SyncKey>0</SyncKey></Sync>
      {"03016A00 45 4B 033000 01 01", "<AirSync:Sync>\n  <SyncKey>0</SyncKey>\n</AirSync:Sync>\n"},
      {"03016A00 05", "<AirSync:Sync/>\n"},
      {"03016A00 45 01", "<AirSync:Sync/>\n"},
      {"03016A00 45 4B 0300 01 01", "<AirSync:Sync>\n  <SyncKey/>\n</AirSync:Sync>\n"},
      // The page of the root, and a change of page inside.
      {"03016A00 000D 45 48 033900 01 01",
       "<Ping:Ping>\n  <HeartbeatInterval>9</HeartbeatInterval>\n</Ping:Ping>\n"},
      {"03016A00 45 0011 0B 0000 0B 01",
       "<AirSync:Sync>\n  <AirSyncBase:Data/>\n  <SyncKey/>\n</AirSync:Sync>\n"},
      // Opaque data of a byte array, and of an element that is none.
      {"03016A00 0015 50 C303 00FF41 01", "<ComposeMail:Mime opaque=\"base64\">AP9B</ComposeMail:Mime>\n"},
      {"03016A00 4B C301 31 01", "<AirSync:SyncKey opaque=\"text\">1</AirSync:SyncKey>\n"},
      // Pieces are joined: two strings, and an entity (a long one is U+1F600).
      {"03016A00 4B 034100 034200 01", "<AirSync:SyncKey>AB</AirSync:SyncKey>\n"},
      {"03016A00 4B 034100 0226 034200 01", "<AirSync:SyncKey>A&amp;B</AirSync:SyncKey>\n"},
      {"03016A00 4B 0287EC00 01", "<AirSync:SyncKey>\xF0\x9F\x98\x80</AirSync:SyncKey>\n"},
      {"03016A00 4B 0283B000 01", "<AirSync:SyncKey>\xEF\xBF\xBD</AirSync:SyncKey>\n"},  // a surrogate
      // Tokens and pages that nobody knows are kept as such.
      {"03016A00 45 7F 033100 01 01",
       "<AirSync:Sync>\n  <Page00:Token3F>1</Page00:Token3F>\n</AirSync:Sync>\n"},
      {"03016A00 45 00C8 05 01", "<AirSync:Sync>\n  <PageC8:Token05/>\n</AirSync:Sync>\n"},
      // Headers: WBXML 1.1, charset unknown or ASCII, a string table that nobody refers to, a public
      // identifier in it.
      {"01016A00 05", "<AirSync:Sync/>\n"},
      {"03010000 05", "<AirSync:Sync/>\n"},
      {"03010300 05", "<AirSync:Sync/>\n"},
      {"03016A03 414200 05", "<AirSync:Sync/>\n"},
      {"0300006A03 414200 05", "<AirSync:Sync/>\n"},
      // Ill-formed UTF-8 in a string, and octets behind the root.
      {"03016A00 4B 0341FF00 01", "<AirSync:SyncKey>A\xEF\xBF\xBD</AirSync:SyncKey>\n"},
      {"03016A00 05 05 01 FF", "<AirSync:Sync/>\n"},
      // Text behind a child is dropped.
      {"03016A00 45 034100 0B 034200 01", "<AirSync:Sync>A\n  <SyncKey/>\n</AirSync:Sync>\n"},
  };
  for (const Case& one : cases) {
    auto document = read_hex(one.hex);
    ASSERT_TRUE(document) << one.hex << ": " << document.error().detail;
    EXPECT_EQ(xml_dump(*document), one.xml) << one.hex;
  }
}

struct Bad {
  std::string_view hex;
  std::string_view detail;
};

TEST(WbxmlReader, Refusals) {
  const std::vector<Bad> cases{
      {"", "ends too early at octet 0"},
      {"03016A", "ends too early at octet 3"},
      {"03016A00", "ends too early at octet 4"},
      {"04016A00 05", "unknown version at octet 1"},
      {"03010400 05", "the charset is not UTF-8 at octet 3"},
      {"03016A05 4142", "the string table is cut off at octet 4"},
      {"03016A00 45", "ends too early at octet 5"},
      {"03016A00 45 0B", "ends too early at octet 6"},
      {"03016A00 01", "an end without a start at octet 5"},
      {"03016A00 4B 0341", "a string without its end at octet 6"},
      {"03016A00 4B C3", "ends too early at octet 6"},
      {"03016A00 4B C302 31", "opaque data cut off at octet 7"},
      {"03016A00 4B C38FFFFFFF7F 31 01", "opaque data too long at octet 11"},
      {"03016A00 4B C38FFFFFFFFF7F", "a number is too long at octet 11"},
      {"03016A00 4B C3FFFFFFFF7F", "a number is too long at octet 11"},
      {"03016A00 034100", "text outside the root element at octet 5"},
      {"03016A00 C5", "a token that ActiveSync does not use at octet 5"},          // attributes
      {"03016A00 45 8300 01", "a token that ActiveSync does not use at octet 6"},  // STR_T
      {"03016A00 45 43 01", "a token that ActiveSync does not use at octet 6"},    // PI
      {"03016A00 45 04 01", "a token that ActiveSync does not use at octet 6"},    // LITERAL
      {"03016A00 00", "ends too early at octet 5"},
  };
  for (const Bad& one : cases) {
    auto document = read_hex(one.hex);
    ASSERT_FALSE(document) << one.hex;
    EXPECT_EQ(document.error().detail, fmt::format("WBXML: {}", one.detail)) << one.hex;
  }
}

std::string nested(std::size_t depth) {
  return std::string("\x03\x01\x6A\x00", 4) + std::string(depth, '\x45') + std::string(depth, '\x01');
}

TEST(WbxmlReader, DepthIsBounded) {
  EXPECT_TRUE(read(nested(kDepthMax)));
  auto deeper = read(nested(kDepthMax + 1));
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error().kind, ErrorKind::too_large);
  EXPECT_FALSE(read(nested(50'000)));
  // An empty element does not open another level.
  std::string wide = nested(kDepthMax);
  wide.insert(4 + kDepthMax, "\x05");
  EXPECT_TRUE(read(wide));
}

TEST(WbxmlReader, ElementsAreBounded) {
  const ReadLimits limits{.elements_max = 10};
  const std::string head("\x03\x01\x6A\x00\x45", 5);
  EXPECT_TRUE(read(head + std::string(9, '\x0B') + '\x01', limits));
  auto more = read(head + std::string(10, '\x0B') + '\x01', limits);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().kind, ErrorKind::too_large);
}

TEST(WbxmlReader, OctetsAreBounded) {
  const ReadLimits limits{.octets_max = 20, .opaque_octets_max = 4};
  EXPECT_TRUE(read_hex("03016A00 4B C304 31323334 01", limits));
  EXPECT_EQ(read_hex("03016A00 4B C305 3132333435 01", limits).error().kind, ErrorKind::too_large);
  EXPECT_TRUE(read_hex("03016A00 4B 03 31323334353637383930 3132 00 01", limits));
  EXPECT_EQ(read_hex("03016A00 4B 03 31323334353637383930 313233 00 01", limits).error().kind,
            ErrorKind::too_large);
}

TEST(WbxmlReader, ManyPiecesOfTextAreJoinedInLinearTime) {
  std::string octets("\x03\x01\x6A\x00\x4B", 5);
  for (int i = 0; i < 1'000'000; ++i) octets += "\x02\x41";
  octets += '\x01';
  auto document = read(octets);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().text(), std::string(1'000'000, 'A'));
}

TEST(WbxmlReader, ElementsSurviveAMoveOfTheirDocument) {
  auto document = read_hex("03016A00 45 4B 033100 01 01");
  ASSERT_TRUE(document);
  const Element root = document->root();
  const Document moved = *std::move(document);
  const auto key = root.find("AirSync:SyncKey"_tag);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->text(), "1");
  EXPECT_FALSE(root.find("AirSync:Status"_tag));
}

}  // namespace
}  // namespace postern::activesync
