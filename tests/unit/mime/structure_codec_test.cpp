// The stored form refuses what part.h does not promise, and reads its sections singly.
#include <gtest/gtest.h>

#include "storage/mime/scanner.h"
#include "tests/unit/mime/messages.h"

namespace postern::mime::test {
namespace {

const std::string kMessage = crlf(
    "From: Joe <a@b>\nSender: c@d\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    "Content-Type: message/rfc822\nContent-Language: de\n\nTo: e@f\n\nHello\n--b\nContent-Disposition: "
    "inline; "
    "filename=g\n\nx\n--b--\n");

TEST(StructureCodec, SectionsByThemselves) {
  const Structure structure = scan(kMessage);
  const std::string octets = encode(structure);
  EXPECT_EQ(*decode_envelope(octets), structure.envelope);
  EXPECT_EQ(*decode_root(octets), structure.root);
  EXPECT_EQ(decode_list_headers(octets)->fields, structure.list_headers);
  EXPECT_TRUE(decode_list_headers(octets)->complete);
  EXPECT_LT(octets.size(), 500U);
}

TEST(StructureCodec, RefusesEveryTruncationAndExtension) {
  const std::string octets = encode(scan(kMessage));
  for (std::size_t size = 0; size < octets.size(); ++size) {
    const Result<Structure> decoded = decode(octets.substr(0, size));
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().kind, ErrorKind::internal);
  }
  EXPECT_FALSE(decode(octets + '\0'));
  std::string other_version = octets;
  other_version[0] = 2;
  EXPECT_FALSE(decode(other_version));
}

TEST(StructureCodec, SurvivesEveryDamagedOctet) {
  const std::string octets = encode(scan(kMessage));
  for (std::size_t i = 0; i < octets.size(); ++i) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = octets;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      const Result<Structure> decoded = decode(damaged);
      if (decoded) {
        EXPECT_EQ(*decode(encode(*decoded)), *decoded);
      }
    }
  }
}

TEST(StructureCodec, RefusesBrokenPromises) {
  const auto refused = [](auto change) {
    Structure structure = scan(kMessage);
    change(structure.root);
    return !decode(encode(structure));
  };
  EXPECT_FALSE(refused([](Part&) {}));
  EXPECT_TRUE(refused([](Part& root) { root.children.clear(); }));
  EXPECT_TRUE(refused([](Part& root) { root.type = "text"; }));
  EXPECT_TRUE(refused([](Part& root) { root.children[0].children.clear(); }));
  EXPECT_TRUE(refused([](Part& root) { root.children[0].children.emplace_back(); }));
  EXPECT_TRUE(refused([](Part& root) { root.children[1].body.end = root.body.end + 1; }));
  EXPECT_TRUE(refused([](Part& root) { root.children[1].header.begin = root.children[0].body.end - 1; }));
  EXPECT_TRUE(refused([](Part& root) { root.children[1].lines = root.children[1].body.size() + 1; }));
  EXPECT_TRUE(refused([](Part& root) { root.parameters.resize(kParametersMax + 1); }));
}

TEST(StructureCodec, DepthAtTheBound) {
  const auto nested = [](std::size_t depth) {
    Structure structure;
    for (std::size_t i = 1; i < depth; ++i) {
      Part outer;
      outer.type = "multipart";
      outer.children.push_back(std::move(structure.root));
      structure.root = std::move(outer);
    }
    return encode(structure);
  };
  EXPECT_TRUE(decode(nested(kDepthMax)));
  EXPECT_FALSE(decode(nested(kDepthMax + 1)));
}

}  // namespace
}  // namespace postern::mime::test
