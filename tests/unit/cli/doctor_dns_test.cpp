#include "gateway/cli/doctor_dns.h"

#include <gtest/gtest.h>

namespace postern::cli {
namespace {

TEST(DnsServer, AddressAndPort) {
  const auto plain = parse_dns_server("192.0.2.53");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->port, 53);
  const auto with_port = parse_dns_server("127.0.0.1:5353");
  ASSERT_TRUE(with_port);
  EXPECT_EQ(with_port->address, "127.0.0.1");
  EXPECT_EQ(with_port->port, 5353);
  for (const char* wrong :
       {"", "dns.example.org", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "192.0.2.53:x"}) {
    EXPECT_FALSE(parse_dns_server(wrong)) << wrong;
  }
}

TEST(DnsRecords, WhatIsAsGood) {
  struct Case {
    const char* type;
    const char* wanted;
    const char* found;
    bool good;
  };
  const Case cases[] = {
      {"MX", "10 mx.example.net.", "10 mx.example.net.", true},
      {"MX", "10 mx.example.net.", "5 MX.example.net.", true},
      {"MX", "10 mx.example.net.", "10 other.example.net.", false},
      {"SRV", "0 1 993 mail.example.net.", "5 0 993 mail.example.net.", true},
      {"SRV", "0 1 993 mail.example.net.", "0 1 143 mail.example.net.", false},
      {"SRV", "0 1 993 mail.example.net.", "0 0 0 .", false},
      {"CNAME", "mail.example.net.", "mail.example.net.", true},
      {"TXT", "\"v=STSv1; id=1\"", "\"v=STSv1; id=1\"", true},
      {"TXT", "\"v=STSv1; id=1\"", "\"v=STSv1; id=2\"", false},
  };
  for (const Case& one : cases) {
    const autoconfig::DnsRecord wanted("example.org.", one.type, one.wanted, "");
    EXPECT_EQ(is_as_good(wanted, one.found), one.good) << one.type << " " << one.found;
  }
}

}  // namespace
}  // namespace postern::cli
