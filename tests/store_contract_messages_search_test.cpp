// Search on a real mailbox: slices, texts beyond one chunk, giving up. What each key means is the table of
// tests/unit/storage/search_plan_test.cpp.
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

class MessageSearch : public MessageFixture {
 protected:
  static SearchKey key(SearchKind kind, std::string text = "") {
    SearchKey result;
    result.kind = kind;
    result.text = std::move(text);
    return result;
  }
  static SearchKey both(SearchKey a, SearchKey b) {
    SearchKey result = key(SearchKind::conjunction);
    result.children.push_back(std::move(a));
    result.children.push_back(std::move(b));
    return result;
  }
  Result<UidSet> try_search(SearchKey criteria, std::function<bool()> cancelled = {}) {
    return await(messages().search(inbox_, std::move(criteria), std::move(cancelled)));
  }
  UidSet search(SearchKey criteria) { return must(try_search(std::move(criteria))); }
};

TEST_F(MessageSearch, CoversEverySliceOfALargeMailbox) {
  fill_with_mail(inbox_, 700);
  must(store(inbox_, uids({3, 300, 699}), FlagChangeMode::add, flags({SystemFlag::flagged})));
  UidSet all;
  all.add(Uid(1), Uid(700));
  EXPECT_EQ(search(key(SearchKind::all)), all);
  EXPECT_EQ(search(key(SearchKind::body, "hello")), all);
  EXPECT_EQ(search(key(SearchKind::subject, "NO 69")), [] {
    UidSet set = uids({69});
    set.add(Uid(690), Uid(699));
    return set;
  }());
  SearchKey flagged = key(SearchKind::flag);
  flagged.flag_bits = static_cast<std::uint8_t>(SystemFlag::flagged);
  EXPECT_EQ(search(both(key(SearchKind::subject, "99"), flagged)), uids({699}));
  EXPECT_TRUE(search(key(SearchKind::text, "nowhere")).empty());
}

TEST_F(MessageSearch, FindsATextAcrossChunksOfALargeMessage) {
  for (const std::size_t before : {kChunkOctets - 300, kChunkOctets - 200, 3 * kChunkOctets + 5}) {
    std::string body;
    while (body.size() < before) body += "filling the line to some length, again and again\r\n";
    put(inbox_, letter("large", body + "The Needle in it" + std::string(100'000, 'z')));
  }
  put(inbox_, letter("small", "no such thing"));
  EXPECT_EQ(search(key(SearchKind::body, "needle IN")), uids({1, 2, 3}));
}

TEST_F(MessageSearch, IsGivenUpBetweenBatches) {
  fill_with_mail(inbox_, 300);
  int asked = 0;
  const auto result = try_search(key(SearchKind::body, "x"), [&asked] { return ++asked > 2; });
  EXPECT_EQ(refusal(result), ErrorKind::closed);
  EXPECT_EQ(asked, 3);
}

TEST_F(MessageSearch, RefusesWhatIsNestedTooDeeply) {
  SearchKey deep = key(SearchKind::all);
  for (std::size_t i = 0; i < kSearchDepthMax; ++i) {
    SearchKey outer = key(SearchKind::negation);
    outer.children.push_back(std::move(deep));
    deep = std::move(outer);
  }
  EXPECT_EQ(refusal(try_search(std::move(deep))), ErrorKind::invalid);
}

TEST_F(MessageSearch, AnEmptyMailboxHasNoMatches) {
  EXPECT_TRUE(search(key(SearchKind::all)).empty());
  EXPECT_TRUE(search(key(SearchKind::text, "x")).empty());
}

}  // namespace
}  // namespace postern::tests
