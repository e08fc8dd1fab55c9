// Text, Secret and log lines: tables of octets to values.
#include "gateway/base/text.h"

#include <gtest/gtest.h>

#include "gateway/base/http_line.h"
#include "gateway/base/log.h"
#include "gateway/base/secret.h"

namespace postern {
namespace {

TEST(Text, NumbersAreStrict) {
  EXPECT_EQ(text::number("0"), 0U);
  EXPECT_EQ(text::number("18446744073709551615"), UINT64_MAX);
  EXPECT_FALSE(text::number("18446744073709551616"));
  EXPECT_FALSE(text::number("100000000000000000000"));
  EXPECT_EQ(text::number("4294967295", UINT32_MAX), UINT32_MAX);
  EXPECT_FALSE(text::number("4294967296", UINT32_MAX));
  EXPECT_FALSE(text::number("5", 4));
  for (auto bad : {"", "-1", "+1", " 1", "1 ", "1a", "0x1"}) EXPECT_FALSE(text::number(bad)) << bad;
}

TEST(Text, Base64RoundTripsAndRefusesRubbish) {
  for (std::string s : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    EXPECT_EQ(text::unbase64(text::base64(s)), s);
  }
  EXPECT_EQ(text::base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(text::base64(std::string_view("\0joe\0secret", 11)), "AGpvZQBzZWNyZXQ=");
  for (auto bad : {"a", "ab", "abc", "a===", "ab=c", "====", "Zm9v\n", "Zm=vYmFy", "Zm9vYm\tFy"}) {
    EXPECT_FALSE(text::unbase64(bad)) << bad;
  }
}

TEST(Text, Utf8) {
  for (auto good : {"", "abc", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x93\xAC"})
    EXPECT_TRUE(text::is_utf8(good));
  for (auto bad : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
    EXPECT_FALSE(text::is_utf8(bad));
  }
}

TEST(Text, HexAndCase) {
  EXPECT_EQ(text::hex("\x01\xAB"), "01ab");
  EXPECT_EQ(text::unhex("01aB"), "\x01\xAB");
  EXPECT_FALSE(text::unhex("0"));
  EXPECT_FALSE(text::unhex("0g"));
  EXPECT_TRUE(text::same("InBoX", "INBOX"));
  EXPECT_FALSE(text::same("INBOX", "INBOXX"));
  EXPECT_EQ(text::trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(text::split("a,,b", ',').size(), 3U);
}

TEST(Log, OneEventOneLineWhateverTheInput) {
  EXPECT_EQ(format_event(LogFormat::logfmt, Level::info, "imap.login",
                         {{"session", 4711}, {"tls", "1.3"}, {"name", "a b\r\nfake=1"}, {"ok", true}}),
            "info imap.login session=4711 tls=1.3 name=\"a b\\x0d\\x0afake=1\" ok=true");
  EXPECT_EQ(format_event(LogFormat::json, Level::error, "a.b", {{"k", "q\"\n"}, {"n", 1}}),
            "\"level\":\"error\",\"event\":\"a.b\",\"k\":\"q\\\"\\u000a\",\"n\":1");
}

TEST(HttpLine, MethodsAreTheFirstWordInCapitals) {
  for (auto line : {"GET / HTTP/1.1", "POST /x", "OPTIONS", "PRI * HTTP/2.0"})
    EXPECT_TRUE(is_http_line(line)) << line;
  for (auto line : {"", "get / HTTP/1.1", "GETX /", " GET /", "RETR 1", "a1 POST"})
    EXPECT_FALSE(is_http_line(line)) << line;
}

TEST(Secret, MovesLeaveNothingBehind) {
  Secret first("hunter2");
  Secret second = std::move(first);
  EXPECT_EQ(second.reveal(), "hunter2");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the promise
  EXPECT_TRUE(text::equal_secrets("abc", "abc"));
  EXPECT_FALSE(text::equal_secrets("abc", "abd"));
}

}  // namespace
}  // namespace postern
