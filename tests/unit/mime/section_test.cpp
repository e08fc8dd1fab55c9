// Part numbers as in RFC 9051 §6.4.5.1: its example message, and the corners.
#include "storage/mime/section.h"

#include <gtest/gtest.h>

#include "storage/mime/scanner.h"
#include "tests/unit/mime/messages.h"

namespace postern::mime::test {
namespace {

constexpr auto kAll = SectionText::all;
constexpr auto kHeader = SectionText::header;
constexpr auto kText = SectionText::text;
constexpr auto kMime = SectionText::mime;

// "octets", or "none"
std::string section(const std::string& message, const std::vector<std::uint32_t>& numbers, SectionText text) {
  const std::optional<OctetRange> range = section_range(scan(message).root, numbers, text);
  return range ? message.substr(range->begin, range->size()) : "none";
}

const std::string kMixed =
    "H: 0\nContent-Type: multipart/mixed; boundary=a\n\n"
    "--a\nH: 1\n\none\n"
    "--a\nContent-Type: message/rfc822\n\nH: 2\nContent-Type: multipart/mixed; boundary=b\n\n"
    "--b\nH: 2.1\n\ntwo one\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nH: "
    "2.2.1\n\ndeep\n--c--\n--b--\n"
    "--a\nContent-Type: message/rfc822\n\nH: 3\n\nthree\n--a--\n";
const std::string kPlain = "H: 0\n\nbody\n";
const std::string kForward = "Content-Type: message/rfc822\n\nH: inner\n\ninside\n";

TEST(Section, OfAMultipart) {
  EXPECT_EQ(section(kMixed, {}, kAll), kMixed);
  EXPECT_EQ(section(kMixed, {}, kHeader), "H: 0\nContent-Type: multipart/mixed; boundary=a\n\n");
  EXPECT_EQ(section(kMixed, {}, kText), kMixed.substr(kMixed.find("--a")));
  EXPECT_EQ(section(kMixed, {}, kMime), "none");
  EXPECT_EQ(section(kMixed, {1}, kAll), "one");
  EXPECT_EQ(section(kMixed, {1}, kMime), "H: 1\n\n");
  EXPECT_EQ(section(kMixed, {1}, kHeader), "none");
  EXPECT_EQ(section(kMixed, {1}, kText), "none");
  EXPECT_EQ(section(kMixed, {1, 1}, kAll), "none");
  EXPECT_EQ(section(kMixed, {0}, kAll), "none");
  EXPECT_EQ(section(kMixed, {4}, kAll), "none");
  EXPECT_EQ(section(kMixed, {4, 1}, kAll), "none");
}

TEST(Section, OfAnEmbeddedMultipart) {
  EXPECT_EQ(section(kMixed, {2}, kMime), "Content-Type: message/rfc822\n\n");
  EXPECT_EQ(section(kMixed, {2}, kHeader), "H: 2\nContent-Type: multipart/mixed; boundary=b\n\n");
  EXPECT_EQ(section(kMixed, {2}, kAll), section(kMixed, {2}, kHeader) + section(kMixed, {2}, kText));
  EXPECT_EQ(section(kMixed, {2, 1}, kAll), "two one");
  EXPECT_EQ(section(kMixed, {2, 1}, kMime), "H: 2.1\n\n");
  EXPECT_EQ(section(kMixed, {2, 2}, kText), "none");
  EXPECT_EQ(section(kMixed, {2, 2, 1}, kAll), "deep");
}

TEST(Section, OfAnEmbeddedPlainMessage) {
  EXPECT_EQ(section(kMixed, {3}, kHeader), "H: 3\n\n");
  EXPECT_EQ(section(kMixed, {3}, kText), "three");
  EXPECT_EQ(section(kMixed, {3, 1}, kAll), "three");
  EXPECT_EQ(section(kMixed, {3, 1}, kMime), "H: 3\n\n");
  EXPECT_EQ(section(kMixed, {3, 2}, kAll), "none");
  EXPECT_EQ(section(kMixed, {3, 1, 1}, kAll), "none");
}

TEST(Section, OfAPlainMessage) {
  EXPECT_EQ(section(kPlain, {1}, kAll), "body\n");
  EXPECT_EQ(section(kPlain, {}, kText), "body\n");
  EXPECT_EQ(section(kPlain, {1}, kMime), "H: 0\n\n");
  EXPECT_EQ(section(kPlain, {1}, kHeader), "none");
  EXPECT_EQ(section(kPlain, {2}, kAll), "none");
  EXPECT_EQ(section(kPlain, {1, 1}, kAll), "none");
}

TEST(Section, OfAMessageThatIsOnlyAMessage) {
  EXPECT_EQ(section(kForward, {1}, kAll), "H: inner\n\ninside\n");
  EXPECT_EQ(section(kForward, {1}, kHeader), "H: inner\n\n");
  EXPECT_EQ(section(kForward, {1}, kText), "inside\n");
  EXPECT_EQ(section(kForward, {1, 1}, kAll), "inside\n");
  EXPECT_EQ(section(kForward, {}, kHeader), "Content-Type: message/rfc822\n\n");
}

TEST(Section, FindsParts) {
  const Part root = scan(kMixed).root;
  EXPECT_EQ(find_part(root, {}), &root);
  const std::vector<std::uint32_t> path{2, 2, 1};
  EXPECT_EQ(find_part(root, path), &root.children[1].children[0].children[1].children[0]);
}

}  // namespace
}  // namespace postern::mime::test
