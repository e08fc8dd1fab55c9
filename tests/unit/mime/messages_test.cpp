// The samples themselves, and that the scanner finds in each what its table row says.
#include <gtest/gtest.h>

#include "storage/mime/scanner.h"
#include "tests/unit/mime/messages.h"

namespace postern::mime::test {

std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

std::string describe(const Part& part, std::string_view message) {
  std::string out = part.type + '/' + part.subtype;
  if (!part.children.empty()) {
    out += '(';
    for (const Part& child : part.children) {
      if (&child != &part.children.front()) out += ' ';
      out += describe(child, message);
    }
    return out + ')';
  }
  out += '[';
  for (const char c : message.substr(part.body.begin, part.body.size())) {
    out += c == '\r' ? '~' : c == '\n' ? '|' : c == '\0' ? '0' : c;
  }
  return out + ']';
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> kSamples{
      {"plain", crlf("Subject: x\n\nHello\n"), "text/plain[Hello~|]"},
      {"empty", "", "text/plain[]"},
      {"no header", crlf("\nHello"), "text/plain[Hello]"},
      {"no empty line", crlf("Subject: x\nHello"), "text/plain[]"},
      {"only an empty line", crlf("\n"), "text/plain[]"},
      {"bare LF", "Subject: x\n\nHello\nthere\n", "text/plain[Hello|there|]"},
      {"bare CR ends nothing", "Subject: x\r\rHello\r", "text/plain[]"},
      {"CR CR LF is not an empty line", "Subject: x\r\n\r\r\nA: b\r\n\r\nHello", "text/plain[Hello]"},
      {"NUL", std::string("A: \0b\r\n\r\n\0x\r\n", 13), "text/plain[0x~|]"},
      {"8-bit header", crlf("Subject: \xe4\xf6\nContent-Type: text/html\n\n<p>"), "text/html[<p>]"},
      {"mixed",
       crlf("Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b\n\none\n--b\nContent-Type: "
            "text/html\n\n"
            "<p>two\n\n--b--\nepilogue\n"),
       "multipart/mixed(text/plain[one] text/html[<p>two~|])"},
      {"mixed with bare LF", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n",
       "multipart/mixed(text/plain[one] text/plain[two])"},
      {"line ends differ: only the delimiter's own is taken",
       "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\n\none\r\n\n--b\r\n\r\ntwo\r\r\n--b--",
       "multipart/mixed(text/plain[one~|] text/plain[two~])"},
      {"no close delimiter", crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n"),
       "multipart/mixed(text/plain[one] text/plain[two~|])"},
      {"empty parts", crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\n--b\n\n\n--b--\n"),
       "multipart/mixed(text/plain[] text/plain[] text/plain[])"},
      {"part header without empty line",
       crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n--b--\n"),
       "multipart/mixed(text/html[])"},
      {"delimiter at the end of the message",
       crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b"),
       "multipart/mixed(text/plain[one] text/plain[])"},
      {"blanks behind delimiters",
       crlf(
           "Content-Type: multipart/mixed; boundary=\"b \"\n\n--b \t\n\none\n--b--  \nepilogue\n--b\n\nno\n"),
       "multipart/mixed(text/plain[one])"},
      {"text behind a delimiter",
       crlf("Content-Type: multipart/mixed; boundary=b\n\n--b and more\n\none\n--b--\n"),
       "multipart/mixed(text/plain[one])"},
      {"not delimiters",
       crlf(
           "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--\n--c\n --b\n--bb\n-b\n--b---\nb\n--b--\n"),
       "multipart/mixed(text/plain[--~|--c~| --b~|--bb~|-b~|--b---~|b])"},
      {"no boundary parameter", crlf("Content-Type: multipart/mixed\n\n--b\n\none\n--b--\n"),
       "text/plain[--b~|~|one~|--b--~|]"},
      {"empty boundary", crlf("Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\none\n----\n"),
       "text/plain[--~|~|one~|----~|]"},
      {"no part", crlf("Content-Type: multipart/mixed; boundary=b\n\nnothing here\n"),
       "multipart/mixed(text/plain[])"},
      {"only a close delimiter", crlf("Content-Type: multipart/mixed; boundary=b\n\n--b--\n"),
       "multipart/mixed(text/plain[])"},
      {"nested",
       crlf("Content-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: multipart/alternative; "
            "boundary=inner\n\n--inner\n\na\n--inner\nContent-Type: "
            "text/html\n\nb\n--inner--\nepilogue\n--outer\n"
            "\nc\n--outer--\n"),
       "multipart/mixed(multipart/alternative(text/plain[a] text/html[b]) text/plain[c])"},
      {"an outer delimiter ends inner levels",
       crlf("Content-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: multipart/alternative; "
            "boundary=inner\n\n--inner\n\na\n--outer\n\nc\n--inner\nstill c\n--outer--\n"),
       "multipart/mixed(multipart/alternative(text/plain[a]) text/plain[c~|--inner~|still c])"},
      {"one boundary is the other's beginning",
       crlf("Content-Type: multipart/mixed; boundary=abc\n\n--abc\nContent-Type: multipart/alternative; "
            "boundary="
            "abcd\n\n--abcd\n\na\n--abcd\n\nb\n--abcd--\n--abc\n\nc\n--abc--\n"),
       "multipart/mixed(multipart/alternative(text/plain[a] text/plain[b]) text/plain[c])"},
      {"and the other way round",
       crlf("Content-Type: multipart/mixed; boundary=abcd\n\n--abcd\nContent-Type: multipart/alternative; "
            "boundary="
            "abc\n\n--abc\n\na\n--abc--\n--abcd\n\nb\n--abcd--\n"),
       "multipart/mixed(multipart/alternative(text/plain[a]) text/plain[b])"},
      {"equal boundaries: the outer one",
       crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; "
            "boundary=b\n\n"
            "--b\n\na\n--b--\n\n--b\n\nc\n--b--\n"),
       "multipart/mixed(multipart/alternative(text/plain[]) text/plain[a])"},
      {"message in a message",
       crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: "
            "inner\n\n"
            "Hello\n--b--\n"),
       "multipart/mixed(message/rfc822(text/plain[Hello]))"},
      {"message with its own multipart",
       crlf("Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; "
            "boundary=b\n\n--b\n\none\n--b--\n"),
       "message/rfc822(multipart/mixed(text/plain[one]))"},
      {"message without a header", crlf("Content-Type: message/rfc822\n\n"), "message/rfc822(text/plain[])"},
      {"message/partial is a leaf", crlf("Content-Type: message/partial; id=a\n\nSubject: x\n\ny"),
       "message/partial[Subject: x~|~|y]"},
      {"digest",
       crlf("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\nHello\n--b\nContent-Type: "
            "text/plain\n\nnot a message\n--b\n--b--\n"),
       "multipart/digest(message/rfc822(text/plain[Hello]) text/plain[not a message] "
       "message/rfc822(text/plain[]))"},
      {"unreadable content type", crlf("Content-Type: text\n\nHello"), "text/plain[Hello]"},
      {"first content type counts",
       crlf("Content-Type: text/html\nContent-Type: multipart/mixed; boundary=b\n\n--b"), "text/html[--b]"},
      {"a line that is no field", crlf("From joe Mon\nnonsense\nContent-Type: text/html\n\nx"),
       "text/html[x]"},
      {"folded content type", crlf("Content-Type: multipart/mixed;\n\tboundary=\n b\n\n--b\n\none\n--b--"),
       "multipart/mixed(text/plain[one])"},
      {"long boundary",
       crlf("Content-Type: multipart/mixed; boundary=" + std::string(256, 'b') + "\n\n--" +
            std::string(256, 'b') + "\n\none\n--" + std::string(256, 'b') + "--\n"),
       "multipart/mixed(text/plain[one])"},
      {"too long a boundary",
       crlf("Content-Type: multipart/mixed; boundary=" + std::string(257, 'b') + "\n\none"),
       "text/plain[one]"},
  };
  return kSamples;
}

namespace {

class Samples : public testing::TestWithParam<Sample> {};

TEST_P(Samples, HaveTheirStructure) {
  const Structure structure = scan(GetParam().message);
  EXPECT_EQ(describe(structure.root, GetParam().message), GetParam().structure);
}

// The law of the scanner: how the octets arrive does not matter.
TEST_P(Samples, AreTheSameInAnyPieces) {
  const std::string_view message = GetParam().message;
  const Structure whole = scan(message);
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    Scanner scanner;
    scanner.feed(message.substr(0, cut));
    scanner.feed(message.substr(cut));
    ASSERT_EQ(scanner.finish(), whole) << "cut at " << cut;
  }
  Scanner scanner;
  for (const char& octet : message) scanner.feed({&octet, 1});
  EXPECT_EQ(scanner.finish(), whole);
}

TEST_P(Samples, SurviveStorage) {
  const Structure structure = scan(GetParam().message);
  const Result<Structure> decoded = decode(encode(structure));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, structure);
}

INSTANTIATE_TEST_SUITE_P(Mime, Samples, testing::ValuesIn(samples()), [](const auto& row) {
  std::string name;
  for (const char c : row.param.name) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

}  // namespace
}  // namespace postern::mime::test
