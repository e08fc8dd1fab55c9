// The orders of SORT as octets, and columns of them that grow.
#include "protocols/imap/sort_order.h"

#include <gtest/gtest.h>

#include "protocols/imap/order_cache.h"

namespace postern::imap {
namespace {

using namespace std::chrono_literals;

std::vector<Uid> uids(std::initializer_list<std::uint32_t> numbers) {
  std::vector<Uid> out;
  for (const std::uint32_t number : numbers) out.push_back(Uid(number));
  return out;
}

OrderColumn<std::string> column(std::initializer_list<std::pair<std::uint32_t, std::string>> rows) {
  OrderColumn<std::string> out;
  for (const auto& [uid, text] : rows) out.add(Uid(uid), text);
  return out;
}

OrderColumnPtr<std::string> kept(std::initializer_list<std::pair<std::uint32_t, std::string>> rows) {
  return std::make_shared<const OrderColumn<std::string>>(column(rows));
}

std::string arrived(std::chrono::microseconds at) {
  MessageFacts facts;
  facts.internal_date = WallTime(at);
  return sort_octets(SortKind::arrival, facts, {});
}

std::string sized(std::uint64_t octets) {
  MessageFacts facts;
  facts.size = octets;
  return sort_octets(SortKind::size, facts, {});
}

TEST(SortOctets, CompareAsNumbersDo) {
  EXPECT_LT(arrived(-1us), arrived(0us)) << "before 1970";
  EXPECT_LT(arrived(255us), arrived(256us));
  EXPECT_LT(arrived(1h), arrived(1'000'000h));
  EXPECT_LT(sized(9), sized(10));
  EXPECT_LT(sized(0x7F), sized(0x80));
  EXPECT_LT(sized(0xFFFFFFFF), sized(0x100000000));
}

TEST(SortOctets, ADateThatIsNoneIsThatOfTheArrival) {
  MessageFacts facts;
  facts.internal_date = WallTime(7s);
  mime::Envelope envelope;
  envelope.date = "yesterday";
  EXPECT_EQ(sort_octets(SortKind::date, facts, envelope), arrived(7s));
  envelope.date = "Thu, 1 Jan 1970 00:00:09 +0000";
  EXPECT_EQ(sort_octets(SortKind::date, facts, envelope), arrived(9s));
}

TEST(PlacesInOrder, ByKeyThenAsTheyStood) {
  const SortKey subject{SortKind::subject, false};
  const SortKey backwards{SortKind::from, true};
  const auto subjects = kept({{1, "b"}, {2, "a"}, {4, "b"}, {7, "a"}});
  const auto senders = kept({{1, "x"}, {2, "x"}, {4, "y"}, {7, "x"}});
  using Places = std::vector<std::uint32_t>;
  EXPECT_EQ(places_in_order({subject}, {subjects}, uids({1, 2, 4, 7})), (Places{1, 3, 0, 2}));
  EXPECT_EQ(places_in_order({subject, backwards}, {subjects, senders}, uids({1, 2, 4, 7})),
            (Places{1, 3, 2, 0}));
  EXPECT_EQ(places_in_order({backwards}, {senders}, uids({2, 4})), (Places{1, 0}));
}

TEST(PlacesInOrder, WhatIsGoneIsLeftOut) {
  const SortKey key{SortKind::subject, false};
  EXPECT_EQ(places_in_order({key}, {kept({{2, "b"}, {5, "a"}})}, uids({1, 2, 3, 5})),
            (std::vector<std::uint32_t>{3, 1}));
  EXPECT_TRUE(places_in_order({key}, {kept({})}, uids({1})).empty());
}

TEST(OrderColumn, GrowsByWhatWasMissing) {
  const auto old = column({{2, "b"}, {4, "d"}});
  EXPECT_EQ(missing_in(old, uids({1, 2, 3, 4, 5})), uids({1, 3, 5}));
  EXPECT_TRUE(missing_in(old, uids({2})).empty());
  const auto both = joined(old, column({{1, "a"}, {4, "d"}, {5, "e"}}));
  EXPECT_EQ(both->uids, uids({1, 2, 4, 5}));
  EXPECT_EQ(both->values, (std::vector<std::string>{"a", "b", "d", "e"}));
  EXPECT_EQ(both->octets, column({{1, "a"}, {2, "b"}, {4, "d"}, {5, "e"}}).octets);
}

TEST(OrderCache, KeepsColumnsApart) {
  OrderCache cache;
  const MailboxKey mailbox{AccountId{1}, MailboxId{2}};
  const MailboxKey another{AccountId{1}, MailboxId{3}};
  cache.add(mailbox, SortKind::subject, column({{1, "a"}}));
  cache.add(mailbox, SortKind::subject, column({{2, "b"}}));
  EXPECT_EQ(cache.of_sort(mailbox, SortKind::subject)->uids, uids({1, 2}));
  EXPECT_TRUE(cache.of_sort(mailbox, SortKind::from)->uids.empty());
  EXPECT_TRUE(cache.of_sort(another, SortKind::subject)->uids.empty());
  EXPECT_TRUE(cache.of_thread(mailbox)->uids.empty());
}

TEST(OrderCache, DropsWhatWasUsedLongestAgo) {
  OrderCache cache;
  const std::string large(OrderCache::kOctetsMax / 2, 'x');
  for (std::int64_t number = 1; number <= 3; ++number)
    cache.add(MailboxKey{AccountId{1}, MailboxId{number}}, SortKind::subject, column({{1, large}}));
  EXPECT_TRUE(cache.of_sort(MailboxKey{AccountId{1}, MailboxId{1}}, SortKind::subject)->uids.empty());
  EXPECT_EQ(cache.of_sort(MailboxKey{AccountId{1}, MailboxId{3}}, SortKind::subject)->uids.size(), 1U);
}

}  // namespace
}  // namespace postern::imap
