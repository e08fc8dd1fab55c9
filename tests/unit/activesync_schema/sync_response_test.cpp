// Answers to Sync: order of elements, and what each version is told.
#include "protocols/activesync/schema/sync_response.h"

#include <gtest/gtest.h>

#include "tests/support/activesync_answers.h"

namespace postern::activesync {
namespace {

WallTime at(std::string_view text) {
  return parse_date_time(text).value();
}

EmailProperties everything() {
  EmailProperties email;
  email.to = "\"Bob\" <bob@example.org>";
  email.from = "\"Alice\" <alice@example.org>";
  email.subject = "Lunch";
  email.date_received = at("2026-11-23T08:00:00Z");
  email.display_to = "Bob";
  email.thread_topic = "Lunch";
  email.importance = Importance::normal;
  email.read = false;
  email.message_class = "IPM.Note";
  email.internet_cpid = 65001;
  email.flag.emplace();
  email.flag->status = FlagStatus::active;
  email.flag->type = "Follow up";
  email.content_class = "urn:content-classes:message";
  email.categories = {"Work"};
  email.conversation_id = std::string("\0\1", 2);
  email.conversation_index = std::string("\1\2\3\4\5", 5);
  email.last_verb = LastVerb::replied;
  email.last_verb_time = at("2026-11-23T09:00:00Z");
  email.received_as_bcc = true;
  email.sender = "secretary@example.org";
  email.bcc = "carol@example.org";
  email.is_draft = false;
  email.attachments.resize(2);
  email.attachments[0].display_name = "a.pdf";
  email.attachments[0].file_reference = "7:9:2";
  email.attachments[0].estimated_size = 1000;
  email.attachments[1] = {"", "7:9:3", AttachmentMethod::embedded_message, 5, "c1", "l", true, "x"};
  email.body = Body{BodyType::html, 5000, true, "<p>Hi", std::nullopt, "Hi"};
  email.body_part = Body{BodyType::html, 5, false, "<p>Hi", std::nullopt, ""};
  email.native_body_type = BodyType::html;
  return email;
}

std::string sync_of(const EmailProperties& email, ProtocolVersion version) {
  return answer([&](std::string& out) {
    SyncAnswer sync(out, version);
    sync.begin_collection({.collection_id = "7", .sync_key = "{1}6", .more_available = true});
    sync.add("7:9", email);
    sync.end_collection({});
    sync.finish();
  });
}

TEST(SyncAnswer, AMessageIn161) {
  EXPECT_EQ(sync_of(everything(), ProtocolVersion::v16_1), R"(<AirSync:Sync>
  <Collections>
    <Collection>
      <SyncKey>{1}6</SyncKey>
      <CollectionId>7</CollectionId>
      <Status>1</Status>
      <MoreAvailable/>
      <Commands>
        <Add>
          <ServerId>7:9</ServerId>
          <ApplicationData>
            <Email:To>"Bob" &lt;bob@example.org&gt;</Email:To>
            <Email:From>"Alice" &lt;alice@example.org&gt;</Email:From>
            <Email:Subject>Lunch</Email:Subject>
            <Email:DateReceived>2026-11-23T08:00:00.000Z</Email:DateReceived>
            <Email:DisplayTo>Bob</Email:DisplayTo>
            <Email:ThreadTopic>Lunch</Email:ThreadTopic>
            <Email:Importance>1</Email:Importance>
            <Email:Read>0</Email:Read>
            <AirSyncBase:Attachments>
              <Attachment>
                <DisplayName>a.pdf</DisplayName>
                <FileReference>7:9:2</FileReference>
                <Method>1</Method>
                <EstimatedDataSize>1000</EstimatedDataSize>
              </Attachment>
              <Attachment>
                <FileReference>7:9:3</FileReference>
                <ClientId>x</ClientId>
                <Method>5</Method>
                <EstimatedDataSize>5</EstimatedDataSize>
                <ContentId>c1</ContentId>
                <ContentLocation>l</ContentLocation>
                <IsInline>1</IsInline>
              </Attachment>
            </AirSyncBase:Attachments>
            <AirSyncBase:Body>
              <Type>2</Type>
              <EstimatedDataSize>5000</EstimatedDataSize>
              <Truncated>1</Truncated>
              <Data>&lt;p&gt;Hi</Data>
              <Preview>Hi</Preview>
            </AirSyncBase:Body>
            <AirSyncBase:BodyPart>
              <Status>1</Status>
              <Type>2</Type>
              <EstimatedDataSize>5</EstimatedDataSize>
              <Data>&lt;p&gt;Hi</Data>
            </AirSyncBase:BodyPart>
            <Email:MessageClass>IPM.Note</Email:MessageClass>
            <Email:InternetCPID>65001</Email:InternetCPID>
            <Email:Flag>
              <Status>2</Status>
              <FlagType>Follow up</FlagType>
            </Email:Flag>
            <Email:ContentClass>urn:content-classes:message</Email:ContentClass>
            <AirSyncBase:NativeBodyType>2</AirSyncBase:NativeBodyType>
            <Email:Categories>
              <Category>Work</Category>
            </Email:Categories>
            <Email2:ConversationId opaque="base64">AAE=</Email2:ConversationId>
            <Email2:ConversationIndex opaque="base64">AQIDBAU=</Email2:ConversationIndex>
            <Email2:LastVerbExecuted>1</Email2:LastVerbExecuted>
            <Email2:LastVerbExecutionTime>2026-11-23T09:00:00.000Z</Email2:LastVerbExecutionTime>
            <Email2:ReceivedAsBcc>1</Email2:ReceivedAsBcc>
            <Email2:Sender>secretary@example.org</Email2:Sender>
            <Email2:Bcc>carol@example.org</Email2:Bcc>
            <Email2:IsDraft>0</Email2:IsDraft>
          </ApplicationData>
        </Add>
      </Commands>
    </Collection>
  </Collections>
</AirSync:Sync>
)");
}

TEST(SyncAnswer, OlderVersionsAreToldLess) {
  struct Case {
    ProtocolVersion version;
    std::vector<const char*> has;
    std::vector<const char*> has_not;
  };
  const Case cases[] = {
      {ProtocolVersion::v12_1,
       {"NativeBodyType", "Flag", "ContentClass"},
       {"Preview", "Categories", "Email2"}},
      {ProtocolVersion::v14_0, {"Preview", "Categories", "ConversationId"}, {"BodyPart", "IsDraft", "Bcc>c"}},
      {ProtocolVersion::v14_1, {"BodyPart", "Sender"}, {"IsDraft", "ClientId"}},
      {ProtocolVersion::v16_0, {"IsDraft", "ClientId", "Bcc>c"}, {}},
  };
  for (const Case& one : cases) {
    const std::string xml = sync_of(everything(), one.version);
    for (const char* part : one.has) EXPECT_NE(xml.find(part), std::string::npos) << part;
    for (const char* part : one.has_not) EXPECT_EQ(xml.find(part), std::string::npos) << part;
  }
}

TEST(SyncAnswer, CommandsThenResponses) {
  EmailProperties read;
  read.read = true;
  EmailProperties unmarked;
  unmarked.flag = FollowUpFlag();
  unmarked.categories.emplace();
  EmailProperties index;
  index.conversation_index = "12345";
  const std::string xml = answer([&](std::string& out) {
    SyncAnswer sync(out, ProtocolVersion::v16_0);
    sync.begin_collection({.collection_id = "7", .sync_key = "{1}6"});
    sync.change("7:1", read);
    sync.change("7:2", unmarked);
    sync.remove("7:3");
    sync.soft_remove("7:4");
    sync.end_collection({AddResult{"c1", "7:5", SyncStatus::ok, "", index},
                         AddResult{"c2", "", SyncStatus::malformed_item, "SMS", std::nullopt},
                         ChangeResult{"7:6", SyncStatus::not_found, std::nullopt},
                         DeleteResult{"7:7", SyncStatus::not_found},
                         FetchResult{"7:8", SyncStatus::ok, read}});
    sync.begin_collection({"8", "", SyncStatus::invalid_sync_key});
    sync.end_collection({});
    sync.finish();
  });
  EXPECT_EQ(xml, R"(<AirSync:Sync>
  <Collections>
    <Collection>
      <SyncKey>{1}6</SyncKey>
      <CollectionId>7</CollectionId>
      <Status>1</Status>
      <Commands>
        <Change>
          <ServerId>7:1</ServerId>
          <ApplicationData>
            <Email:Read>1</Email:Read>
          </ApplicationData>
        </Change>
        <Change>
          <ServerId>7:2</ServerId>
          <ApplicationData>
            <Email:Flag/>
            <Email:Categories/>
          </ApplicationData>
        </Change>
        <Delete>
          <ServerId>7:3</ServerId>
        </Delete>
        <SoftDelete>
          <ServerId>7:4</ServerId>
        </SoftDelete>
      </Commands>
      <Responses>
        <Add>
          <ClientId>c1</ClientId>
          <ServerId>7:5</ServerId>
          <Status>1</Status>
          <ApplicationData>
            <Email2:ConversationIndex opaque="text">12345</Email2:ConversationIndex>
          </ApplicationData>
        </Add>
        <Add>
          <Class>SMS</Class>
          <ClientId>c2</ClientId>
          <Status>6</Status>
        </Add>
        <Change>
          <ServerId>7:6</ServerId>
          <Status>8</Status>
        </Change>
        <Delete>
          <ServerId>7:7</ServerId>
          <Status>8</Status>
        </Delete>
        <Fetch>
          <ServerId>7:8</ServerId>
          <Status>1</Status>
          <ApplicationData>
            <Email:Read>1</Email:Read>
          </ApplicationData>
        </Fetch>
      </Responses>
    </Collection>
    <Collection>
      <CollectionId>8</CollectionId>
      <Status>3</Status>
    </Collection>
  </Collections>
</AirSync:Sync>
)");
}

TEST(SyncAnswer, Refusals) {
  EXPECT_EQ(answer([](std::string& out) { write_sync_refusal(out, SyncStatus::wait_out_of_range, 60); }),
            "<AirSync:Sync>\n  <Status>14</Status>\n  <Limit>60</Limit>\n</AirSync:Sync>\n");
  EXPECT_EQ(answer([](std::string& out) { write_sync_refusal(out, CommonStatus::device_not_provisioned); }),
            "<AirSync:Sync>\n  <Status>142</Status>\n</AirSync:Sync>\n");
}

}  // namespace
}  // namespace postern::activesync
