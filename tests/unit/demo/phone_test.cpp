// The demo page's phone: what it asks, and what it makes of the answers.
#include <gtest/gtest.h>

#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/writer.h"
#include "protocols/activesync/wbxml/xml_dump.h"
#include "protocols/demo/phone_answers.h"

namespace postern::demo {
namespace {

using namespace activesync;

std::string xml(std::string body) {
  return xml_dump(read(std::move(body)).value());
}

TEST(PhoneRequests, ASyncUnderKeyZeroAsksForNothingElse) {
  PhoneMemory memory;
  memory.inbox = "3";
  EXPECT_EQ(xml(sync_request(memory, PhoneChange{"3:1", std::nullopt})),
            "<AirSync:Sync>\n"
            "  <Collections>\n"
            "    <Collection>\n"
            "      <SyncKey>0</SyncKey>\n"
            "      <CollectionId>3</CollectionId>\n"
            "    </Collection>\n"
            "  </Collections>\n"
            "</AirSync:Sync>\n");
}

TEST(PhoneRequests, AMessageIsDeletedForGood) {
  PhoneMemory memory;
  memory.inbox = "3";
  memory.sync_key = "7";
  const std::string asked = xml(sync_request(memory, PhoneChange{"3:1", std::nullopt}));
  EXPECT_NE(asked.find("<DeletesAsMoves>0</DeletesAsMoves>"), std::string::npos) << asked;
  EXPECT_NE(asked.find("<Delete>\n          <ServerId>3:1</ServerId>"), std::string::npos) << asked;
  const std::string read_it = xml(sync_request(memory, PhoneChange{"3:1", true}));
  EXPECT_NE(read_it.find("<Email:Read>1</Email:Read>"), std::string::npos) << read_it;
}

TEST(PhoneRequests, APolicyIsAskedForAndTaken) {
  EXPECT_EQ(xml(policy_request()).find("<PolicyKey>"), std::string::npos);
  EXPECT_NE(xml(policy_acknowledgement("42")).find("<PolicyKey>42</PolicyKey>"), std::string::npos);
}

struct Told {
  int http = 200;
  std::optional<int> status;
  Verdict verdict = Verdict::fine;
  int shown = 0;
};

class Judging : public testing::TestWithParam<Told> {};

TEST_P(Judging, AsTheProtocolSays) {
  std::optional<Document> document;
  if (GetParam().status) {
    std::string body;
    {
      Writer out(body);
      const auto sync = out.open("FolderHierarchy:FolderSync"_tag);
      out.number("FolderHierarchy:Status"_tag, static_cast<std::uint64_t>(*GetParam().status));
    }
    document = read(std::move(body)).value();
  }
  const auto root = document ? std::optional<Element>(document->root()) : std::nullopt;
  const Judged judged = judge(GetParam().http, root);
  EXPECT_EQ(judged.verdict, GetParam().verdict);
  EXPECT_EQ(judged.status, GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(Phone, Judging,
                         testing::Values(Told{200, std::nullopt, Verdict::fine, 0},
                                         Told{200, 1, Verdict::fine, 1}, Told{200, 3, Verdict::anew, 3},
                                         Told{200, 9, Verdict::anew, 9},
                                         Told{200, 126, Verdict::refused, 126},
                                         Told{200, 142, Verdict::policy_needed, 142},
                                         Told{200, 177, Verdict::refused, 177},
                                         Told{449, std::nullopt, Verdict::policy_needed, 449},
                                         Told{403, std::nullopt, Verdict::refused, 403},
                                         Told{503, std::nullopt, Verdict::refused, 503}));

TEST(PhoneAnswers, AFolderSyncTellsWhereTheInboxIs) {
  std::string body;
  {
    Writer out(body);
    const auto sync = out.open("FolderHierarchy:FolderSync"_tag);
    out.number("FolderHierarchy:Status"_tag, 1);
    out.text("FolderHierarchy:SyncKey"_tag, "5");
    const auto changes = out.open("FolderHierarchy:Changes"_tag);
    for (const auto& [id, type] : {std::pair(8U, 5U), std::pair(3U, 2U), std::pair(9U, 4U)}) {
      const auto add = out.open("FolderHierarchy:Add"_tag);
      out.number("FolderHierarchy:ServerId"_tag, id);
      out.number("FolderHierarchy:Type"_tag, type);
    }
  }
  const Document document = read(std::move(body)).value();
  PhoneMemory memory;
  learn_folders(document.root(), memory);
  EXPECT_EQ(memory.folder_key, "5");
  EXPECT_EQ(memory.inbox, "3");
}

TEST(PhoneAnswers, ASyncTellsWhatIsNewWhatHasChangedAndWhatIsGone) {
  std::string body;
  {
    Writer out(body);
    const auto sync = out.open("AirSync:Sync"_tag);
    const auto collections = out.open("AirSync:Collections"_tag);
    const auto collection = out.open("AirSync:Collection"_tag);
    out.text("AirSync:SyncKey"_tag, "8");
    out.text("AirSync:CollectionId"_tag, "3");
    out.number("AirSync:Status"_tag, 1);
    out.empty("AirSync:MoreAvailable"_tag);
    const auto commands = out.open("AirSync:Commands"_tag);
    const auto item = [&out](Tag command, const char* id, bool read, const char* subject) {
      const auto open = out.open(command);
      out.text("AirSync:ServerId"_tag, id);
      const auto data = out.open("AirSync:ApplicationData"_tag);
      if (*subject != '\0') out.text("Email:Subject"_tag, subject);
      out.boolean("Email:Read"_tag, read);
    };
    item("AirSync:Add"_tag, "3:2", false, "Hello");
    item("AirSync:Change"_tag, "3:1", true, "");
    const auto gone = out.open("AirSync:Delete"_tag);
    out.text("AirSync:ServerId"_tag, "3:0");
  }
  const Document document = read(std::move(body)).value();
  PhoneMemory memory;
  const PhoneNews news = learn_messages(document.root(), memory);
  EXPECT_EQ(memory.sync_key, "8");
  EXPECT_EQ(news.status, 1);
  EXPECT_TRUE(news.more);
  ASSERT_EQ(news.items.size(), 3U);
  EXPECT_EQ(news.items[0].what, PhoneItem::What::added);
  EXPECT_EQ(news.items[0].subject, "Hello");
  EXPECT_EQ(news.items[0].read, false);
  EXPECT_EQ(news.items[1].what, PhoneItem::What::changed);
  EXPECT_EQ(news.items[1].read, true);
  EXPECT_EQ(news.items[2].what, PhoneItem::What::removed);
  EXPECT_EQ(news.items[2].id, "3:0");
}

}  // namespace
}  // namespace postern::demo
