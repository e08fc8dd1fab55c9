// What is due to a device: windows, filters, lost answers, and the octets in which it is kept.
#include "protocols/activesync/collection_state.h"

#include <gtest/gtest.h>

#include "protocols/activesync/octet_fields.h"

namespace postern::activesync {
namespace {

UidSet set_of(std::initializer_list<UidRange> ranges) {
  UidSet set;
  for (const UidRange& range : ranges) set.add(range.first, range.last);
  return set;
}
UidSet range(std::uint32_t first, std::uint32_t last) {
  return UidSet::of(Uid{first}, Uid{last});
}

// A mailbox with these messages.
SnapshotPtr mailbox_with(std::initializer_list<std::uint32_t> uids) {
  MailboxSnapshot::Pages pages;
  std::uint32_t next = 1;
  for (const std::uint32_t uid : uids) {
    if (pages.empty() || pages.back()->number != uid >> kPageBits) {
      auto page = std::make_shared<MailboxPage>();
      page->number = uid >> kPageBits;
      pages.push_back(page);
    }
    MessageState state;
    state.uid = Uid{uid};
    state.modseq = ModSeq{uid};
    std::const_pointer_cast<MailboxPage>(pages.back())->states.push_back(state);
    next = uid + 1;
  }
  MailboxStatus status;
  status.uid_next = Uid{next};
  status.highest_modseq = ModSeq{next};
  return std::make_shared<MailboxSnapshot>(MailboxKey(), status, pages, std::make_shared<KeywordTable>());
}

std::vector<Uid> uids(std::initializer_list<std::uint32_t> numbers) {
  std::vector<Uid> result;
  for (const std::uint32_t number : numbers) result.push_back(Uid{number});
  return result;
}

TEST(CollectionState, TakesTheNewestFirstAndKeepsWhatIsKnownInOneRange) {
  const SnapshotPtr now = mailbox_with({3, 10, 11, 300, 301});
  CollectionState state;
  note_arrived(state, range(1, 301));
  EXPECT_EQ(due_items(state, *now), 5U);

  EXPECT_EQ(take_window(state, *now, 2).add, uids({301, 300}));
  EXPECT_EQ(state.known, range(300, 301));
  EXPECT_EQ(due_items(state, *now), 3U);

  EXPECT_EQ(take_window(state, *now, 2).add, uids({11, 10}));
  EXPECT_EQ(state.known, range(10, 301));

  EXPECT_EQ(take_window(state, *now, 2).add, uids({3}));
  EXPECT_EQ(state.known, range(1, 301));
  EXPECT_TRUE(state.to_add.empty());
  EXPECT_TRUE(take_window(state, *now, 2).empty());
}

TEST(CollectionState, AWindowThatEndsWithTheLastMessageLeavesNothing) {
  const SnapshotPtr now = mailbox_with({5, 6});
  CollectionState state;
  note_arrived(state, range(1, 6));
  EXPECT_EQ(take_window(state, *now, 2).size(), 2U);
  EXPECT_EQ(due_items(state, *now), 0U);
}

TEST(CollectionState, NoRoomTakesNothing) {
  const SnapshotPtr now = mailbox_with({5});
  CollectionState state;
  note_arrived(state, range(1, 5));
  EXPECT_TRUE(take_window(state, *now, 0).empty());
  EXPECT_EQ(due_items(state, *now), 1U);
}

TEST(CollectionState, TellsOnlyOfWhatTheDeviceKnows) {
  const SnapshotPtr now = mailbox_with({2, 3, 9});
  CollectionState state;
  state.known = range(1, 5);
  state.to_add = range(6, 9);
  note_vanished(state, set_of({{Uid{1}, Uid{1}}, {Uid{4}, Uid{4}}, {Uid{7}, Uid{8}}}), *now);
  note_changed(state, set_of({{Uid{2}, Uid{2}}, {Uid{9}, Uid{9}}}));
  const SyncWindow window = take_window(state, *now, 10);
  EXPECT_EQ(window.remove, uids({1, 4}));
  EXPECT_EQ(window.change, uids({2}));
  EXPECT_EQ(window.add, uids({9}));
  EXPECT_EQ(window.uids(), set_of({{Uid{1}, Uid{2}}, {Uid{4}, Uid{4}}, {Uid{9}, Uid{9}}}));
}

TEST(CollectionState, WhatGoesAfterTheLookIsToldOnceAndNotBefore) {
  CollectionState state;
  state.known = range(1, 3);
  const SnapshotPtr now = mailbox_with({1, 2});
  note_vanished(state, range(2, 3), *now);
  EXPECT_EQ(take_window(state, *now, 10).remove, uids({3}));
  const SnapshotPtr later = mailbox_with({1});
  note_vanished(state, range(2, 2), *later);
  EXPECT_EQ(take_window(state, *later, 10).remove, uids({2}));
}

TEST(CollectionState, AChangeOfWhatHasGoneIsNotTold) {
  const SnapshotPtr now = mailbox_with({2});
  CollectionState state;
  state.known = range(1, 3);
  state.to_change = range(2, 3);
  EXPECT_EQ(due_items(state, *now), 1U);
  EXPECT_EQ(take_window(state, *now, 10).change, uids({2}));
}

TEST(CollectionState, AFilterTakesAwaySoftlyAndGivesBack) {
  const SnapshotPtr now = mailbox_with({1, 2, 3, 4});
  CollectionState state;
  state.known = range(1, 4);
  note_filtered(state, range(3, 4), *now);
  SyncWindow window = take_window(state, *now, 10);
  EXPECT_EQ(window.soft_remove, uids({1, 2}));
  EXPECT_TRUE(window.add.empty());
  EXPECT_EQ(state.known, range(3, 4));
  note_filtered(state, range(1, 4), *now);
  EXPECT_EQ(take_window(state, *now, 10).add, uids({2, 1}));
}

TEST(CollectionState, WhatTheDeviceHasRemovedIsNotDue) {
  CollectionState state;
  state.known = range(1, 9);
  state.to_remove = range(2, 3);
  state.to_add = range(10, 12);
  note_removed_by_device(state, range(3, 10));
  EXPECT_EQ(state.to_remove, range(2, 2));
  EXPECT_EQ(state.to_add, range(11, 12));
}

TEST(CollectionState, ALostAnswerIsGivenAgainAsFarAsItIsTrue) {
  const SnapshotPtr then = mailbox_with({1, 2, 3, 8, 9});
  CollectionState from;
  from.known = range(1, 5);
  from.to_add = range(6, 9);
  from.to_change = range(2, 3);
  from.to_remove = range(4, 4);
  CollectionState answered = from;
  const SyncWindow told = take_window(answered, *then, 10);
  EXPECT_EQ(told.size(), 5U);

  // Meanwhile a change has become a removal, and an addition has gone again.
  const SnapshotPtr now = mailbox_with({1, 3, 9});
  const SyncWindow again = repeated_window(from, answered, told.uids(), *now);
  EXPECT_EQ(again.remove, uids({2, 4}));
  EXPECT_EQ(again.change, uids({3}));
  EXPECT_EQ(again.add, uids({9}));
}

TEST(CollectionState, MinusIsExactAtTheEdges) {
  EXPECT_EQ(minus(range(1, 9), range(3, 5)), set_of({{Uid{1}, Uid{2}}, {Uid{6}, Uid{9}}}));
  EXPECT_EQ(minus(range(1, 9), range(1, 9)), UidSet());
  EXPECT_EQ(minus(range(5, 9), set_of({{Uid{1}, Uid{5}}, {Uid{9}, Uid{12}}})), range(6, 8));
  EXPECT_EQ(minus(UidSet::all(), UidSet::one(kUidMax)), UidSet::of(Uid{1}, Uid{UINT32_MAX - 1}));
  EXPECT_EQ(minus(set_of({{Uid{1}, Uid{2}}, {Uid{5}, Uid{6}}}), range(2, 5)),
            set_of({{Uid{1}, Uid{1}}, {Uid{6}, Uid{6}}}));
}

CollectionState full_state() {
  CollectionState state;
  state.options.filter_type = 3;
  state.options.conflict = Conflict::client_wins;
  state.options.body.mime_support = MimeSupport::always;
  state.options.body.mime_truncation_octets = 0;
  state.options.body.preferences = {{BodyType::html, 200'000, true, 255},
                                    {BodyType::mime, std::nullopt, false, 0}};
  state.options.body.part = BodyPreference{BodyType::html, 5, false, 0};
  state.first_day = 20'000;
  state.uid_next = kUidMax;
  state.known = UidSet::all();
  state.to_remove = set_of({{Uid{4}, Uid{4}}, {Uid{900}, Uid{70'000}}});
  state.commands_digest = std::string(32, '\0');
  state.refused = {{CommandKind::remove, "7:9", 8}, {CommandKind::change, "7:10", 7}};
  return state;
}

TEST(CollectionState, SurvivesItsOctets) {
  const std::string octets = encode(full_state());
  const auto read = decode_collection_state(octets);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, full_state());
  EXPECT_EQ(*decode_collection_state(encode(CollectionState())), CollectionState());
}

TEST(CollectionState, CutOrLongerOctetsAreRefused) {
  const std::string octets = encode(full_state());
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(decode_collection_state(std::string_view(octets).substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_collection_state(octets + '\0'));
}

// Nodes of a release without drafts read the first form only.
TEST(CollectionState, DraftsHaveAFormOfTheirOwn) {
  EXPECT_EQ(encode(full_state()).front(), 1);
  CollectionState state = full_state();
  state.refused.push_back({CommandKind::add, "client 1", 6});
  state.renamed = {{Uid{3}, Uid{9}}, {Uid{7}, kUidMax}};
  const std::string octets = encode(state);
  EXPECT_EQ(octets.front(), 2);
  const auto read = decode_collection_state(octets);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, state);
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(decode_collection_state(std::string_view(octets).substr(0, size))) << size;
  }
}

TEST(RenamedDrafts, KeepTheNumberThatWasTold) {
  CollectionState state;
  rename(state, Uid{5}, Uid{8});
  rename(state, Uid{3}, Uid{9});
  rename(state, Uid{5}, Uid{10});
  EXPECT_EQ(state.renamed, (std::vector<Renamed>{{Uid{3}, Uid{9}}, {Uid{5}, Uid{10}}}));
  EXPECT_EQ(told_uid(state.renamed, Uid{10}), Uid{5});
  EXPECT_EQ(told_uid(state.renamed, Uid{8}), Uid{8});
  EXPECT_EQ(current_uid(state.renamed, Uid{3}), Uid{9});
  EXPECT_EQ(current_uid(state.renamed, Uid{4}), Uid{4});
}

TEST(RenamedDrafts, AreForgottenWhenTheirEndIsTold) {
  CollectionState state;
  state.renamed = {{Uid{1}, Uid{11}}, {Uid{2}, Uid{12}}, {Uid{3}, Uid{13}}};
  state.to_remove.add(Uid{11});
  SyncWindow window;
  window.remove = {Uid{12}};
  forget_renamed(state, *mailbox_with({9}), window);
  EXPECT_EQ(state.renamed, (std::vector<Renamed>{{Uid{1}, Uid{11}}, {Uid{2}, Uid{12}}}));
}

TEST(RenamedDrafts, BeyondTheBoundTheOldestIsTold) {
  CollectionState state;
  for (std::uint32_t i = 1; i <= kRenamedMax + 1; ++i) {
    state.known.add(Uid{10'000 + i});
    rename(state, Uid{i}, Uid{10'000 + i});
  }
  EXPECT_EQ(state.renamed.size(), kRenamedMax);
  EXPECT_TRUE(state.to_remove.contains(Uid{1}));
  EXPECT_TRUE(state.to_add.contains(Uid{10'001}));
  EXPECT_FALSE(state.known.contains(Uid{10'001}));
}

TEST(Arrived, WhatTheDeviceHasAddedIsNotTold) {
  CollectionState state;
  state.known.add(Uid{7});
  UidSet arrived = UidSet::of(Uid{5}, Uid{8});
  note_arrived(state, arrived);
  EXPECT_EQ(state.to_add.to_text(), "5:6,8");
}

TEST(OctetFields, NumbersHaveBounds) {
  OctetWriter out;
  out.number(UINT64_MAX);
  out.number(300);
  const std::string octets = out.take();
  OctetReader in(octets);
  EXPECT_EQ(in.number(), UINT64_MAX);
  EXPECT_EQ(in.number(299), 0U);
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace postern::activesync
