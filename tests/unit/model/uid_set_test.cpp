// UidSet against a plain std::set as its model, and at the edges of 32 bits.
#include "storage/model/uid_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace postern {
namespace {

UidSet set_of(const std::set<std::uint32_t>& uids) {
  UidSet set;
  for (std::uint32_t uid : uids) set.add(Uid{uid});
  return set;
}

// Sorted, disjoint, and never adjacent.
void expect_sound(const UidSet& set) {
  for (std::size_t i = 0; i < set.ranges().size(); ++i) {
    const UidRange& range = set.ranges()[i];
    ASSERT_LE(range.first, range.last);
    if (i > 0) {
      ASSERT_GT(raw(range.first), raw(set.ranges()[i - 1].last) + 1);
    }
  }
}

TEST(UidSet, WritesRangesAsTheGrammarDoes) {
  UidSet set;
  EXPECT_EQ(set.to_text(), "");
  for (unsigned uid : {7u, 2u, 5u, 6u, 4u}) set.add(Uid{uid});
  EXPECT_EQ(set.to_text(), "2,4:7");
  set.add(Uid{3});
  EXPECT_EQ(set.to_text(), "2:7");
  set.remove(Uid{5});
  EXPECT_EQ(set.to_text(), "2:4,6:7");
}

TEST(UidSet, HoldsAllUidsWithoutWrapping) {
  UidSet set = UidSet::all();
  EXPECT_EQ(set.size(), 4294967295u);
  EXPECT_EQ(set.to_text(), "1:4294967295");
  set.add(kUidMax);
  set.add(Uid{1});
  EXPECT_EQ(set.ranges().size(), 1u);
  set.remove(kUidMax);
  set.remove(Uid{1});
  EXPECT_EQ(set.to_text(), "2:4294967294");
  UidSet last = UidSet::one(kUidMax);
  EXPECT_EQ(last.to_vector(), std::vector<Uid>{kUidMax});
}

TEST(UidSet, RangesMeltOverGaps) {
  UidSet set;
  set.add(Uid{1}, Uid{2});
  set.add(Uid{10}, Uid{12});
  set.add(Uid{20}, Uid{22});
  set.add(Uid{3}, Uid{19});
  EXPECT_EQ(set.to_text(), "1:22");
}

TEST(UidSet, BehavesAsASetOfNumbers) {
  std::mt19937 random(4711);
  for (int round = 0; round < 300; ++round) {
    std::set<std::uint32_t> model;
    UidSet set;
    for (int step = 0; step < 60; ++step) {
      const std::uint32_t first = 1 + random() % 80;
      const std::uint32_t last = first + random() % 6;
      if (random() % 3 == 0) {
        model.erase(first);
        set.remove(Uid{first});
      } else {
        for (std::uint32_t uid = first; uid <= last; ++uid) model.insert(uid);
        set.add(Uid{first}, Uid{last});
      }
      ASSERT_NO_FATAL_FAILURE(expect_sound(set));
    }
    ASSERT_EQ(set.size(), model.size());
    ASSERT_EQ(set, set_of(model));
    for (std::uint32_t uid = 1; uid < 90; ++uid) ASSERT_EQ(set.contains(Uid{uid}), model.contains(uid));
  }
}

TEST(UidSet, IntersectionAndUnionAreThoseOfNumbers) {
  std::mt19937 random(99);
  for (int round = 0; round < 300; ++round) {
    std::set<std::uint32_t> a, b, both, either;
    for (int i = 0; i < 30; ++i) a.insert(1 + random() % 60);
    for (int i = 0; i < 30; ++i) b.insert(1 + random() % 60);
    either = a;
    for (std::uint32_t uid : b) {
      either.insert(uid);
      if (a.contains(uid)) both.insert(uid);
    }
    UidSet sum = set_of(a);
    sum.add(set_of(b));
    ASSERT_EQ(sum, set_of(either));
    ASSERT_EQ(set_of(a).intersect(set_of(b)), set_of(both));
  }
}

}  // namespace
}  // namespace postern
