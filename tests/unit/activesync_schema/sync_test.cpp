// Sync requests: MS-ASCMD section 2.2.1.21 and the elements' own sections.
#include "protocols/activesync/schema/sync.h"

#include <gtest/gtest.h>

#include "tests/support/activesync_answers.h"

namespace postern::activesync {
namespace {

Parsed<SyncRequest> parse(const std::string& inside) {
  return read_sync(request("<AirSync:Sync>" + inside + "</AirSync:Sync>").root());
}

Parsed<SyncRequest> parse_collection(const std::string& inside) {
  return parse("<Collections><Collection>" + inside + "</Collection></Collections>");
}

// The one collection, which has a key and an id beside what is given.
SyncCollection collection(const std::string& inside, const std::string& key = "{1}5") {
  auto sync = parse_collection("<SyncKey>" + key + "</SyncKey><CollectionId>7</CollectionId>" + inside);
  EXPECT_TRUE(sync) << inside;
  return sync ? std::move(sync->collections.at(0)) : SyncCollection();
}

TEST(SyncRequest, TheFirstOfAndroid) {
  auto sync = parse_collection(
      "<SyncKey>0</SyncKey><CollectionId>7</CollectionId><DeletesAsMoves/><WindowSize>10</WindowSize>");
  ASSERT_TRUE(sync);
  const SyncCollection& first = sync->collections.at(0);
  EXPECT_EQ(first.sync_key, "0");
  EXPECT_EQ(first.collection_id, "7");
  EXPECT_FALSE(first.get_changes);
  EXPECT_TRUE(first.deletes_as_moves);
  EXPECT_EQ(first.window_size, 10U);
  EXPECT_FALSE(first.options);
  EXPECT_FALSE(first.refused);
  EXPECT_EQ(sync->window_size, kWindowSizeMax);
  EXPECT_FALSE(sync->wait_s);
}

TEST(SyncRequest, EverythingInAnyOrder) {
  auto sync = parse(
      "<WindowSize>50</WindowSize><HeartbeatInterval>480</HeartbeatInterval><Collections><Collection>"
      "<Options><FilterType>3</FilterType><AirSyncBase:BodyPreference><Preview>60</Preview><Type>2</Type>"
      "<AllOrNone>1</AllOrNone><TruncationSize>200</TruncationSize></AirSyncBase:BodyPreference>"
      "<Conflict>0</Conflict><MIMESupport>2</MIMESupport><MIMETruncation>3</MIMETruncation>"
      "<RightsManagement:RightsManagementSupport>1</RightsManagement:RightsManagementSupport></Options>"
      "<GetChanges>0</GetChanges><WindowSize>1000</WindowSize><CollectionId>7</CollectionId>"
      "<Page00:Token3F>unknown</Page00:Token3F><SyncKey>{1}5</SyncKey><Class>Email</Class>"
      "<DeletesAsMoves>0</DeletesAsMoves></Collection></Collections>");
  ASSERT_TRUE(sync);
  EXPECT_EQ(sync->window_size, 50U);
  EXPECT_EQ(sync->wait_s, 480U);
  const SyncCollection& one = sync->collections.at(0);
  EXPECT_FALSE(one.refused);
  EXPECT_FALSE(one.get_changes);
  EXPECT_FALSE(one.deletes_as_moves);
  EXPECT_EQ(one.window_size, kWindowSizeMax);
  EXPECT_EQ(one.class_name, "Email");
  ASSERT_TRUE(one.options);
  EXPECT_EQ(one.options->filter_type, 3U);
  EXPECT_EQ(one.options->conflict, Conflict::client_wins);
  EXPECT_EQ(one.options->body.mime_support, MimeSupport::always);
  EXPECT_EQ(one.options->body.mime_truncation_octets, 7'168U);
  EXPECT_EQ(one.options->body.preferences, (std::vector<BodyPreference>{{BodyType::html, 200, true, 60}}));
}

TEST(SyncRequest, GetChangesByKey) {
  EXPECT_TRUE(collection("").get_changes);
  EXPECT_TRUE(collection("<GetChanges/>").get_changes);
  EXPECT_FALSE(collection("<GetChanges>0</GetChanges>").get_changes);
  EXPECT_FALSE(collection("", "0").get_changes);
  EXPECT_FALSE(collection("<GetChanges>0</GetChanges>", "0").refused);
  // R3128, R5838
  EXPECT_EQ(collection("<GetChanges/>", "0").refused, Status(SyncStatus::protocol_error));
  EXPECT_EQ(collection("<GetChanges>1</GetChanges>", "0").refused, Status(SyncStatus::protocol_error));
}

TEST(SyncRequest, EmptyOptionsAreTheDefaults) {
  const SyncCollection one = collection("<Options/>");
  EXPECT_FALSE(one.refused);
  EXPECT_EQ(one.options, SyncOptions());
}

TEST(SyncRequest, WindowSizes) {
  EXPECT_EQ(collection("").window_size, 100U);
  EXPECT_EQ(collection("<WindowSize>0</WindowSize>").window_size, 512U);
  EXPECT_EQ(collection("<WindowSize>512</WindowSize>").window_size, 512U);
  EXPECT_EQ(collection("<WindowSize>513</WindowSize>").window_size, 512U);
}

TEST(SyncRequest, OptionsOfShortMessagesArePassedOver) {
  const SyncCollection one = collection(
      "<Options><Class>Email</Class><FilterType>2</FilterType></Options>"
      "<Options><Class>SMS</Class><FilterType>4</FilterType></Options>");
  EXPECT_FALSE(one.refused);
  EXPECT_EQ(one.options->filter_type, 2U);
}

TEST(SyncRequest, WhatACollectionIsRefusedFor) {
  struct Case {
    const char* inside;
    Status status;
  };
  const Case cases[] = {
      {"<GetChanges>2</GetChanges>", SyncStatus::protocol_error},
      {"<DeletesAsMoves>x</DeletesAsMoves>", SyncStatus::protocol_error},
      {"<WindowSize>x</WindowSize>", SyncStatus::protocol_error},
      {"<Options><FilterType>9</FilterType></Options>", SyncStatus::protocol_error},
      {"<Options><Conflict>2</Conflict></Options>", SyncStatus::protocol_error},
      {"<Options><MIMESupport>3</MIMESupport></Options>", SyncStatus::protocol_error},
      {"<Options><MIMETruncation>9</MIMETruncation></Options>", SyncStatus::protocol_error},
      {"<Options/><Options/>", SyncStatus::protocol_error},
      {"<Options><AirSyncBase:BodyPreference/></Options>", SyncStatus::protocol_error},
      {"<Options><AirSyncBase:BodyPreference><Type>5</Type></AirSyncBase:BodyPreference></Options>",
       SyncStatus::protocol_error},
      {"<Options><AirSyncBase:BodyPreference><Type>1</Type><Preview>256</Preview>"
       "</AirSyncBase:BodyPreference></Options>",
       SyncStatus::protocol_error},
      {"<Options><AirSyncBase:BodyPreference><Type>1</Type></AirSyncBase:BodyPreference>"
       "<AirSyncBase:BodyPreference><Type>1</Type></AirSyncBase:BodyPreference></Options>",
       SyncStatus::protocol_error},
      {"<Options><AirSyncBase:BodyPartPreference><Type>1</Type></AirSyncBase:BodyPartPreference></Options>",
       CommonStatus::body_part_type_not_supported},
      {"<Commands><Delete/></Commands>", SyncStatus::protocol_error},
      {"<Commands><Add><ApplicationData/></Add></Commands>", SyncStatus::protocol_error},
  };
  for (const Case& one : cases) EXPECT_EQ(collection(one.inside).refused, one.status) << one.inside;
  auto sync = parse_collection("<CollectionId>7</CollectionId>");
  ASSERT_TRUE(sync);
  EXPECT_EQ(sync->collections.at(0).refused, Status(SyncStatus::protocol_error));
}

TEST(SyncRequest, WhatARequestIsRefusedFor) {
  const std::string one = "<Collection><SyncKey>1</SyncKey><CollectionId>7</CollectionId></Collection>";
  const std::string list = "<Collections>" + one + "</Collections>";
  for (const std::string& inside : std::vector<std::string>{
           "", "<Collections/>", "<Collections><Collection><SyncKey>1</SyncKey></Collection></Collections>",
           "<Wait>5</Wait>", "<Partial/>", "<Wait>5</Wait><HeartbeatInterval>300</HeartbeatInterval>" + list,
           "<Wait>x</Wait>" + list, "<WindowSize>x</WindowSize>" + list}) {
    auto sync = parse(inside);
    ASSERT_FALSE(sync) << inside;
    EXPECT_EQ(sync.refusal(), Status(SyncStatus::protocol_error)) << inside;
  }
  std::string many;
  for (std::size_t i = 0; i < kSyncCollectionsMax; ++i) many += one;
  EXPECT_TRUE(parse("<Collections>" + many + "</Collections>"));
  EXPECT_EQ(parse("<Collections>" + many + one + "</Collections>").refusal(),
            Status(SyncStatus::too_many_collections));
}

TEST(SyncRequest, Partial) {
  auto sync = parse("<Partial/><Wait>10</Wait>");
  ASSERT_TRUE(sync);
  EXPECT_TRUE(sync->partial);
  EXPECT_EQ(sync->wait_s, 600U);
  EXPECT_TRUE(sync->collections.empty());
}

TEST(SyncRequest, LimitsOfWaiting) {
  struct Case {
    const char* element;
    std::optional<std::uint32_t> limit;
  };
  const Case cases[] = {
      {"<HeartbeatInterval>60</HeartbeatInterval>", std::nullopt},
      {"<HeartbeatInterval>59</HeartbeatInterval>", 60},
      {"<HeartbeatInterval>0</HeartbeatInterval>", 60},
      {"<HeartbeatInterval>3540</HeartbeatInterval>", std::nullopt},
      {"<HeartbeatInterval>3541</HeartbeatInterval>", 3540},
      {"<Wait>0</Wait>", 1},
      {"<Wait>1</Wait>", std::nullopt},
      {"<Wait>59</Wait>", std::nullopt},
      {"<Wait>60</Wait>", 59},
  };
  for (const Case& one : cases) {
    auto sync = parse("<Partial/>" + std::string(one.element));
    ASSERT_TRUE(sync) << one.element;
    EXPECT_EQ(wait_limit(*sync), one.limit) << one.element;
  }
}

TEST(SyncRequest, CommandsInTheirOrder) {
  const SyncCollection one = collection(
      "<Commands>"
      "<Change><ServerId>7:1</ServerId><ApplicationData><Email:Read>1</Email:Read></ApplicationData></Change>"
      "<Delete><ServerId>7:2</ServerId></Delete><Fetch><ServerId>7:3</ServerId></Fetch>"
      "<Add><ClientId>c1</ClientId><Class>SMS</Class><ApplicationData/></Add>"
      "<Change><ServerId>7:4</ServerId></Change>"
      "<Change><ServerId>7:5</ServerId><ApplicationData><Email:Read>2</Email:Read></ApplicationData></Change>"
      "</Commands>");
  EXPECT_FALSE(one.refused);
  ASSERT_EQ(one.commands.size(), 6U);
  const auto& change = std::get<ClientChange>(one.commands[0]);
  EXPECT_EQ(change.server_id, "7:1");
  EXPECT_EQ(change.change->read, true);
  EXPECT_EQ(std::get<ClientDelete>(one.commands[1]).server_id, "7:2");
  EXPECT_EQ(std::get<ClientFetch>(one.commands[2]).server_id, "7:3");
  EXPECT_EQ(std::get<ClientAdd>(one.commands[3]).class_name, "SMS");
  // Malformed items keep their place, so that they can be answered.
  EXPECT_FALSE(std::get<ClientChange>(one.commands[4]).change);
  EXPECT_FALSE(std::get<ClientChange>(one.commands[5]).change);
}

}  // namespace
}  // namespace postern::activesync
