#include "protocols/autoconfig/autodiscover_xml.h"

#include <gtest/gtest.h>

namespace postern::autoconfig {
namespace {

std::string request(const std::string& inside) {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?><Autodiscover "
         "xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/"
         "2006\"><Request>" +
         inside + "</Request></Autodiscover>";
}
const std::string kAddress = "<EMailAddress>joe@example.org</EMailAddress>";
const std::string kSchema =
    "<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/"
    "2006"
    "</AcceptableResponseSchema>";

TEST(AutodiscoverXml, ReadsRequestsInAnyOrderAndPrefix) {
  EXPECT_EQ(read_autodiscover(request(kAddress + kSchema)), Wanted::mobile_sync);
  EXPECT_EQ(read_autodiscover(request(kSchema + "<Unknown/>" + kAddress)), Wanted::mobile_sync);
  EXPECT_EQ(read_autodiscover(request(kAddress)), Wanted::mobile_sync);
  EXPECT_EQ(read_autodiscover("<a:Autodiscover xmlns:a=\"x\"><a:Request><a:EMailAddress>a@b</a:EMailAddress>"
                              "</a:Request></a:Autodiscover>"),
            Wanted::mobile_sync);
  EXPECT_EQ(read_autodiscover(request("<!-- c --><EMailAddress><![CDATA[a@b]]></EMailAddress>")),
            Wanted::mobile_sync);
  EXPECT_EQ(
      read_autodiscover(request(kAddress + "<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/"
                                           "autodiscover/outlook/responseschema/2006a"
                                           "</AcceptableResponseSchema>")),
      Wanted::another_schema);
}

TEST(AutodiscoverXml, RefusesWhatIsNotOrMayHarm) {
  for (const std::string& xml : {std::string(), std::string("x"), std::string("<Autodiscover/>"), request(""),
                                 request("<EMailAddress/>"), request("<EMailAddress>joe</EMailAddress>"),
                                 request(kAddress) + "<", request("<EMailAddress>\xFF@b</EMailAddress>")}) {
    EXPECT_EQ(read_autodiscover(xml), Wanted::unreadable) << xml;
  }
  for (const std::string& xml :
       {"<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>" + request(kAddress),
        "<!doctype a>" + request(kAddress), "<!ENTITY % x 'y'>" + request(kAddress),
        request(kAddress + "<!ELEMENT a ANY>"), std::string("<\0!\0D\0", 6)}) {
    EXPECT_EQ(read_autodiscover(xml), Wanted::forbidden) << xml;
  }
  std::string deep = kAddress;
  for (unsigned i = 0; i < kAutodiscoverDepthMax - 3; ++i) deep = kAddress + "<a>" + deep + "</a>";
  EXPECT_EQ(read_autodiscover(request(deep)), Wanted::unreadable);
  EXPECT_EQ(read_autodiscover(request(kAddress + "<a><b><c/></b></a>")), Wanted::mobile_sync);
  const std::string fits = request(kAddress);
  EXPECT_EQ(read_autodiscover(fits + std::string(kAutodiscoverOctetsMax - fits.size(), ' ')),
            Wanted::mobile_sync);
  EXPECT_EQ(read_autodiscover(fits + std::string(kAutodiscoverOctetsMax - fits.size() + 1, ' ')),
            Wanted::unreadable);
}

TEST(AutodiscoverXml, EscapesWhatItTells) {
  const std::string answer =
      autodiscover_answer("a&<b>@example.org", "https://h/Microsoft-Server-ActiveSync");
  EXPECT_NE(answer.find("<EMailAddress>a&amp;&lt;b&gt;@example.org</EMailAddress>"), std::string::npos)
      << answer;
  EXPECT_NE(answer.find("<Type>MobileSync</Type><Url>https://h/Microsoft-Server-ActiveSync</Url>"),
            std::string::npos);
}

TEST(AutodiscoverXml, TellsErrors) {
  const WallTime time{std::chrono::seconds(784111777)};
  EXPECT_EQ(
      autodiscover_error(600, time),
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><Autodiscover "
      "xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\"><Response><Error "
      "Time=\"08:49:37\" Id=\"0\"><ErrorCode>600</ErrorCode><Message>Invalid Request</Message><DebugData/>"
      "</Error></Response></Autodiscover>");
  EXPECT_NE(autodiscover_error(601, time).find("<ErrorCode>601</ErrorCode>"), std::string::npos);
}

}  // namespace
}  // namespace postern::autoconfig
