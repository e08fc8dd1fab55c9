// Ids, parents and names of folders; the multipart form; the remembered Sync.
#include "protocols/activesync/hierarchy.h"

#include <gtest/gtest.h>

#include "protocols/activesync/multipart.h"
#include "protocols/activesync/remembered_sync.h"

namespace postern::activesync {
namespace {

Mailbox mailbox(std::int64_t id, const char* name, SpecialUse use = SpecialUse::none) {
  Mailbox result;
  result.key = {AccountId{1}, MailboxId{id}};
  result.name = *MailboxName::parse(name);
  result.special_use = use;
  return result;
}

TEST(Hierarchy, IdsAreOfOneForm) {
  EXPECT_EQ(wire_id(CollectionId{7}), "7");
  EXPECT_EQ(wire_id(CollectionId{-1}), "calendar");
  EXPECT_EQ(parse_collection_id("7"), CollectionId{7});
  EXPECT_EQ(parse_collection_id("notes"), CollectionId{-4});
  for (const char* bad : {"", "0", "07", "-1", "7 ", "99999999999999999999", "Calendar"}) {
    EXPECT_FALSE(parse_collection_id(bad)) << bad;
  }
  const auto item = parse_server_id("7:41");
  ASSERT_TRUE(item);
  EXPECT_EQ(server_id(*item), "7:41");
  for (const char* bad : {"", "7", "7:", ":41", "7:0", "7:041", "7:4294967296", "7:41:1"}) {
    EXPECT_FALSE(parse_server_id(bad)) << bad;
  }
}

TEST(Hierarchy, ParentsAreMailboxes) {
  const auto folders = folders_of({mailbox(3, "a/b/c"), mailbox(1, "INBOX"), mailbox(2, "a"),
                                   mailbox(4, "Gone/child"), mailbox(5, "Papierkorb", SpecialUse::trash)});
  const auto known = known_folders(folders);
  const auto find = [&](std::int64_t id) {
    for (const KnownFolder& one : known) {
      if (one.id == CollectionId{id}) return one;
    }
    return KnownFolder();
  };
  EXPECT_EQ(find(3).parent, CollectionId{2});
  EXPECT_EQ(find(3).name, "b/c");
  EXPECT_EQ(find(4).parent, CollectionId{0});
  EXPECT_EQ(find(4).name, "Gone/child");
  EXPECT_EQ(folders.size(), 5 + std::size(kOtherCollections));
  const FolderSyncResponse all = folder_changes({}, known, folders);
  std::vector<std::string> types;
  for (const FolderEntry& entry : all.added) {
    if (entry.type != FolderType::user_mail) types.push_back(entry.server_id);
  }
  EXPECT_EQ(types, (std::vector<std::string>{"1", "5", "calendar", "contacts", "tasks", "notes"}));
}

TEST(Multipart, SaysWhereItsPartsAre) {
  Multipart multipart;
  EXPECT_EQ(multipart.add("abc"), 1U);
  EXPECT_EQ(multipart.add(""), 2U);
  const std::string out = multipart.finish("wx");
  const std::string head(
      "\3\0\0\0"
      "\x1C\0\0\0"
      "\2\0\0\0"
      "\x1E\0\0\0"
      "\3\0\0\0"
      "\x21\0\0\0"
      "\0\0\0\0",
      28);
  EXPECT_EQ(out, head + "wxabc");
}

TEST(RememberedSync, CompletesWhatAPartialOneLeavesOut) {
  SyncRequest whole;
  whole.wait_s = 600;
  SyncCollection inbox;
  inbox.collection_id = "1";
  inbox.sync_key = "0";
  inbox.window_size = 25;
  SyncCollection sent;
  sent.collection_id = "2";
  sent.sync_key = "12";
  sent.deletes_as_moves = false;
  sent.get_changes = true;
  whole.collections = {inbox, sent};
  const auto before = decode_remembered(encode_remembered(whole));
  ASSERT_TRUE(before);
  EXPECT_TRUE(before->collections.at(0).get_changes) << "with key 0 nothing was to get, later there is";

  SyncRequest partial;
  partial.partial = true;
  SyncCollection changed;
  changed.collection_id = "2";
  changed.sync_key = "13";
  partial.collections = {changed};
  const SyncRequest result = completed(partial, *before);
  EXPECT_EQ(result.wait_s, 600U);
  ASSERT_EQ(result.collections.size(), 2U);
  EXPECT_EQ(result.collections[0].sync_key, "13");
  EXPECT_EQ(result.collections[1].collection_id, "1");
  EXPECT_EQ(result.collections[1].sync_key, "");
  EXPECT_EQ(result.collections[1].window_size, 25U);
  EXPECT_FALSE(decode_remembered(encode_remembered(whole).substr(1)));
}

}  // namespace
}  // namespace postern::activesync
