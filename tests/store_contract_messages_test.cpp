// Messages in and out: laws 1, 3, 5, 6, 7 as one session sees them.
#include <sys/resource.h>

#include "storage/mime/scanner.h"
#include "storage/postgres/chunk_codec.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::Params;
using postgres::Statement;

class Messages : public MessageFixture {};

TEST_F(Messages, ADeliveryIsInInboxByteExactWithItsStructure) {
  const std::string octets = letter("hello");
  const Appended first = must(try_deliver(octets));
  EXPECT_EQ(first.uid, Uid(1));
  EXPECT_FALSE(first.duplicate);
  EXPECT_EQ(first.uid_validity, status(inbox_).uid_validity);
  EXPECT_EQ(first.modseq, status(inbox_).highest_modseq);
  EXPECT_EQ(content(inbox_, first.uid), octets);

  EXPECT_TRUE(must(await(messages().facts(inbox_, uids({1}), FetchDepth::facts))).at(0).structure.empty());
  const auto facts = must(await(messages().facts(inbox_, uids({1, 2}), FetchDepth::structure)));
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].uid, Uid(1));
  EXPECT_EQ(facts[0].size, octets.size());
  EXPECT_EQ(must(mime::decode(facts[0].structure)), mime::scan(octets));
  const auto short_facts = must(await(messages().facts(inbox_, uids({1}), FetchDepth::facts)));
  EXPECT_EQ(short_facts.at(0).blob, facts[0].blob);
}

TEST_F(Messages, UidsRiseAndCountersFollow) {
  for (std::uint32_t i = 1; i <= 5; ++i) EXPECT_EQ(must(try_deliver(letter(std::to_string(i)))).uid, Uid(i));
  const MailboxStatus now = status(inbox_);
  EXPECT_EQ(now.messages, 5u);
  EXPECT_EQ(now.unseen, 5u);
  EXPECT_EQ(now.uid_next, Uid(6));
  EXPECT_EQ(now.octets, 5 * letter("1").size());
  EXPECT_EQ(must(await(directory().quota(alice_))).octets, now.octets);
}

TEST_F(Messages, ARetriedDeliveryIsNotStoredTwice) {
  const Appended first =
      must(await(deliver(messages(), alice_, letter("x"), "alice@example.test", "Received: 1\r\n")));
  // A second attempt differs in our own trace header only.
  const Appended again =
      must(await(deliver(messages(), alice_, letter("x"), "alice@example.test", "Received: 22\r\n")));
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.uid, first.uid);
  EXPECT_EQ(again.modseq, first.modseq);
  EXPECT_EQ(again.uid_validity, first.uid_validity);
  EXPECT_EQ(status(inbox_).messages, 1u);
  // Another recipient, another content: other deliveries.
  EXPECT_FALSE(must(await(deliver(messages(), alice_, letter("x"), "alice+2@example.test"))).duplicate);
  EXPECT_FALSE(must(try_deliver(letter("y"))).duplicate);
  EXPECT_EQ(status(inbox_).messages, 3u);
}

TEST_F(Messages, TheSameDeliveryManyTimesAtOnceIsStoredOnce) {
  std::vector<Task<Result<Appended>>> tasks;
  for (int i = 0; i < 20; ++i) tasks.push_back(deliver(messages(), alice_, letter("once")));
  int stored = 0;
  for (auto& result : await_all(std::move(tasks))) {
    const Appended appended = must(std::move(result));
    EXPECT_EQ(appended.uid, Uid(1));
    if (!appended.duplicate) ++stored;
  }
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(status(inbox_).messages, 1u);
}

TEST_F(Messages, AppendTakesFlagsDatesAndUidl) {
  NewMessage with;
  with.flags = flags({SystemFlag::seen, SystemFlag::deleted}, {"$Work", "later"});
  with.internal_date = WallTime(std::chrono::microseconds(1'600'000'000'000'000));
  with.internal_zone_minutes = -90;
  with.pop3_uidl = "elsewhere-7";
  const MailboxKey sent = find("Sent").key;
  const Appended appended = must(await(append(messages(), sent, letter("a"), with)));
  EXPECT_EQ(flags_of(sent, raw(appended.uid)), with.flags);
  const auto facts = must(await(messages().facts(sent, uids({1}), FetchDepth::facts)));
  EXPECT_EQ(facts.at(0).internal_date, *with.internal_date);
  EXPECT_EQ(facts.at(0).internal_zone_minutes, -90);
  EXPECT_EQ(facts.at(0).pop3_uidl, "elsewhere-7");
  EXPECT_GT(facts.at(0).save_date, *with.internal_date);
  EXPECT_EQ(status(sent).unseen, 0u);
  EXPECT_EQ(status(sent).deleted, 1u);
}

TEST_F(Messages, EqualAppendsAreTwoMessages) {
  put(inbox_, letter("same"));
  EXPECT_EQ(put(inbox_, letter("same")).uid, Uid(2));
}

TEST_F(Messages, QuotaOfOctetsIsExact) {
  const std::string octets = letter("quota");
  AccountLimits limits;
  limits.quota_octets = 2 * octets.size();
  must(await(directory().set_limits(alice_, limits)));
  put(inbox_, octets);
  put(inbox_, octets);
  EXPECT_EQ(refusal(try_append(inbox_, "x")), ErrorKind::over_quota);
  EXPECT_EQ(refusal(try_deliver("x")), ErrorKind::over_quota);
  EXPECT_EQ(status(inbox_).messages, 2u);
  EXPECT_EQ(status(inbox_).uid_next, Uid(3));
  must(await(messages().remove(inbox_, uids({1}), Door::pop3)));
  EXPECT_TRUE(try_append(inbox_, octets));
}

TEST_F(Messages, QuotaOfMessagesIsExact) {
  AccountLimits limits;
  limits.quota_messages = 2;
  must(await(directory().set_limits(alice_, limits)));
  put(inbox_, "1");
  put(inbox_, "2");
  EXPECT_EQ(refusal(try_deliver("3")), ErrorKind::over_quota);
  EXPECT_EQ(refusal(await(messages().copy(inbox_, uids({1}), find("Sent").key))), ErrorKind::over_quota);
}

TEST_F(Messages, WhatIsNotThereIsNotFound) {
  const MailboxKey nowhere{alice_, MailboxId(999'999)};
  EXPECT_EQ(refusal(try_append(nowhere, letter("x"))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(messages().snapshot(nowhere))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(deliver(messages(), AccountId(999'999), letter("x")))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(messages().expunge(nowhere, UidSet::all(), Door::imap))), ErrorKind::not_found);
  EXPECT_EQ(refusal(store(nowhere, UidSet::all(), FlagChangeMode::add, flags({SystemFlag::seen}))),
            ErrorKind::not_found);
  EXPECT_TRUE(must(await(messages().facts(inbox_, uids({7}), FetchDepth::facts))).empty());
}

TEST_F(Messages, ARemovedMailboxTakesNothingAndCostsNoQuota) {
  const MailboxKey folder = make("Folder").key;
  must(await(mailboxes().remove(alice_, name("Folder"), Door::imap)));
  EXPECT_EQ(refusal(try_append(folder, letter("x"))), ErrorKind::not_found);
  EXPECT_EQ(must(await(directory().quota(alice_))).messages, 0u);
}

TEST_F(Messages, ADeletedAccountTakesNothing) {
  const AccountId carol = create("carol@example.test").id;
  must(await(directory().delete_account(carol)));
  EXPECT_EQ(refusal(await(deliver(messages(), carol, letter("x")))), ErrorKind::not_found);
}

TEST_F(Messages, TheLastUidIsGivenOutAndThenNoMore) {
  static constexpr Statement kAlmostFull{"test_almost_full", R"sql(
    UPDATE mailboxes SET uid_next = 4294967295 WHERE account_id = $1::bigint AND mailbox_id = $2::bigint)sql"};
  sql(kAlmostFull, Params(inbox_.account, inbox_.mailbox));
  EXPECT_EQ(put(inbox_, letter("last")).uid, kUidMax);
  EXPECT_EQ(flags_of(inbox_, raw(kUidMax)), Flags());
  EXPECT_FALSE(try_append(inbox_, letter("one too many")));
  EXPECT_FALSE(await(messages().copy(inbox_, UidSet::one(kUidMax), inbox_)));
  // The recount would call UIDNEXT, which cannot be told beyond the last UID, a drift.
  must(await(messages().remove(inbox_, UidSet::all(), Door::imap)));
}

// --- octets
// ---------------------------------------------------------------------------------------------------

class MessageSizes : public MessageFixture, public testing::WithParamInterface<std::size_t> {};

TEST_P(MessageSizes, AreKeptByteExact) {
  for (const bool compressible : {true, false}) {
    const std::string octets =
        compressible ? std::string(GetParam(), 'x') : noise(GetParam(), GetParam() + 1);
    const Appended appended = put(inbox_, octets);
    EXPECT_TRUE(content(inbox_, appended.uid) == octets);
    EXPECT_TRUE(content(inbox_, appended.uid, 100'003) == octets);  // ranges that cross chunks
    EXPECT_TRUE(content(inbox_, appended.uid, SIZE_MAX) == octets);
  }
}

INSTANTIATE_TEST_SUITE_P(AroundChunks, MessageSizes,
                         testing::Values(0, 1, kChunkOctets - 1, kChunkOctets, kChunkOctets + 1,
                                         2 * kChunkOctets - 1, 2 * kChunkOctets, 2 * kChunkOctets + 1,
                                         5 * kChunkOctets + 77));

TEST_F(Messages, RangesEndWhereTheMessageEnds) {
  const std::string octets = noise(kChunkOctets + 10);
  put(inbox_, octets);
  const auto reader = must(await(open(messages(), inbox_, Uid(1))));
  EXPECT_EQ(reader->size(), octets.size());
  EXPECT_EQ(must(await(reader->read(kChunkOctets - 2, 4))), octets.substr(kChunkOctets - 2, 4));
  EXPECT_EQ(must(await(reader->read(octets.size() - 3, 100))), octets.substr(octets.size() - 3));
  EXPECT_EQ(must(await(reader->read(octets.size(), 100))), "");
  EXPECT_EQ(must(await(reader->read(UINT64_MAX, 100))), "");
  EXPECT_EQ(must(await(reader->read(0, 0))), "");
}

TEST_F(Messages, AReaderGoesOnAfterAnExpunge) {
  const std::string octets = noise(3 * kChunkOctets);
  put(inbox_, octets);
  const auto reader = must(await(open(messages(), inbox_, Uid(1))));
  must(await(reader->read(0, 10)));
  must(await(messages().remove(inbox_, uids({1}), Door::imap)));
  EXPECT_TRUE(must(await(reader->read(2 * kChunkOctets, kChunkOctets))) == octets.substr(2 * kChunkOctets));
}

TEST_F(Messages, TheTraceHeaderStandsInFront) {
  const std::string trace = "Return-Path: <bob@example.test>\r\nReceived: by us\r\n";
  const Appended appended =
      must(await(deliver(messages(), alice_, letter("t"), "alice@example.test", trace)));
  EXPECT_EQ(content(inbox_, appended.uid), trace + letter("t"));
}

TEST_F(Messages, OneLargeMessageReachesSeveralAccountsAndOneOfThemTwice) {
  const std::string octets = noise(3 * kChunkOctets + 5);
  const AccountId carol = create("carol@example.test").id;
  const MailboxKey carols = must(await(mailboxes().find(carol, MailboxName::inbox()))).key;
  const StagedMessage staged = must(await(stage(messages(), alice_, octets)));
  EXPECT_EQ(staged.chunks, 3u);
  const std::pair<AccountId, std::string> recipients[] = {
      {carol, "carol@example.test"}, {alice_, "alice@example.test"}, {alice_, "alice+2@example.test"}};
  for (const auto& [account, recipient] : recipients) {
    must(await(messages().deliver(staged, Delivery{account, "", recipient})));
  }
  EXPECT_TRUE(content(inbox_, Uid(1)) == octets);
  EXPECT_TRUE(content(inbox_, Uid(2)) == octets);
  EXPECT_TRUE(content(carols, Uid(1)) == octets);
  const auto facts = must(await(messages().facts(inbox_, uids({1, 2}), FetchDepth::facts)));
  EXPECT_EQ(facts.at(0).blob, facts.at(1).blob);
  expect_no_drift(carol);
}

TEST_F(Messages, ALargeMessageForAFullAccountCopiesNothing) {
  AccountLimits limits;
  limits.quota_octets = kChunkOctets;
  const AccountId full = must(try_create("full@example.test", limits)).id;
  const StagedMessage staged = must(await(stage(messages(), alice_, noise(2 * kChunkOctets))));
  EXPECT_EQ(refusal(await(messages().deliver(staged, Delivery{full, "", "full@example.test"}))),
            ErrorKind::over_quota);
  static constexpr Statement kChunks{"test_chunks",
                                     "SELECT count(*) FROM blob_chunks WHERE account_id = $1::bigint"};
  EXPECT_EQ(sql(kChunks, Params(full))[0].get<std::int64_t>(0), 0);
}

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Octet i of a message that is never in memory as a whole.
std::string piece_of(std::uint64_t offset, std::size_t size) {
  std::string octets(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t at = offset + i;
    octets[i] = at % 76 == 75 ? '\n' : static_cast<char>('0' + at * 2654435761u % 64);
  }
  return octets;
}

Task<Result<StagedMessage>> stage_pieces(MessageStore& messages, AccountId home, std::uint64_t size) {
  std::unique_ptr<MessageSink> sink = messages.receive(home, "");
  for (std::uint64_t at = 0; at < size; at += 65536) {
    const std::string piece = piece_of(at, 65536);
    CO_TRY_VOID(co_await sink->write(piece));
  }
  co_return co_await sink->finish();
}

Task<Result<bool>> same_pieces(MessageStore& messages, MailboxKey mailbox, std::uint64_t size) {
  CO_TRY(std::unique_ptr<MessageReader> reader, co_await open(messages, mailbox, Uid(1)));
  if (reader->size() != size) co_return false;
  for (std::uint64_t at = 0; at < size; at += 65536) {
    CO_TRY(const std::string_view piece, co_await reader->read(at, 65536));
    if (piece != piece_of(at, 65536)) co_return false;
  }
  co_return true;
}

TEST_F(Messages, AHundredMegabytesPassInBoundedMemory) {
  settings_.store.blob_cache_octets = 8 * 1024 * 1024;
  await(store_->close());
  store_ = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  constexpr std::uint64_t kSize = 100 * 1024 * 1024;
  const long before = peak_kib();
  const StagedMessage staged = must(await(stage_pieces(messages(), alice_, kSize)));
  must(await(messages().append(staged, inbox_, NewMessage())));
  EXPECT_TRUE(must(await(same_pieces(messages(), inbox_, kSize))));
#ifndef __SANITIZE_ADDRESS__  // its quarantine keeps what was freed
  EXPECT_LT(peak_kib() - before, 64 * 1024);
#else
  EXPECT_LT(peak_kib() - before, 512 * 1024);
#endif
}

TEST_F(Messages, DamagedChunksAreErrorsAndNeverOctets) {
  using postgres::pack_chunk;
  using postgres::unpack_chunk;
  const auto packed = pack_chunk(std::string(5000, 'a'));
  EXPECT_EQ(packed.encoding, 1);
  EXPECT_LT(packed.octets.size(), 4500u);
  EXPECT_EQ(must(unpack_chunk(1, packed.octets, 5000)), std::string(5000, 'a'));
  EXPECT_EQ(refusal(unpack_chunk(1, packed.octets, 4999)), ErrorKind::internal);
  EXPECT_EQ(refusal(unpack_chunk(1, std::string_view(packed.octets).substr(0, 10), 5000)),
            ErrorKind::internal);
  EXPECT_EQ(refusal(unpack_chunk(2, packed.octets, 5000)), ErrorKind::internal);
  EXPECT_EQ(refusal(unpack_chunk(0, packed.octets, packed.octets.size() - 1)), ErrorKind::internal);
  EXPECT_EQ(pack_chunk(noise(5000)).encoding, 0);
}

}  // namespace
}  // namespace postern::tests
