// ItemOperations, Search, Find and the sending commands.
#include <gtest/gtest.h>

#include "protocols/activesync/schema/find.h"
#include "protocols/activesync/schema/item_operations.h"
#include "protocols/activesync/schema/search.h"
#include "protocols/activesync/schema/send_mail.h"
#include "tests/support/activesync_answers.h"

namespace postern::activesync {
namespace {

Parsed<std::vector<RequestedOperation>> operations(const std::string& inside) {
  return read_item_operations(
      request("<ItemOperations:ItemOperations>" + inside + "</ItemOperations:ItemOperations>").root());
}

TEST(ItemOperations, Requests) {
  auto read = operations(
      "<Fetch><Store>Mailbox</Store><AirSync:CollectionId>1</AirSync:CollectionId><AirSync:ServerId>1:2"
      "</AirSync:ServerId><Options><AirSync:MIMESupport>2</AirSync:MIMESupport><AirSyncBase:BodyPreference>"
      "<Type>4</Type></AirSyncBase:BodyPreference></Options></Fetch>"
      "<Fetch><Store>Mailbox</Store><Search:LongId>L</Search:LongId></Fetch>"
      "<Fetch><Store>Mailbox</Store><AirSyncBase:FileReference>1:2:3</AirSyncBase:FileReference>"
      "<Options><Range>0-99</Range></Options></Fetch>"
      "<EmptyFolderContents><AirSync:CollectionId>4</AirSync:CollectionId><Options><DeleteSubFolders/></"
      "Options>"
      "</EmptyFolderContents>"
      "<Move><ConversationId "
      "opaque=\"base64\">AAE=</ConversationId><DstFldId>5</DstFldId><Options><MoveAlways/>"
      "</Options></Move>");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 5U);
  for (const RequestedOperation& one : *read) EXPECT_FALSE(one.refused);
  const auto& item = std::get<FetchOperation>((*read)[0].operation);
  EXPECT_EQ(item.server_id, "1:2");
  EXPECT_EQ(item.body.mime_support, MimeSupport::always);
  EXPECT_EQ(std::get<FetchOperation>((*read)[1].operation).long_id, "L");
  EXPECT_EQ(std::get<FetchOperation>((*read)[2].operation).range, (Range{0, 99}));
  EXPECT_TRUE(std::get<EmptyFolderOperation>((*read)[3].operation).delete_subfolders);
  const auto& move = std::get<MoveConversationOperation>((*read)[4].operation);
  EXPECT_EQ(move.conversation_id, std::string("\0\1", 2));
  EXPECT_TRUE(move.always);
}

TEST(ItemOperations, Refusals) {
  const auto status = [](const std::string& inside) { return operations(inside)->at(0).refused; };
  EXPECT_EQ(status("<Fetch><Store>Mailbox</Store></Fetch>"), Status(OperationStatus::protocol_error));
  EXPECT_EQ(status("<Fetch><AirSync:ServerId>1</AirSync:ServerId></Fetch>"),
            Status(OperationStatus::protocol_error));
  EXPECT_EQ(status("<Fetch><Store>DocumentLibrary</Store></Fetch>"), Status(OperationStatus::store_unknown));
  // R214
  EXPECT_EQ(status("<Fetch><Store>Mailbox</Store><AirSyncBase:FileReference/></Fetch>"),
            Status(OperationStatus::attachment_invalid));
  EXPECT_EQ(
      status("<Fetch><AirSyncBase:FileReference>1</AirSyncBase:FileReference><Options><Range>9-1</Range>"
             "</Options></Fetch>"),
      Status(OperationStatus::range_invalid));
  EXPECT_EQ(status("<EmptyFolderContents/>"), Status(OperationStatus::protocol_error));
  EXPECT_EQ(status("<Move><ConversationId>c</ConversationId></Move>"),
            Status(CommonStatus::move_destination_invalid));
  EXPECT_EQ(status("<Move><ConversationId>c</ConversationId><DstFldId>5</DstFldId></Move>"),
            Status(CommonStatus::move_needs_move_always));
  EXPECT_EQ(operations("").refusal(), Status(OperationStatus::protocol_error));
}

TEST(ItemOperations, Answers) {
  EmailProperties email;
  email.subject = "Hi";
  email.body = Body{BodyType::mime, 9, false, std::nullopt, 1, ""};
  FetchOperation item;
  item.collection_id = "1";
  item.server_id = "1:2";
  FetchOperation file;
  file.file_reference = "1:2:3";
  EXPECT_EQ(answer([&](std::string& out) {
              ItemOperationsAnswer operations(out, ProtocolVersion::v14_1);
              operations.fetched(item, email);
              operations.fetched(file, FetchedFile{"image/png", Range{0, 1}, 10, std::nullopt, "ab"});
              operations.refused(item, OperationStatus::not_found);
              operations.finish();
            }),
            R"(<ItemOperations:ItemOperations>
  <Status>1</Status>
  <Response>
    <Fetch>
      <Status>1</Status>
      <AirSync:CollectionId>1</AirSync:CollectionId>
      <AirSync:ServerId>1:2</AirSync:ServerId>
      <AirSync:Class>Email</AirSync:Class>
      <Properties>
        <Email:Subject>Hi</Email:Subject>
        <AirSyncBase:Body>
          <Type>4</Type>
          <EstimatedDataSize>9</EstimatedDataSize>
          <ItemOperations:Part>1</ItemOperations:Part>
        </AirSyncBase:Body>
      </Properties>
    </Fetch>
    <Fetch>
      <Status>1</Status>
      <AirSyncBase:FileReference>1:2:3</AirSyncBase:FileReference>
      <Properties>
        <Range>0-1</Range>
        <Total>10</Total>
        <AirSyncBase:ContentType>image/png</AirSyncBase:ContentType>
        <Data>YWI=</Data>
      </Properties>
    </Fetch>
    <Fetch>
      <Status>6</Status>
      <AirSync:CollectionId>1</AirSync:CollectionId>
      <AirSync:ServerId>1:2</AirSync:ServerId>
    </Fetch>
  </Response>
</ItemOperations:ItemOperations>
)");
  EXPECT_EQ(answer([](std::string& out) {
              ItemOperationsAnswer operations(out, ProtocolVersion::v14_1);
              operations.moved({"c", "5", false}, OperationStatus::ok);
              operations.emptied({"4", false}, OperationStatus::ok);
              operations.finish();
            }),
            R"(<ItemOperations:ItemOperations>
  <Status>1</Status>
  <Response>
    <Move>
      <Status>1</Status>
      <ConversationId opaque="text">c</ConversationId>
    </Move>
    <EmptyFolderContents>
      <Status>1</Status>
      <AirSync:CollectionId>4</AirSync:CollectionId>
    </EmptyFolderContents>
  </Response>
</ItemOperations:ItemOperations>
)");
  EXPECT_EQ(
      answer([](std::string& out) { write_item_operations_refusal(out, OperationStatus::protocol_error); }),
      "<ItemOperations:ItemOperations>\n  <Status>2</Status>\n</ItemOperations:ItemOperations>\n");
}

Parsed<SearchRequest> search(const std::string& store) {
  return read_search(request("<Search:Search><Store>" + store + "</Store></Search:Search>").root());
}

TEST(Search, InTheMailbox) {
  auto read = search(
      "<Options><Range>0-49</Range><DeepTraversal/><RebuildResults/><AirSyncBase:BodyPreference><Type>1</"
      "Type>"
      "</AirSyncBase:BodyPreference></Options><Name>Mailbox</Name><Query><And><AirSync:Class>Email</"
      "AirSync:Class>"
      "<AirSync:CollectionId>1</AirSync:CollectionId><AirSync:CollectionId>2</AirSync:CollectionId>"
      "<FreeText>lunch</FreeText><GreaterThan><Email:DateReceived/><Value>2026-11-01T00:00:00.000Z</Value>"
      "</GreaterThan></And></Query>");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->range, (Range{0, 49}));
  EXPECT_TRUE(read->deep_traversal);
  EXPECT_TRUE(read->rebuild_results);
  const auto& query = std::get<MailboxQuery>(read->query);
  EXPECT_EQ(query.free_texts, std::vector<std::string>{"lunch"});
  EXPECT_EQ(query.collection_ids, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(query.received_after, parse_date_time("2026-11-01T00:00:00Z"));
  EXPECT_FALSE(query.received_before);
}

TEST(Search, InTheAddressList) {
  auto read = search(
      "<Name>GAL</Name><Query>ali</Query><Options><Picture><MaxSize>1000</MaxSize></Picture></Options>");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->range, (Range{0, 99}));
  const auto& query = std::get<GalQuery>(read->query);
  EXPECT_EQ(query.text, "ali");
  EXPECT_EQ(query.pictures, (PictureLimits{1000, std::nullopt}));
}

TEST(Search, Refusals) {
  struct Case {
    const char* store;
    Status status;
  };
  const Case cases[] = {
      {"", SearchStatus::invalid_request},
      {"<Name>GAL</Name>", SearchStatus::invalid_request},
      {"<Name>GAL</Name><Query/>", SearchStatus::invalid_request},
      {"<Name>DocumentLibrary</Name><Query/>", SearchStatus::access_denied},
      {"<Name>Mailbox</Name><Query><And/></Query>", SearchStatus::invalid_request},
      {"<Name>Mailbox</Name><Query><And><FreeText>a</FreeText></And><And/></Query>",
       SearchStatus::too_complex},
      {"<Name>Mailbox</Name><Query><Or><FreeText>a</FreeText></Or></Query>", SearchStatus::too_complex},
      {"<Name>Mailbox</Name><Query><FreeText>a</FreeText></Query>", SearchStatus::too_complex},
      {"<Name>Mailbox</Name><Query><And><Or/></And></Query>", SearchStatus::too_complex},
      {"<Name>Mailbox</Name><Query><And><LessThan><Value>2026-11-01T00:00:00Z</Value></LessThan></And></"
       "Query>",
       SearchStatus::invalid_request},
      {"<Name>Mailbox</Name><Query><And><FreeText>a</FreeText></And></Query><Options><Range>x</Range></"
       "Options>",
       SearchStatus::invalid_request},
  };
  for (const Case& one : cases) {
    auto read = search(one.store);
    ASSERT_FALSE(read) << one.store;
    EXPECT_EQ(read.refusal(), one.status) << one.store;
  }
}

GalEntry alice() {
  GalEntry entry;
  entry.display_name = "Alice";
  entry.email_address = "alice@example.org";
  entry.picture.emplace();
  return entry;
}

TEST(Search, Answers) {
  EmailProperties email;
  email.subject = "Hi";
  EXPECT_EQ(answer([&](std::string& out) {
              SearchAnswer search(out, ProtocolVersion::v14_1, SearchStatus::ok);
              search.found("L1", "1", email);
              search.found(alice());
              search.finish(Range{0, 1}, 2);
            }),
            R"(<Search:Search>
  <Status>1</Status>
  <Response>
    <Store>
      <Status>1</Status>
      <Result>
        <AirSync:Class>Email</AirSync:Class>
        <LongId>L1</LongId>
        <AirSync:CollectionId>1</AirSync:CollectionId>
        <Properties>
          <Email:Subject>Hi</Email:Subject>
        </Properties>
      </Result>
      <Result>
        <Properties>
          <GAL:DisplayName>Alice</GAL:DisplayName>
          <GAL:EmailAddress>alice@example.org</GAL:EmailAddress>
          <GAL:Picture>
            <Status>173</Status>
          </GAL:Picture>
        </Properties>
      </Result>
      <Range>0-1</Range>
      <Total>2</Total>
    </Store>
  </Response>
</Search:Search>
)");
  EXPECT_NE(answer([&](std::string& out) {
              SearchAnswer(out, ProtocolVersion::v14_1, SearchStatus::ok).finish(std::nullopt, 0);
            }).find("<Result/>\n      <Total>0</Total>"),
            std::string::npos);
  EXPECT_NE(answer([](std::string& out) {
              write_search_refusal(out, SearchStatus::too_complex);
            }).find("<Status>8</Status>"),
            std::string::npos);
}

Parsed<FindRequest> find(const std::string& inside) {
  return read_find(request("<Find:Find>" + inside + "</Find:Find>").root());
}

TEST(Find, Requests) {
  auto mailbox = find(
      "<SearchId>s1</SearchId><ExecuteSearch><MailBoxSearchCriterion><Query><AirSync:Class>Email</"
      "AirSync:Class>"
      "<AirSync:CollectionId>1</AirSync:CollectionId><FreeText>to:\"x\" OR \"x\"</FreeText></Query>"
      "<Options><Range>0-99</Range><DeepTraversal/></Options></MailBoxSearchCriterion></ExecuteSearch>");
  ASSERT_TRUE(mailbox);
  EXPECT_EQ(mailbox->search_id, "s1");
  const auto& in_mailbox = std::get<FindInMailbox>(mailbox->criterion);
  EXPECT_EQ(in_mailbox.free_text, "to:\"x\" OR \"x\"");
  EXPECT_EQ(in_mailbox.collection_id, "1");
  EXPECT_TRUE(in_mailbox.deep_traversal);

  auto gal = find(
      "<SearchId>s2</SearchId><ExecuteSearch><GalSearchCriterion><Query>ali</Query><Options><Range>5-9</"
      "Range>"
      "<Picture><MaxPictures>2</MaxPictures></Picture></Options></GalSearchCriterion></ExecuteSearch>");
  ASSERT_TRUE(gal);
  EXPECT_EQ(gal->range, (Range{5, 9}));
  const auto& in_gal = std::get<FindInGal>(gal->criterion);
  EXPECT_EQ(in_gal.text, "ali");
  EXPECT_EQ(in_gal.pictures, (PictureLimits{std::nullopt, 2}));

  for (const char* inside :
       {"", "<SearchId>s</SearchId>", "<SearchId>s</SearchId><ExecuteSearch/>",
        "<ExecuteSearch><GalSearchCriterion><Query>a</Query></GalSearchCriterion></ExecuteSearch>",
        "<SearchId>s</SearchId><ExecuteSearch><MailBoxSearchCriterion><Query/></MailBoxSearchCriterion>"
        "</ExecuteSearch>",
        "<SearchId>s</SearchId><ExecuteSearch><GalSearchCriterion><Query>a</Query><Options><Range>x</Range>"
        "</Options></GalSearchCriterion></ExecuteSearch>"}) {
    EXPECT_FALSE(find(inside)) << inside;
  }
}

TEST(Find, Answers) {
  FoundMessage message;
  message.server_id = "1:2";
  message.collection_id = "1";
  message.properties.subject = "Hi";
  message.properties.from = "a@example.org";
  message.properties.read = true;
  message.display_cc = "Carol";
  message.preview = "Hello";
  message.has_attachments = true;
  EXPECT_EQ(answer([&](std::string& out) {
              FindAnswer find(out, "Mailbox", FindStatus::ok);
              find.found(message);
              find.finish(Range{0, 0}, 1);
            }),
            R"(<Find:Find>
  <Status>1</Status>
  <Response>
    <ItemOperations:Store>Mailbox</ItemOperations:Store>
    <Status>1</Status>
    <Result>
      <AirSync:Class>Email</AirSync:Class>
      <AirSync:ServerId>1:2</AirSync:ServerId>
      <AirSync:CollectionId>1</AirSync:CollectionId>
      <Properties>
        <Email:Subject>Hi</Email:Subject>
        <DisplayCc>Carol</DisplayCc>
        <Email:Read>1</Email:Read>
        <Preview>Hello</Preview>
        <HasAttachments>1</HasAttachments>
        <Email:From>a@example.org</Email:From>
      </Properties>
    </Result>
    <Range>0-0</Range>
    <Total>1</Total>
  </Response>
</Find:Find>
)");
  EXPECT_NE(answer([](std::string& out) {
              FindAnswer find(out, "GAL", FindStatus::ok);
              find.found(alice());
              find.finish(Range{0, 0}, 1);
            }).find("<GAL:DisplayName>Alice"),
            std::string::npos);
  EXPECT_EQ(answer([](std::string& out) { write_find_refusal(out, FindStatus::folders_changed); }),
            "<Find:Find>\n  <Status>3</Status>\n</Find:Find>\n");
}

// The document stays, because the request has views of it.
struct Sent {
  explicit Sent(const std::string& xml) : document(request(xml)), value(read_send(document.root())) {}
  Document document;
  Parsed<SendRequest> value;
};

TEST(SendMail, Requests) {
  Sent send(
      "<ComposeMail:SendMail><Mime>From: a\n\nHi</Mime><ClientId>1</ClientId><SaveInSentItems/>"
      "</ComposeMail:SendMail>");
  ASSERT_TRUE(send.value);
  EXPECT_EQ(send.value->kind, SendKind::send);
  EXPECT_EQ(send.value->client_id, "1");
  EXPECT_TRUE(send.value->save_in_sent_items);
  EXPECT_EQ(send.value->mime, "From: a\n\nHi");

  Sent forward(
      "<ComposeMail:SmartForward><ClientId>2</ClientId><Source><FolderId>1</FolderId><ItemId>1:2</ItemId>"
      "<InstanceId>2026-11-01T00:00:00.000Z</InstanceId></Source><ReplaceMime/><Mime>x</Mime>"
      "</ComposeMail:SmartForward>");
  ASSERT_TRUE(forward.value);
  EXPECT_EQ(forward.value->kind, SendKind::forward);
  EXPECT_TRUE(forward.value->replace_mime);
  EXPECT_EQ(forward.value->source.item_id, "1:2");

  Sent forwardees(
      "<ComposeMail:SmartForward><ClientId>2</ClientId><Source><LongId>L</LongId></"
      "Source><Forwardees><Forwardee>"
      "<Name>Bob</Name><Email>bob@example.org</Email></Forwardee></Forwardees>"
      "<AirSyncBase:Body><Type>2</Type><Data>See</Data></AirSyncBase:Body></ComposeMail:SmartForward>");
  ASSERT_TRUE(forwardees.value);
  ASSERT_EQ(forwardees.value->forwardees.size(), 1U);
  EXPECT_EQ(forwardees.value->forwardees[0].email, "bob@example.org");
  EXPECT_EQ(forwardees.value->body_type, BodyType::html);
  EXPECT_EQ(forwardees.value->body, "See");
}

TEST(SendMail, Refusals) {
  struct Case {
    const char* xml;
    CommonStatus status;
  };
  const Case cases[] = {
      {"<ComposeMail:Source/>", CommonStatus::invalid_xml},
      {"<ComposeMail:SendMail><Mime>x</Mime></ComposeMail:SendMail>", CommonStatus::invalid_xml},
      {"<ComposeMail:SendMail><ClientId>1</ClientId></ComposeMail:SendMail>", CommonStatus::invalid_mime},
      {"<ComposeMail:SmartReply><ClientId>1</ClientId><Mime>x</Mime></ComposeMail:SmartReply>",
       CommonStatus::invalid_ids},
      {"<ComposeMail:SmartReply><ClientId>1</ClientId><Mime>x</Mime><Source><ItemId>1</ItemId></Source>"
       "</ComposeMail:SmartReply>",
       CommonStatus::invalid_ids},
      {"<ComposeMail:SmartReply><ClientId>1</ClientId><Mime>x</Mime><Source><ItemId>1</ItemId><LongId>L</"
       "LongId>"
       "</Source></ComposeMail:SmartReply>",
       CommonStatus::invalid_combination_of_ids},
      {"<ComposeMail:SmartReply><ClientId>1</ClientId><Mime>x</Mime><Source><LongId>L</LongId>"
       "<InstanceId>now</InstanceId></Source></ComposeMail:SmartReply>",
       CommonStatus::invalid_date_time},
      {"<ComposeMail:SmartForward><ClientId>1</ClientId><Mime>x</Mime><Source><LongId>L</LongId></Source>"
       "<Forwardees><Forwardee><Email>b</Email></Forwardee></Forwardees></ComposeMail:SmartForward>",
       CommonStatus::not_with_forwardees},
      {"<ComposeMail:SmartForward><ClientId>1</ClientId><Source><LongId>L</LongId></Source>"
       "<Forwardees><Forwardee><Name>b</Name></Forwardee></Forwardees></ComposeMail:SmartForward>",
       CommonStatus::forwardees_unreadable},
  };
  for (const Case& one : cases) {
    const Sent sent(one.xml);
    ASSERT_FALSE(sent.value) << one.xml;
    EXPECT_EQ(sent.value.refusal(), Status(one.status)) << one.xml;
  }
}

TEST(SendMail, Answers) {
  const auto xml = [](SendKind kind) {
    return answer(
        [kind](std::string& out) { write_send_refusal(out, kind, CommonStatus::submission_failed); });
  };
  EXPECT_EQ(xml(SendKind::send), "<ComposeMail:SendMail>\n  <Status>120</Status>\n</ComposeMail:SendMail>\n");
  EXPECT_EQ(xml(SendKind::reply),
            "<ComposeMail:SmartReply>\n  <Status>120</Status>\n</ComposeMail:SmartReply>\n");
  EXPECT_EQ(xml(SendKind::forward),
            "<ComposeMail:SmartForward>\n  <Status>120</Status>\n</ComposeMail:SmartForward>\n");
}

}  // namespace
}  // namespace postern::activesync
