// The query of a request in its two forms, and its headers. MS-ASHTTP section 2.2.1.1.
#include "protocols/activesync/request.h"

#include <gtest/gtest.h>

namespace postern::activesync {
namespace {

Result<Request> parse(std::string_view query, std::optional<std::string_view> version = "14.1") {
  RequestHead head;
  head.query = query;
  head.protocol_version = version;
  return parse_request(head);
}

TEST(Request, TextQuery) {
  RequestHead head;
  head.query =
      "Cmd=SmartReply&User=contoso%5Crmjones&DeviceId=v140Device&DeviceType=SmartPhone"
      "&CollectionId=5&ItemId=5%3A9&LongId=L&Occurrence=o&SaveInSent=T&AttachmentName=a%20b&Unknown=1";
  head.protocol_version = "12.1";
  head.policy_key = "2891293948";
  head.accept_multipart = "T";
  auto request = parse_request(head);
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->command, Command::smart_reply);
  EXPECT_EQ(request->version, ProtocolVersion::v12_1);
  EXPECT_EQ(request->user, "contoso\\rmjones");
  EXPECT_EQ(request->device_id, "v140Device");
  EXPECT_EQ(request->device_type, "SmartPhone");
  EXPECT_EQ(request->policy_key, 2891293948U);
  EXPECT_EQ(request->collection_id, "5");
  EXPECT_EQ(request->item_id, "5:9");
  EXPECT_EQ(request->long_id, "L");
  EXPECT_EQ(request->occurrence, "o");
  EXPECT_EQ(request->attachment_name, "a b");
  EXPECT_TRUE(request->save_in_sent);
  EXPECT_TRUE(request->accept_multipart);
}

TEST(Request, TextQueryInAnyOrderAndSpelling) {
  auto request = parse("deviceid=A&devicetype=T&cmd=foldersync&SaveInSent=F");
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->command, Command::folder_sync);
  EXPECT_EQ(request->policy_key, std::nullopt);
  EXPECT_FALSE(request->save_in_sent);
}

TEST(Request, PackedQuery) {
  // The example of MS-ASHTTP section 2.2.1.1.1.1.
  auto request = parse("jAAJBAp2MTQwRGV2aWNlAApTbWFydFBob25l", std::nullopt);
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->command, Command::sync);
  EXPECT_EQ(request->version, ProtocolVersion::v14_0);
  EXPECT_EQ(request->device_id, "v140Device");
  EXPECT_EQ(request->device_type, "SmartPhone");
  EXPECT_EQ(request->policy_key, std::nullopt);

  for (const char* query :
       {"oRIJBANBQkMEAQIDBAZpUGhvbmU=", "oRIJBANBQkMEAQIDBAZpUGhvbmU", "oRIJBANBQkMEAQIDBAZpUGhvbmU%3D"}) {
    request = parse(query, "12.1");  // what the query says counts
    ASSERT_TRUE(request) << request.error().detail;
    EXPECT_EQ(request->command, Command::ping);
    EXPECT_EQ(request->version, ProtocolVersion::v16_1);
    EXPECT_EQ(request->policy_key, 0x04030201U);
  }
}

TEST(Request, PackedParameters) {
  auto request = parse("jRMJBBDw8fLz9PX29/j5+vv8/f7/AANXUDgHAQIIA2JvYg==");
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->device_id, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  EXPECT_TRUE(request->accept_multipart);
  EXPECT_FALSE(request->save_in_sent);
  EXPECT_EQ(request->user, "bob");

  request = parse("eQMJBANBQkMAA1dQOAcBAQEBNQMDNTo5BAJMMQYCbzEAAmExYwF4");
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_TRUE(request->save_in_sent);
  EXPECT_EQ(request->collection_id, "5");
  EXPECT_EQ(request->item_id, "5:9");
  EXPECT_EQ(request->long_id, "L1");
  EXPECT_EQ(request->occurrence, "o1");
  EXPECT_EQ(request->attachment_name, "a1");
}

struct Bad {
  std::string query;
  ErrorKind kind;
  std::string_view detail;
};

TEST(Request, Refusals) {
  const std::vector<Bad> cases{
      {"", ErrorKind::invalid, "the query is cut off"},
      {"Cmd=Notify&DeviceId=A&DeviceType=T", ErrorKind::not_found, "no such command"},
      {"Cmd=&DeviceId=A&DeviceType=T", ErrorKind::not_found, "no such command"},
      {"Cmd=Sync&DeviceType=T", ErrorKind::invalid, "no proper device id"},
      {"Cmd=Sync&DeviceId=A,B&DeviceType=T", ErrorKind::invalid, "no proper device id"},
      {"Cmd=Sync&DeviceId=%27&DeviceType=T", ErrorKind::invalid, "no proper device id"},
      {"Cmd=Sync&DeviceId=A", ErrorKind::invalid, "no proper device type"},
      {"Cmd=Sync&DeviceId=A&DeviceType=%0A", ErrorKind::invalid, "no proper device type"},
      {"Cmd=Sync&DeviceId=A&DeviceType=T&User=%FF", ErrorKind::invalid, "a parameter is not text"},
      {"Cmd=Sync&DeviceId=A&DeviceType=%4", ErrorKind::invalid, "a percent sign without two digits"},
      {"Cmd=Sync&DeviceId=A&DeviceType=%zz", ErrorKind::invalid, "a percent sign without two digits"},
      {"Cmd=Sync&DeviceId=A&DeviceType=T&ItemId=" + std::string(kParameterOctetsMax + 1, 'x'),
       ErrorKind::too_large, "a parameter is too long"},
      {"Cmd=" + std::string(kQueryOctetsMax, 'x'), ErrorKind::too_large, "the query is too long"},
      {"not/base64!", ErrorKind::invalid, "the query is neither text nor base64"},
      {"eAAJBAFBAAFU", ErrorKind::not_found, "this protocol version is not served"},
      {"jQUJBAFBAAFU", ErrorKind::not_found, "no such command"},
      {"jQAJBAAAAVQ=", ErrorKind::invalid, "no proper device id"},
      {"jQAJBAFBAzEyMwFU", ErrorKind::invalid, "the policy key is not four octets"},
      {"jQAJBAFBAAFUBwJhYg==", ErrorKind::invalid, "Options are not one octet"},
      {"jQAJBAFBAAFUAQVhYg==", ErrorKind::invalid, "a parameter is cut off"},
      {"jAAJ", ErrorKind::invalid, "the query is cut off"},
      {"jQAJBAFBAAA=", ErrorKind::invalid, "no proper device type"},
  };
  for (const Bad& one : cases) {
    auto request = parse(one.query);
    ASSERT_FALSE(request) << one.query;
    EXPECT_EQ(request.error().detail, one.detail) << one.query;
    EXPECT_EQ(request.error().kind, one.kind) << one.query;
  }
}

TEST(Request, Bounds) {
  const std::string id(kDeviceIdOctetsMax, 'd');
  EXPECT_TRUE(parse("Cmd=Sync&DeviceId=" + id + "&DeviceType=T"));
  EXPECT_FALSE(parse("Cmd=Sync&DeviceId=" + id + "d&DeviceType=T"));
  const std::string type(kDeviceTypeOctetsMax, 't');
  EXPECT_TRUE(parse("Cmd=Sync&DeviceId=A&DeviceType=" + type));
  EXPECT_FALSE(parse("Cmd=Sync&DeviceId=A&DeviceType=t" + type));
  const std::string item(kParameterOctetsMax, 'i');
  EXPECT_TRUE(parse("Cmd=Sync&DeviceId=A&DeviceType=T&ItemId=" + item));
}

TEST(Request, Versions) {
  constexpr const char* kQuery = "Cmd=Sync&DeviceId=A&DeviceType=T";
  for (const ProtocolVersionName& row : kProtocolVersions) {
    auto request = parse(kQuery, row.name);
    ASSERT_TRUE(request) << row.name;
    EXPECT_EQ(request->version, row.version);
  }
  for (const char* version : {"2.5", "12.0", "15.0", "16.2", ""}) {
    EXPECT_EQ(parse(kQuery, version).error().kind, ErrorKind::not_found) << version;
  }
  EXPECT_EQ(parse(kQuery, std::nullopt).error().kind, ErrorKind::invalid);
  EXPECT_LT(ProtocolVersion::v12_1, ProtocolVersion::v14_0);
  EXPECT_LT(ProtocolVersion::v16_0, ProtocolVersion::v16_1);
}

TEST(Request, APolicyKeyThatIsNoNumberIsNone) {
  RequestHead head;
  head.query = "Cmd=Sync&DeviceId=A&DeviceType=T";
  head.protocol_version = "14.1";
  for (const char* key : {"", "x", "4294967296", "-1"}) {
    head.policy_key = key;
    EXPECT_EQ(parse_request(head)->policy_key, std::nullopt) << key;
  }
  head.policy_key = " 0 ";
  EXPECT_EQ(parse_request(head)->policy_key, 0U);
}

TEST(Request, EveryCommandHasItsName) {
  for (int code = 0; code <= 23; ++code) {
    const std::string_view name = name_of(static_cast<Command>(code));
    if (code >= 5 && code <= 8) {
      EXPECT_EQ(name, "");  // GetHierarchy and its like, older than what is served
      continue;
    }
    auto request = parse("Cmd=" + std::string(name) + "&DeviceId=A&DeviceType=T");
    ASSERT_TRUE(request) << code;
    EXPECT_EQ(static_cast<int>(request->command), code);
  }
}

}  // namespace
}  // namespace postern::activesync
