// What a trace shows, and what it hides.
#include "protocols/activesync/trace.h"

#include <gtest/gtest.h>

#include "protocols/activesync/wbxml/reader.h"
#include "tests/support/wbxml_xml.h"

namespace postern::activesync {
namespace {

std::string traced(const std::string& xml) {
  return trace_text(*wbxml_from_xml(xml));
}

TEST(Trace, ShowsTheProtocolAndHidesThePeople) {
  const std::string text = traced(
      "<AirSync:Sync><Collections><Collection><SyncKey>17</SyncKey><CollectionId>4</"
      "CollectionId><Commands><Add>"
      "<ServerId>4:1</ServerId><ApplicationData><Email:Subject>secret "
      "plan</Email:Subject><Email:From>bob</Email:From>"
      "<AirSyncBase:Body><Type>1</Type><Data>dear "
      "joe</Data></AirSyncBase:Body></ApplicationData></Add></Commands>"
      "</Collection></Collections></AirSync:Sync>");
  for (const char* shown : {"<SyncKey>17</SyncKey>", "<ServerId>4:1</ServerId>", "<Type>1</Type>",
                            "<Email:Subject>[11 octets]</Email:Subject>", "<Data>[8 octets]</Data>"}) {
    EXPECT_NE(text.find(shown), std::string::npos) << shown << '\n' << text;
  }
  for (const char* hidden : {"secret", "bob", "joe"}) EXPECT_EQ(text.find(hidden), std::string::npos) << text;
}

TEST(Trace, HidesSecretsAndShowsPolicies) {
  const std::string settings = traced(
      "<Settings:Settings><DevicePassword><Set><Password>1234</Password></Set></"
      "DevicePassword><DeviceInformation>"
      "<Set><Model>T1000</Model><PhoneNumber>+49 "
      "1</PhoneNumber></Set></DeviceInformation></Settings:Settings>");
  EXPECT_EQ(settings.find("1234"), std::string::npos);
  EXPECT_EQ(settings.find("+49"), std::string::npos);
  EXPECT_NE(settings.find("T1000"), std::string::npos);
  const std::string policy = traced(
      "<Provision:Provision><Policies><Policy><PolicyKey>77</PolicyKey></Policy>"
      "</Policies></Provision:Provision>");
  EXPECT_NE(policy.find("77"), std::string::npos);
}

TEST(Trace, ToldBySizeIfItIsNoDocument) {
  EXPECT_EQ(trace_text(std::string()), "[0 octets]");
  EXPECT_EQ(trace_text(std::string("no wbxml")), "[8 octets]");
}

}  // namespace
}  // namespace postern::activesync
