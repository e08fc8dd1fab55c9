// Encoded-words, charsets and transfer encodings.
#include "storage/mime/decode.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"
#include "storage/mime/transfer_encoding.h"

namespace postern::mime {
namespace {

struct Case {
  std::string value;
  std::string text;
};

class EncodedWords : public testing::TestWithParam<Case> {};

TEST_P(EncodedWords, Decode) {
  EXPECT_EQ(decode_text(GetParam().value), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Mime, EncodedWords,
    testing::Values(Case{"plain text", "plain text"},
                    Case{"=?US-ASCII?Q?Keith_Moore?= <moore@cs>", "Keith Moore <moore@cs>"},
                    Case{"=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\t=?ISO-8859-2?B?"
                         "dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
                         "If you can read this you understand the example."},
                    Case{"=?iso-8859-1?q?a?= =?iso-8859-1?q?b?=", "ab"},
                    Case{"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"},
                    Case{"=?utf-8?q?a_=5F=E4?=", "a _\xef\xbf\xbd"}, Case{"=?utf-8*en?q?a?=", "a"},
                    Case{"=?utf-8?b?w6Q=?= =?utf-8?b?w7Y=?=", "\xc3\xa4\xc3\xb6"},
                    Case{"=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "\xc3\xa4"},
                    Case{"=?UTF-8?Q?=C3?==?utf-8?b?pA==?=", "\xc3\xa4"},
                    Case{"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "\xe6\x97\xa5\xe6\x9c\xac"},
                    Case{"=?iso-2022-jp?b?GyRCRnxLXA==?= =?iso-2022-jp?q?abc?=",
                         "\xe6\x97\xa5\xe6\x9c\xac"
                         "abc"},
                    Case{"=?gb2312?b?xOO6ww==?=", "\xe4\xbd\xa0\xe5\xa5\xbd"},
                    Case{"=?koi8-r?q?=F0?=", "\xd0\x9f"},
                    Case{"=?nosuch?q?a=E4b?=",
                         "a\xef\xbf\xbd"
                         "b"},
                    Case{"=?utf-8?q?Hello World?=", "Hello World"}, Case{"x=?utf-8?q?y?=z", "xyz"},
                    Case{"=?utf-8?x?y?=", "=?utf-8?x?y?="}, Case{"=?utf-8?q?open", "=?utf-8?q?open"},
                    Case{"=?=?=?utf-8?q?a?=", "=?=?a"}, Case{"=?", "=?"}, Case{"=?utf-8?q?\?=", ""},
                    Case{"=??q?a?=", "a"}, Case{"=?utf-8?q?a=0D=0Ab=00c=1B=7F?=", "a  b c  "},
                    Case{"=?utf-8?q?=C2=85?=", "\xef\xbf\xbd"}, Case{"=?utf-7?q?+AOQ-?=", "\xc3\xa4"},
                    Case{"caf\xc3\xa9", "caf\xc3\xa9"}, Case{"caf\xe9!", "caf\xef\xbf\xbd!"},
                    Case{"=?windows-1252?q?=80?=", "\xe2\x82\xac"},
                    Case{"=?big5?b?p0Gmbg==?=", "\xe4\xbd\xa0\xe5\xa5\xbd"}));

TEST(EncodedWordsBound, OutputIsBounded) {
  std::string words;
  for (int i = 0; i < 50'000; ++i) words += i % 2 == 0 ? "=?iso-2022-jp?q?a?= " : "=?koi8-r?q?=C1?= ";
  EXPECT_LE(decode_text(words).size(), kHeaderTextOctetsMax);
  std::string empty_words;
  for (int i = 0; i < 50'000; ++i) empty_words += i % 2 == 0 ? "=?iso-2022-jp?q?\?= " : "=?big5?q?\?= ";
  EXPECT_EQ(decode_text(empty_words), " ");
  EXPECT_EQ(decode_text("\xc3\xa4\xc3\xa4", 3), "\xc3\xa4");
  const std::string bad(1000, '\xff');
  EXPECT_EQ(decode_text(bad).size(), 3000U);
  for (const std::string piece : {"=?", "=?a?", "=?a?q?", "=?a?q?b", "=?a?q?b?"}) {
    std::string value;
    while (value.size() < 1024 * 1024) value += piece;
    EXPECT_LE(decode_text(value).size(), kHeaderTextOctetsMax);
  }
}

std::string in_pieces(std::string_view octets, std::size_t piece, TransferEncoding encoding) {
  TransferDecoder decoder(encoding);
  std::string out;
  for (; !octets.empty(); octets.remove_prefix(std::min(piece, octets.size())))
    decoder.feed(octets.substr(0, piece), out);
  decoder.finish(out);
  return out;
}

class QuotedPrintable : public testing::TestWithParam<Case> {};

TEST_P(QuotedPrintable, DecodesInAnyPieces) {
  for (const std::size_t piece : {1, 2, 3, 5, 1000}) {
    EXPECT_EQ(in_pieces(GetParam().value, piece, TransferEncoding::quoted_printable), GetParam().text)
        << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(Mime, QuotedPrintable,
                         testing::Values(Case{"a=3Db=e4", "a=b\xe4"}, Case{"a=\r\nb=\nc", "abc"},
                                         Case{"a= \t\r\nb", "ab"}, Case{"a  \t\r\nb \nc  d", "a\r\nb\nc  d"},
                                         Case{"a=", "a"}, Case{"a=4", "a=4"}, Case{"a=4x=x4==", "a=4x=x4="},
                                         Case{"=\rb", "=\rb"}, Case{"a \rb\r", "a \rb"}, Case{"a ", "a"},
                                         Case{"=4\r\nb", "=4\r\nb"}, Case{"= x", "= x"},
                                         Case{"\r\r\n", "\r\r\n"}, Case{" = 41", " = 41"},
                                         Case{std::string(3000, ' ') + "x", std::string(3000, ' ') + "x"}));

class Base64 : public testing::TestWithParam<Case> {};

TEST_P(Base64, DecodesInAnyPieces) {
  for (const std::size_t piece : {1, 2, 3, 5, 1000}) {
    EXPECT_EQ(in_pieces(GetParam().value, piece, TransferEncoding::base64), GetParam().text) << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(Mime, Base64,
                         testing::Values(Case{"YWJj", "abc"}, Case{"YW\r\nJj\r\n", "abc"}, Case{"YQ==", "a"},
                                         Case{"YQ==YmM=", "abc"}, Case{"YWI", "ab"}, Case{"Y", ""},
                                         Case{"", ""}, Case{"Y!W-J j", "abc"}, Case{"/+8=", "\xff\xef"}));

TEST(TransferEncodings, ByName) {
  EXPECT_EQ(transfer_encoding_from("8BIT"), TransferEncoding::identity);
  EXPECT_EQ(transfer_encoding_from("Base64"), TransferEncoding::base64);
  EXPECT_EQ(transfer_encoding_from("quoted-printable"), TransferEncoding::quoted_printable);
  EXPECT_FALSE(transfer_encoding_from("x-uuencode"));
}

TEST(Charsets, ConvertInAnyPieces) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"utf-8", "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
      {"iso-2022-jp", "a\x1b$BF|K\\\x1b(Bb"},
      {"shift_jis", "\x93\xfa\x96{"},
      {"utf-16be", std::string("\0a\x20\xac", 4)},
      {"gb18030", "\xc4\xe3\x81\x30\x81\x30"},
      {"iso-2022-kr", "\x1b$)C\x0e\x30\x21\x0f"},
      {"utf-8", "\xe2\x82"},
      {"utf-8", "\xed\xa0\x80\xc0\x80\xf5"}};
  for (const auto& [charset, octets] : rows) {
    const std::string whole = to_utf8(octets, charset);
    EXPECT_TRUE(text::is_utf8(whole)) << charset;
    CharsetDecoder decoder(find_charset(charset));
    std::string out;
    for (const char& octet : octets) decoder.feed({&octet, 1}, out);
    decoder.finish(out);
    EXPECT_EQ(out, whole) << charset;
  }
  EXPECT_EQ(to_utf8("\x93\xfa\x96{", "Shift_JIS"), "\xe6\x97\xa5\xe6\x9c\xac");
  EXPECT_EQ(to_utf8("\xe2\x82", "utf-8"), "\xef\xbf\xbd");
  EXPECT_EQ(find_charset("ISO-2022-CN-EXT"), nullptr);
}

TEST(Charsets, EveryAllowedOneIsThereAndYieldsUtf8) {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets += static_cast<char>(i);
  for (const std::string name :
       {"us-ascii",     "iso-8859-2",   "iso-8859-3",   "iso-8859-4",   "iso-8859-5",   "iso-8859-6",
        "iso-8859-7",   "iso-8859-8",   "iso-8859-9",   "iso-8859-10",  "iso-8859-11",  "iso-8859-13",
        "iso-8859-14",  "iso-8859-15",  "iso-8859-16",  "windows-1250", "windows-1251", "windows-1252",
        "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258",
        "windows-874",  "koi8-r",       "koi8-u",       "macintosh",    "cp437",        "cp850",
        "cp852",        "cp866",        "shift_jis",    "euc-jp",       "iso-2022-jp",  "iso-2022-kr",
        "euc-kr",       "gb2312",       "gb18030",      "big5",         "utf-16",       "utf-16be",
        "utf-16le",     "utf-7"}) {
    ASSERT_NE(find_charset(name), nullptr) << name;
    const std::string out = to_utf8(octets, name);
    EXPECT_TRUE(text::is_utf8(out)) << name;
    EXPECT_LE(out.size(), octets.size() * 4) << name;
    const bool two_octets_each = name.starts_with("utf-16");
    EXPECT_EQ(two_octets_each || to_utf8("a", name) == "a", true) << name;
  }
}

}  // namespace
}  // namespace postern::mime
