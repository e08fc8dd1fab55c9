// What the scripted phone sends is what the server understands: queries of every profile, and trees with the
// habits of clients.
#include <gtest/gtest.h>

#include "protocols/activesync/request.h"
#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/xml_dump.h"
#include "tests/phone/query.h"

namespace postern::phone {
namespace {

TEST(PhoneQuery, OfEveryProfileIsUnderstood) {
  for (const std::string_view name : profile_names()) {
    const Profile& profile = *find_profile(name);
    QueryFacts facts;
    facts.command = Command::smart_reply;
    facts.version = ProtocolVersion::v12_1;
    facts.user = "example.test\\joe";
    facts.device_id = "phone1";
    facts.policy_key = 0x04030201;
    facts.parameters.collection_id = "5";
    facts.parameters.item_id = "5:9";
    facts.parameters.save_in_sent = true;
    const std::string query = query_of(profile, facts);
    activesync::RequestHead head;
    head.query = query;
    if (!profile.base64_query) head.protocol_version = "12.1";
    const auto request = activesync::parse_request(head);
    ASSERT_TRUE(request) << name << ": " << request.error().detail;
    EXPECT_EQ(request->command, Command::smart_reply) << name;
    EXPECT_EQ(request->version, ProtocolVersion::v12_1) << name;
    EXPECT_EQ(request->user, "example.test\\joe") << name;
    EXPECT_EQ(request->device_id, "phone1") << name;
    EXPECT_EQ(request->device_type, profile.device_type) << name;
    EXPECT_EQ(request->item_id, "5:9") << name;
    EXPECT_TRUE(request->save_in_sent) << name;
    EXPECT_EQ(request->policy_key.value_or(0), profile.base64_query ? 0x04030201U : 0U) << name;
  }
}

std::string dump_of(const Node& node, WritingHabits habits) {
  auto document = activesync::read(to_wbxml(node, habits));
  EXPECT_TRUE(document);
  return document ? xml_dump(*document) : std::string();
}

TEST(PhoneNode, HabitsOfClients) {
  const Node ping = element("Ping:Ping"_tag, {number("Ping:HeartbeatInterval"_tag, 480),
                                              text("Ping:Id"_tag, "1"), text("Ping:Id"_tag, "2")});
  EXPECT_EQ(dump_of(ping, {}),
            "<Ping:Ping>\n  <HeartbeatInterval>480</HeartbeatInterval>\n  <Id>1</Id>\n  "
            "<Id>2</Id>\n</Ping:Ping>\n");
  // A list keeps its order.
  EXPECT_EQ(dump_of(ping, {true, false}),
            "<Ping:Ping>\n  <Id>1</Id>\n  <Id>2</Id>\n  "
            "<HeartbeatInterval>480</HeartbeatInterval>\n</Ping:Ping>\n");
  EXPECT_EQ(dump_of(empty("Ping:Ping"_tag), {false, true}), "<Ping:Ping/>\n");
  EXPECT_EQ(dump_of(element("Ping:Ping"_tag, {text("Ping:Id"_tag, "1")}), {false, true}),
            "<Ping:Ping>\n  <Page0D:Token3F>unknown</Page0D:Token3F>\n  <Page1F:Token05/>\n  <Id>1</Id>\n"
            "</Ping:Ping>\n");
}

}  // namespace
}  // namespace postern::phone
