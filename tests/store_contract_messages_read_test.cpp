// Reading many messages: the listing, and octets that are loaded before they are asked for.
#include "storage/read_ahead.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

class ReadingMany : public MessageFixture {
 protected:
  std::vector<MessageFacts> facts_of(const UidSet& set) {
    return must(await(messages().facts(inbox_, set, FetchDepth::facts)));
  }
  std::string read(const MessageFacts& facts) {
    const auto reader = messages().open(alice_, facts);
    std::string octets;
    while (octets.size() < facts.size) octets += must(await(reader->read(octets.size(), 65536)));
    return octets;
  }
};

TEST_F(ReadingMany, TheListingHasSizesAndKeptUidls) {
  put(inbox_, letter("a"));
  NewMessage imported;
  imported.pop3_uidl = "0001.courier";
  must(await(append(messages(), inbox_, letter("bb"), std::move(imported))));
  put(inbox_, letter("ccc"));
  const Listing all = *must(await(messages().listing(inbox_, Uid(1), Uid(3))));
  const auto size = letter("a").size();
  using Sizes = decltype(Listing::sizes);
  EXPECT_EQ(all.sizes, (Sizes{{Uid(1), size}, {Uid(2), size + 1}, {Uid(3), size + 2}}));
  using Uidls = decltype(Listing::pop3_uidls);
  EXPECT_EQ(all.pop3_uidls, (Uidls{{Uid(2), "0001.courier"}}));
  put(inbox_, letter("dddd"));
  const Listing more = *must(await(messages().listing(inbox_, Uid(1), Uid(4))));
  EXPECT_EQ(more.sizes, (Sizes{{Uid(1), size}, {Uid(2), size + 1}, {Uid(3), size + 2}, {Uid(4), size + 3}}));
  EXPECT_EQ(more.pop3_uidls, all.pop3_uidls);
  EXPECT_TRUE(must(await(messages().listing(find("Sent").key, Uid(1), Uid(9))))->sizes.empty());
}

TEST_F(ReadingMany, AListingOfManyIsWhole) {
  constexpr std::int64_t kMany = 40'000;  // several queries
  static constexpr postgres::Statement kFill{"test_fill_mailbox", R"sql(
   INSERT INTO messages (account_id, mailbox_id, uid, blob_id, size, internal_date, save_date, pop3_uidl)
   SELECT $1::bigint, $2::bigint, n, n, 1000 + n, now(), now(), CASE WHEN n % 1000 = 0 THEN 'kept' || n END
     FROM generate_series(1, $3::bigint) n
    ORDER BY n % 7)sql"};                 // so that their order on disk is another
  sql(kFill, postgres::Params(inbox_.account, inbox_.mailbox, kMany));
  const Listing all = *must(await(messages().listing(inbox_, Uid(1), Uid(kMany))));
  ASSERT_EQ(all.sizes.size(), static_cast<std::size_t>(kMany));
  for (std::uint32_t n = 1; n <= kMany; ++n) {
    ASSERT_EQ(all.sizes[n - 1], (std::pair<Uid, std::uint64_t>(Uid(n), 1000 + n)));
  }
  ASSERT_EQ(all.pop3_uidls.size(), 40u);
  EXPECT_EQ(all.pop3_uidls[39], (std::pair<Uid, std::string>(Uid(kMany), "kept40000")));
  static constexpr postgres::Statement kEmpty{"test_empty_mailbox", "DELETE FROM messages"};
  sql(kEmpty, postgres::Params());
}

TEST_F(ReadingMany, AListingFromTheMiddleDoesNotHideTheBeginning) {
  for (const char* text : {"a", "bb", "ccc"}) put(inbox_, letter(text));
  EXPECT_EQ(must(await(messages().listing(inbox_, Uid(3), Uid(3))))->sizes.size(), 1u);
  EXPECT_EQ(must(await(messages().listing(inbox_, Uid(1), Uid(3))))->sizes.size(), 3u);
}

class ReadingAhead : public ReadingMany, public testing::WithParamInterface<std::uint64_t> {
 protected:
  void SetUp() override {
    ReadingMany::SetUp();
    settings_.store.blob_cache_octets = GetParam();
    await(store_->close());
    store_ = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  }
};

// A cache that holds everything, one that holds a few messages, one that holds nothing: the same octets.
TEST_P(ReadingAhead, GivesTheOctetsThatReadingAloneGives) {
  std::vector<std::string> octets;
  for (std::size_t i = 0; i < 24; ++i) {
    octets.push_back(letter(std::string(i % 5 == 4 ? kChunkOctets + i : 30'000 + i, 'a' + char(i))));
    put(inbox_, octets.back());
  }
  await(store_->close());
  store_ = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  const auto facts = facts_of(snapshot(inbox_)->uids());
  ASSERT_EQ(facts.size(), octets.size());
  ReadAhead ahead(messages(), alice_, facts);
  for (const std::size_t i : {0u, 1u, 2u, 3u, 9u, 4u, 10u, 11u, 22u, 23u}) {
    ahead.at(i);
    EXPECT_TRUE(read(facts[i]) == octets[i]) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Caches, ReadingAhead, testing::Values(64u * 1024 * 1024, 100u * 1024, 0u));

TEST_F(ReadingMany, APurgedMessageIsNotFoundWhenItIsRead) {
  put(inbox_, letter("a"));
  MessageFacts gone = facts_of(uids({1})).front();
  gone.blob = BlobId(raw(gone.blob) + 1000);
  messages().read_ahead(alice_, std::span(&gone, 1));
  const auto reader = messages().open(alice_, gone);
  EXPECT_EQ(refusal(await(reader->read(0, 10))), ErrorKind::not_found);
}

}  // namespace
}  // namespace postern::tests
