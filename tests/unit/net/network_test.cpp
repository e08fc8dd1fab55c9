#include "gateway/net/network.h"

#include <gtest/gtest.h>

#include "gateway/net/byte_stream.h"

namespace postern {
namespace {

TEST(IpAddress, ParsesAndPrints) {
  const std::pair<const char*, const char*> cases[] = {
      {"192.0.2.7", "192.0.2.7"},
      {"::ffff:192.0.2.7", "192.0.2.7"},
      {"2001:DB8:0:0::1", "2001:db8::1"},
      {"", "-"},
      {"192.0.2", "-"},
      {"192.0.2.7 ", "-"},
      {"fe80::1%eth0", "-"},
      {"[::1]", "-"},
  };
  for (const auto& [text, printed] : cases) {
    const auto address = IpAddress::parse(text);
    EXPECT_EQ(address ? address->text() : "-", printed) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string_view("::1\0", 4)));
}

TEST(Network, Contains) {
  struct Case {
    const char* network;
    const char* address;
    bool inside;
  };
  const Case cases[] = {
      {"10.0.0.0/8", "10.255.1.2", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.8", false},
      {"192.0.2.4/30", "192.0.2.7", true},
      {"192.0.2.4/30", "192.0.2.8", false},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::/0", "192.0.2.7", true},
      {"::1/128", "::1", true},
  };
  for (const auto& one : cases) {
    auto network = Network::parse(one.network);
    ASSERT_TRUE(network) << one.network;
    EXPECT_EQ(network->contains(*IpAddress::parse(one.address)), one.inside)
        << one.network << " " << one.address;
  }
}

TEST(Network, RefusesWhatIsNone) {
  for (const char* text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "::/129", "mail.example.org", "10.0.0.0/-1"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

TEST(PeerAddress, Loopback) {
  const std::pair<const char*, bool> cases[] = {
      {"127.0.0.1", true}, {"127.255.0.9", true}, {"::1", true},  {"::ffff:127.0.0.1", true},
      {"", true},          {"128.0.0.1", false},  {"::2", false}, {"not an address", false},
  };
  for (const auto& [host, loopback] : cases)
    EXPECT_EQ((PeerAddress{host, 0}.is_loopback()), loopback) << host;
}

}  // namespace
}  // namespace postern
