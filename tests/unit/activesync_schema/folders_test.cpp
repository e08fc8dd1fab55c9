// FolderSync, FolderCreate, FolderDelete, FolderUpdate, Ping, GetItemEstimate and MoveItems.
#include "protocols/activesync/schema/folders.h"

#include <gtest/gtest.h>

#include "protocols/activesync/schema/get_item_estimate.h"
#include "protocols/activesync/schema/move_items.h"
#include "protocols/activesync/schema/ping.h"
#include "tests/support/activesync_answers.h"

namespace postern::activesync {
namespace {

constexpr Status kMalformed = FolderStatus::malformed_request;

TEST(Folders, Sync) {
  auto sync = read_folder_sync(
      request("<FolderHierarchy:FolderSync><SyncKey>0</SyncKey></FolderHierarchy:FolderSync>").root());
  ASSERT_TRUE(sync);
  EXPECT_EQ(sync->sync_key, "0");
  EXPECT_EQ(read_folder_sync(request("<FolderHierarchy:FolderSync/>").root()).refusal(), kMalformed);

  FolderSyncResponse response;
  response.sync_key = "1";
  response.updated = {{"5", "0", "Old & new", FolderType::user_mail}};
  response.deleted = {"6"};
  response.added = {{"1", "0", "Inbox", FolderType::inbox}};
  EXPECT_EQ(answer([&](std::string& out) { write(out, response); }), R"(<FolderHierarchy:FolderSync>
  <Status>1</Status>
  <SyncKey>1</SyncKey>
  <Changes>
    <Count>3</Count>
    <Update>
      <ServerId>5</ServerId>
      <ParentId>0</ParentId>
      <DisplayName>Old &amp; new</DisplayName>
      <Type>12</Type>
    </Update>
    <Delete>
      <ServerId>6</ServerId>
    </Delete>
    <Add>
      <ServerId>1</ServerId>
      <ParentId>0</ParentId>
      <DisplayName>Inbox</DisplayName>
      <Type>2</Type>
    </Add>
  </Changes>
</FolderHierarchy:FolderSync>
)");
  response.status = FolderStatus::invalid_sync_key;
  EXPECT_EQ(answer([&](std::string& out) { write(out, response); }),
            "<FolderHierarchy:FolderSync>\n  <Status>9</Status>\n</FolderHierarchy:FolderSync>\n");
}

TEST(Folders, Create) {
  const auto parse = [](const std::string& inside) {
    return read_folder_create(
        request("<FolderHierarchy:FolderCreate>" + inside + "</FolderHierarchy:FolderCreate>").root());
  };
  auto create =
      parse("<Type>12</Type><DisplayName>New</DisplayName><ParentId>0</ParentId><SyncKey>3</SyncKey>");
  ASSERT_TRUE(create);
  EXPECT_EQ(create->sync_key, "3");
  EXPECT_EQ(create->parent_id, "0");
  EXPECT_EQ(create->display_name, "New");
  EXPECT_EQ(create->type, FolderType::user_mail);
  for (const char* type : {"0", "2", "11", "18", "x", ""}) {
    auto other = parse("<SyncKey>3</SyncKey><ParentId>0</ParentId><DisplayName>N</DisplayName><Type>" +
                       std::string(type) + "</Type>");
    ASSERT_FALSE(other) << type;
    EXPECT_EQ(other.refusal(), kMalformed);
  }
  EXPECT_FALSE(parse("<SyncKey>3</SyncKey><ParentId>0</ParentId><DisplayName/><Type>12</Type>"));
  EXPECT_EQ(answer([](std::string& out) {
              write(out, "FolderHierarchy:FolderCreate"_tag, {FolderStatus::ok, "4", "9"});
            }),
            "<FolderHierarchy:FolderCreate>\n  <Status>1</Status>\n  <SyncKey>4</SyncKey>\n"
            "  <ServerId>9</ServerId>\n</FolderHierarchy:FolderCreate>\n");
}

TEST(Folders, DeleteAndUpdate) {
  auto remove = read_folder_delete(request("<FolderHierarchy:FolderDelete><ServerId>9</ServerId><SyncKey>4</"
                                           "SyncKey></FolderHierarchy:FolderDelete>")
                                       .root());
  ASSERT_TRUE(remove);
  EXPECT_EQ(remove->server_id, "9");
  EXPECT_FALSE(read_folder_delete(
      request("<FolderHierarchy:FolderDelete><SyncKey>4</SyncKey></FolderHierarchy:FolderDelete>").root()));
  auto update = read_folder_update(
      request("<FolderHierarchy:FolderUpdate><SyncKey>4</SyncKey><ServerId>9</ServerId><ParentId>5</ParentId>"
              "<DisplayName>N</DisplayName></FolderHierarchy:FolderUpdate>")
          .root());
  ASSERT_TRUE(update);
  EXPECT_EQ(update->parent_id, "5");
  EXPECT_EQ(answer([](std::string& out) {
              write(out, "FolderHierarchy:FolderDelete"_tag, {FolderStatus::ok, "5", ""});
            }),
            "<FolderHierarchy:FolderDelete>\n  <Status>1</Status>\n  <SyncKey>5</SyncKey>\n"
            "</FolderHierarchy:FolderDelete>\n");
  EXPECT_EQ(answer([](std::string& out) {
              write(out, "FolderHierarchy:FolderUpdate"_tag, {FolderStatus::not_found, "", ""});
            }),
            "<FolderHierarchy:FolderUpdate>\n  <Status>4</Status>\n</FolderHierarchy:FolderUpdate>\n");
}

Parsed<PingRequest> ping(const std::string& inside) {
  return read_ping(request("<Ping:Ping>" + inside + "</Ping:Ping>").root());
}

TEST(Ping, Requests) {
  auto full = ping(
      "<Folders><Folder><Class>Email</Class><Id>1</Id></Folder><Folder><Id>2</Id></Folder></Folders>"
      "<HeartbeatInterval>480</HeartbeatInterval>");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->heartbeat_s, 480U);
  EXPECT_EQ(full->folders, (std::vector<PingFolder>{{"1", "Email"}, {"2", ""}}));
  auto empty = ping("");
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->heartbeat_s);
  EXPECT_FALSE(empty->folders);
  for (const char* inside : {"<HeartbeatInterval>x</HeartbeatInterval>", "<Folders/>",
                             "<Folders><Folder><Class>Email</Class></Folder></Folders>"}) {
    auto wrong = ping(inside);
    ASSERT_FALSE(wrong) << inside;
    EXPECT_EQ(wrong.refusal(), Status(PingStatus::syntax_error));
  }
}

TEST(Ping, TooManyFoldersCanBeToldFromEnough) {
  std::string folders;
  for (std::size_t i = 0; i < kPingFoldersMax; ++i) folders += "<Folder><Id>1</Id></Folder>";
  EXPECT_EQ(ping("<Folders>" + folders + "</Folders>")->folders->size(), kPingFoldersMax);
  EXPECT_EQ(ping("<Folders>" + folders + folders + "</Folders>")->folders->size(), kPingFoldersMax + 1);
}

TEST(Ping, HeartbeatLimits) {
  EXPECT_EQ(heartbeat_limit(59), 60U);
  EXPECT_EQ(heartbeat_limit(60), std::nullopt);
  EXPECT_EQ(heartbeat_limit(180), std::nullopt);  // Outlook mobile
  EXPECT_EQ(heartbeat_limit(3540), std::nullopt);
  EXPECT_EQ(heartbeat_limit(3541), 3540U);
}

TEST(Ping, Answers) {
  const auto xml = [](const PingResponse& response) {
    return answer([&](std::string& out) { write(out, response); });
  };
  EXPECT_EQ(xml({PingStatus::expired, {}, {}, {}}), "<Ping:Ping>\n  <Status>1</Status>\n</Ping:Ping>\n");
  EXPECT_EQ(xml({PingStatus::changes, {"1", "2"}, {}, {}}),
            "<Ping:Ping>\n  <Status>2</Status>\n  <Folders>\n    <Folder>1</Folder>\n    <Folder>2</Folder>\n"
            "  </Folders>\n</Ping:Ping>\n");
  EXPECT_EQ(xml({PingStatus::heartbeat_out_of_range, {}, {}, 60}),
            "<Ping:Ping>\n  <Status>5</Status>\n  <HeartbeatInterval>60</HeartbeatInterval>\n</Ping:Ping>\n");
  EXPECT_EQ(xml({PingStatus::too_many_folders, {}, 300, {}}),
            "<Ping:Ping>\n  <Status>6</Status>\n  <MaxFolders>300</MaxFolders>\n</Ping:Ping>\n");
}

Parsed<std::vector<EstimateCollection>> estimate(const std::string& inside) {
  return read_get_item_estimate(request("<GetItemEstimate:GetItemEstimate><Collections>" + inside +
                                        "</Collections></GetItemEstimate:GetItemEstimate>")
                                    .root());
}

TEST(GetItemEstimate, RequestsOfOldAndNew) {
  auto both = estimate(
      "<Collection><Class>Email</Class><CollectionId>1</CollectionId><AirSync:FilterType>3</"
      "AirSync:FilterType>"
      "<AirSync:SyncKey>5</AirSync:SyncKey></Collection>"
      "<Collection><AirSync:SyncKey>6</AirSync:SyncKey><CollectionId>2</CollectionId><AirSync:Options>"
      "<FilterType>2</FilterType></AirSync:Options></Collection>");
  ASSERT_TRUE(both);
  ASSERT_EQ(both->size(), 2U);
  EXPECT_EQ((*both)[0].filter_type, 3U);
  EXPECT_EQ((*both)[1].filter_type, 2U);
  EXPECT_FALSE((*both)[0].refused);
  EXPECT_FALSE((*both)[1].refused);
}

TEST(GetItemEstimate, Refusals) {
  const auto status = [](const std::string& inside) {
    auto read = estimate("<Collection><CollectionId>1</CollectionId>" + inside + "</Collection>");
    return read ? read->at(0).refused : std::nullopt;
  };
  EXPECT_EQ(status(""), Status(EstimateStatus::invalid_sync_key));
  EXPECT_EQ(status("<AirSync:SyncKey>0</AirSync:SyncKey>"), Status(EstimateStatus::not_primed));
  const std::string key = "<AirSync:SyncKey>1</AirSync:SyncKey>";
  EXPECT_EQ(status(key + "<AirSync:FilterType>6</AirSync:FilterType>"), Status(CommonStatus::server_error));
  EXPECT_EQ(status(key + "<AirSync:FilterType>9</AirSync:FilterType>"), Status(CommonStatus::invalid_xml));
  EXPECT_EQ(estimate("").refusal(), Status(CommonStatus::invalid_xml));
  EXPECT_EQ(estimate("<Collection>" + key + "</Collection>").refusal(),
            Status(EstimateStatus::invalid_collection));
}

TEST(GetItemEstimate, Answers) {
  EXPECT_EQ(answer([](std::string& out) {
              write_estimates(out, {{EstimateStatus::ok, "1", 17}, {EstimateStatus::not_primed, "2", 0}});
            }),
            "<GetItemEstimate:GetItemEstimate>\n  <Response>\n    <Status>1</Status>\n    <Collection>\n"
            "      <CollectionId>1</CollectionId>\n      <Estimate>17</Estimate>\n    </Collection>\n"
            "  </Response>\n  <Response>\n    <Status>3</Status>\n    <Collection>\n"
            "      <CollectionId>2</CollectionId>\n    </Collection>\n  </Response>\n"
            "</GetItemEstimate:GetItemEstimate>\n");
  EXPECT_EQ(
      answer([](std::string& out) { write_estimate_refusal(out, CommonStatus::invalid_xml); }),
      "<GetItemEstimate:GetItemEstimate>\n  <Status>103</Status>\n</GetItemEstimate:GetItemEstimate>\n");
}

TEST(MoveItems, RequestsAndAnswers) {
  const std::string one = "<Move><DstFldId>2</DstFldId><SrcMsgId>1:7</SrcMsgId><SrcFldId>1</SrcFldId></Move>";
  const auto parse = [](const std::string& inside) {
    return read_move_items(request("<Move:MoveItems>" + inside + "</Move:MoveItems>").root());
  };
  auto moves = parse(one + one);
  ASSERT_TRUE(moves);
  EXPECT_EQ(moves->size(), 2U);
  EXPECT_EQ(moves->at(0).source_item, "1:7");
  EXPECT_EQ(moves->at(0).destination_folder, "2");
  EXPECT_FALSE(parse(""));
  EXPECT_FALSE(parse("<Move><SrcMsgId>1:7</SrcMsgId><SrcFldId>1</SrcFldId></Move>"));
  EXPECT_EQ(answer([](std::string& out) {
              write_moves(out, {{"1:7", MoveStatus::ok, "2:9"}, {"1:8", MoveStatus::invalid_source, ""}});
            }),
            "<Move:MoveItems>\n  <Response>\n    <SrcMsgId>1:7</SrcMsgId>\n    <Status>3</Status>\n"
            "    <DstMsgId>2:9</DstMsgId>\n  </Response>\n  <Response>\n    <SrcMsgId>1:8</SrcMsgId>\n"
            "    <Status>1</Status>\n  </Response>\n</Move:MoveItems>\n");
  EXPECT_EQ(answer([](std::string& out) { write_move_refusal(out, MoveStatus::failed); }),
            "<Move:MoveItems>\n  <Status>5</Status>\n</Move:MoveItems>\n");
}

}  // namespace
}  // namespace postern::activesync
