// Whose phones are sent to another address.
#include "protocols/activesync/location.h"

#include <gtest/gtest.h>

namespace postern::activesync {
namespace {

TEST(OtherLocation, IsThatOfTheDomainUnlessItIsHere) {
  const std::string url = "https://mail2.example.org:8443/Microsoft-Server-ActiveSync";
  const std::vector<LocationSettings> locations = {{"example.org", url}, {"example.net", "https://x.test/"}};
  EXPECT_EQ(other_location(locations, "joe@example.org", "mail1.example.org"), url);
  EXPECT_EQ(other_location(locations, "joe@EXAMPLE.org", ""), url);
  EXPECT_EQ(other_location(locations, "joe@example.org", "Mail2.example.org:8443"), std::nullopt);
  EXPECT_EQ(other_location(locations, "joe@sub.example.org", "mail1.example.org"), std::nullopt);
  EXPECT_EQ(other_location({}, "joe@example.org", "mail1.example.org"), std::nullopt);
}

}  // namespace
}  // namespace postern::activesync
