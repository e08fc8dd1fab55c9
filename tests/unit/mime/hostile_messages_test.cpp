// Messages made to hurt: each bound of part.h is reached and held, and the octets beyond it stay undescribed.
#include <gtest/gtest.h>

#include <algorithm>

#include "storage/mime/boundary.h"
#include "storage/mime/entity_header.h"
#include "storage/mime/scanner.h"
#include "tests/unit/mime/messages.h"

namespace postern::mime::test {
namespace {

constexpr std::size_t kMiB = 1024 * 1024;

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::size_t count_parts(const Part& part) {
  std::size_t count = 1;
  for (const Part& child : part.children) count += count_parts(child);
  return count;
}

std::size_t depth_of(const Part& part) {
  std::size_t deepest = 0;
  for (const Part& child : part.children) deepest = std::max(deepest, depth_of(child));
  return deepest + 1;
}

void expect_survives_storage(const Structure& structure) {
  const Result<Structure> decoded = decode(encode(structure));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, structure);
}

TEST(HostileMessages, TwentyThousandParts) {
  const std::string message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" +
                              repeated("--b\r\n\r\nx\r\n", 20'000) + "--b--\r\n";
  const Structure structure = scan(message);
  EXPECT_EQ(count_parts(structure.root), kPartsMax);
  const Part& last = structure.root.children.back();
  EXPECT_EQ(message.substr(last.body.begin, last.body.size()), "x");
  expect_survives_storage(structure);
}

TEST(HostileMessages, EmptyMultipartsAtTheBoundOfParts) {
  const std::string part = "--b\r\nContent-Type: multipart/x; boundary=c\r\n\r\n";
  const Structure structure =
      scan("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + repeated(part, kPartsMax) + "--b--\r\n");
  EXPECT_EQ(count_parts(structure.root), kPartsMax);
  EXPECT_EQ(structure.root.children.back().type, "application");
  expect_survives_storage(structure);
}

TEST(HostileMessages, MultipartsNestedAThousandDeep) {
  std::string message;
  for (int i = 0; i < 1000; ++i) {
    const std::string boundary = "b" + std::to_string(i);
    message += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
  }
  const Structure structure = scan(message);
  EXPECT_EQ(depth_of(structure.root), kDepthMax);
  expect_survives_storage(structure);
}

TEST(HostileMessages, MessagesNestedFiveThousandDeep) {
  const Structure structure = scan(repeated("Content-Type: message/rfc822\r\n\r\n", 5000));
  EXPECT_EQ(depth_of(structure.root), kDepthMax);
  const Part* part = &structure.root;
  while (!part->children.empty()) part = &part->children.front();
  EXPECT_EQ(part->subtype, "octet-stream");
  expect_survives_storage(structure);
}

TEST(HostileMessages, PartThatContainsItselfByItsBoundary) {
  const std::string part = "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
  const Structure structure =
      scan("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + repeated(part, 1000));
  EXPECT_EQ(depth_of(structure.root), 3U);  // each has its empty stand-in
  EXPECT_EQ(structure.root.children.size(), 1000U);
}

TEST(HostileMessages, BoundariesThatAreEachOthersBeginning) {
  std::string message;
  std::string boundary = "b";
  for (std::size_t i = 0; i < kDepthMax; ++i, boundary += 'b') {
    message += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
  }
  message += "\r\n" + repeated("--" + boundary + "\r\n", 10'000);
  EXPECT_EQ(depth_of(scan(message).root), kDepthMax);
}

TEST(HostileMessages, HundredThousandHeaderLines) {
  const Structure structure = scan(repeated("X-A: b\r\n", 100'000) + "Subject: lost\r\n\r\nbody\r\n");
  EXPECT_FALSE(structure.list_headers_complete);
  EXPECT_FALSE(structure.envelope.subject);
  EXPECT_EQ(structure.root.body.size(), 6U);
}

TEST(HostileMessages, HeaderLinesAtTheBound) {
  const std::string fields = repeated("X-A: b\r\n", kHeaderLinesMax - 2) + "Subject: kept\r\n";
  const Structure at = scan(fields + "\r\nbody");
  EXPECT_EQ(at.envelope.subject, "kept");
  EXPECT_TRUE(at.list_headers_complete);
  const Structure beyond = scan(fields + "To: a@b\r\nCc: c@d\r\n\r\nbody");
  EXPECT_EQ(beyond.envelope.to.size(), 1U);
  EXPECT_TRUE(beyond.envelope.cc.empty());
  EXPECT_FALSE(beyond.list_headers_complete);
}

TEST(HostileMessages, HalfAMillionAddressFields) {
  const Structure structure = scan(repeated("To: a@b\r\n", 500'000) + "\r\n");
  EXPECT_EQ(structure.envelope.to.size(), kHeaderLinesMax);
  expect_survives_storage(structure);
}

TEST(HostileMessages, HeaderOfFiftyMiB) {
  const Structure structure =
      scan("Subject: a\r\nX-Long: " + std::string(50 * kMiB, 'x') + "\r\nTo: b@c\r\n\r\nbody");
  EXPECT_EQ(structure.envelope.subject, "a");
  EXPECT_TRUE(structure.envelope.to.empty());
  EXPECT_FALSE(structure.list_headers_complete);
  EXPECT_EQ(structure.root.body.size(), 4U);
}

TEST(HostileMessages, SubjectIsCutWhereTheHeaderBoundIs) {
  const Structure structure = scan("Subject: " + std::string(2 * kMiB, 'x') + "\r\n\r\n");
  EXPECT_EQ(structure.envelope.subject.value_or("").size(), kHeaderOctetsMax - 9);
  EXPECT_TRUE(structure.list_headers.empty());
  EXPECT_FALSE(structure.list_headers_complete);
}

TEST(HostileMessages, FieldNameOfSixtyFourKiB) {
  EXPECT_EQ(scan(std::string(64 * 1024, 'n') + ": x\r\nSubject: a\r\n\r\n").envelope.subject, "a");
}

TEST(HostileMessages, TwoHundredThousandAddresses) {
  const Structure folded =
      scan("To: " + repeated("user12345@example.org,\r\n ", 200'000) + "a@b\r\n\r\nbody");
  EXPECT_EQ(folded.envelope.to.size(), kHeaderLinesMax);
  const Structure one_line = scan("To: " + repeated("u@e.org, ", 200'000) + "a@b\r\n\r\nbody");
  EXPECT_EQ(one_line.envelope.to.size(), kAddressesMax);
  EXPECT_EQ(one_line.root.body.size(), 4U);
  expect_survives_storage(one_line);
}

TEST(HostileMessages, FiftyThousandContinuations) {
  std::string type = "Content-Type: text/plain";
  for (int i = 0; i < 50'000; ++i) type += "; n*" + std::to_string(i) + "=x";
  const Part part = scan(type + "\r\n\r\n").root;
  ASSERT_EQ(part.parameters.size(), 1U);
  EXPECT_EQ(part.parameters[0].value.size(), kParametersMax);
}

TEST(HostileMessages, FiftyMiBOfOneKind) {
  for (const char octet : {'x', '\n', '\r', '\0', '-'}) {
    const std::string body(50 * kMiB, octet);
    const Structure structure = scan("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + body);
    const Part& part = structure.root.children.at(0);
    EXPECT_EQ(part.body.size(), body.size());
    EXPECT_EQ(part.lines, octet == '\n' ? body.size() : 0U);
  }
}

TEST(HostileMessages, LinesThatAlmostDelimit) {
  const std::string boundary(kBoundaryOctetsMax, 'b');
  const std::string line = "--" + boundary.substr(1) + "\r\n";
  const Structure structure = scan("Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" +
                                   boundary + "\r\n\r\n" + repeated(line, 100'000));
  EXPECT_EQ(structure.root.children.at(0).lines, 100'000U);
}

}  // namespace
}  // namespace postern::mime::test
