#include "gateway/net/proxy_header.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

constexpr std::string_view kRest = "a1 NOOP\r\n";

std::string v2(std::string_view version_to_family, std::string_view rest) {
  std::string header("\r\n\r\n\0\r\nQUIT\n", 12);
  header += version_to_family;
  header += static_cast<char>(rest.size() >> 8);
  header += static_cast<char>(rest.size() & 0xff);
  header += rest;
  return header;
}

std::string v2_tcp4(std::string_view extras = {}) {
  return v2("\x21\x11",
            std::string("\xc0\x00\x02\x07\xc6\x33\x64\x01\xdc\x04\x00\x8f", 12) + std::string(extras));
}

std::string v2_tcp6() {
  std::string addresses(32, '\0');
  addresses[0] = 0x20;
  addresses[1] = 0x01;
  addresses[15] = 0x01;
  addresses[31] = 0x02;
  return v2("\x21\x21", addresses + std::string("\xdc\x04\x00\x8f", 4));
}

struct HeaderCase {
  std::string header;
  std::string client;  // "host port"; "": none
};

class GoodProxyHeaders : public ::testing::TestWithParam<HeaderCase> {};

TEST_P(GoodProxyHeaders, AreParsedOnceComplete) {
  const auto& [header, client] = GetParam();
  for (std::size_t octets = 0; octets < header.size(); ++octets) {
    auto parsed = parse_proxy_header(std::string_view(header).substr(0, octets));
    ASSERT_TRUE(parsed) << octets << ": " << parsed.error().detail;
    EXPECT_FALSE(*parsed) << octets;
  }
  auto parsed = parse_proxy_header(header + std::string(kRest));
  ASSERT_TRUE(parsed) << parsed.error().detail;
  ASSERT_TRUE(*parsed);
  EXPECT_EQ((*parsed)->octets, header.size());
  const auto& found = (*parsed)->client;
  EXPECT_EQ(found ? found->host + " " + std::to_string(found->port) : "", client);
}

INSTANTIATE_TEST_SUITE_P(
    ProxyHeader, GoodProxyHeaders,
    ::testing::Values(HeaderCase{"PROXY TCP4 192.0.2.7 198.51.100.1 56324 143\r\n", "192.0.2.7 56324"},
                      HeaderCase{"PROXY TCP6 2001:db8::1 2001:db8::2 65535 993\r\n", "2001:db8::1 65535"},
                      HeaderCase{"PROXY UNKNOWN\r\n", ""},
                      HeaderCase{"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", ""},
                      HeaderCase{"PROXY UNKNOWN " + std::string(107 - 14 - 2, 'x') + "\r\n", ""},
                      HeaderCase{v2_tcp4(), "192.0.2.7 56324"},
                      HeaderCase{v2_tcp4(std::string("\x04\x00\x02xx", 5)), "192.0.2.7 56324"},
                      HeaderCase{v2_tcp6(), "2001::1 56324"},
                      HeaderCase{v2(std::string("\x20\x00", 2), ""), ""},     // LOCAL
                      HeaderCase{v2("\x21\x31", std::string(216, 'u')), ""},  // unix
                      HeaderCase{v2_tcp4(std::string(kProxyHeaderOctetsMax - 28, 't')), "192.0.2.7 56324"}));

class BadProxyHeaders : public ::testing::TestWithParam<std::string> {};

TEST_P(BadProxyHeaders, AreRefused) {
  auto parsed = parse_proxy_header(GetParam());
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().kind, ErrorKind::invalid);
}

INSTANTIATE_TEST_SUITE_P(
    ProxyHeader, BadProxyHeaders,
    ::testing::Values("a1 NOOP\r\n", "PROXX", "proxy TCP4 192.0.2.7 198.51.100.1 1 2\r\n",
                      "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n", "PROXY TCP4 192.0.2.7  198.51.100.1 1 2\r\n",
                      "PROXY TCP4 192.0.2.7 198.51.100.1 1 65536\r\n", "PROXY TCP4 ::1 ::1 1 2\r\n",
                      "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n",
                      "PROXY TCP4 mail.example.org 198.51.100.1 1 2\r\n", "PROXY UNIX /x /y 1 2\r\n",
                      "PROXY \r\n", "PROXY UNKNOWN " + std::string(107 - 14 - 1, 'x') + "\r\n",
                      std::string("PROXY ") + std::string(200, 'x'), v2("\x11\x11", std::string(12, 'a')),
                      v2("\x22\x11", std::string(12, 'a')), v2("\x21\x11", std::string(11, 'a')),
                      v2("\x21\x21", std::string(35, 'a')), v2("\x21\x41", std::string(12, 'a')),
                      v2("\x21\x13", std::string(12, 'a')),
                      v2_tcp4(std::string(kProxyHeaderOctetsMax - 27, 't'))));

}  // namespace
}  // namespace postern
