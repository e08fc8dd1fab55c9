// What is written comes out at the other end, bounded, and tells nothing of what was written before.
#include "gateway/net/deflate_stream.h"

#include "tests/unit/net/net_fixture.h"

namespace postern {
namespace {

Task<void> write_all(ByteStream& stream, std::string octets) {
  auto written = co_await stream.write(octets, soon());
  EXPECT_TRUE(written);
}

// What comes until `octets` have come, or the error's name.
Task<void> read_octets(ByteStream& stream, std::size_t octets, std::string& shown, std::size_t& largest) {
  while (shown.size() < octets) {
    auto some = co_await stream.read(soon());
    if (!some) {
      shown += name_of(some.error().kind);
      co_return;
    }
    if (some->empty()) co_return;
    largest = std::max(largest, some->size());
    shown += *some;
  }
}

struct Ends {
  explicit Ends(Loop& l) : loop(l), pair(l), ours(std::move(pair.server), std::string()) {}
  std::string send_and_receive(ByteStream& from, ByteStream& to, const std::string& octets) {
    std::string shown;
    TaskScope scope(loop);
    scope.start(write_all(from, octets));
    run_task(loop, read_octets(to, octets.size(), shown, largest));
    while (scope.running() > 0) uv_run(loop.raw(), UV_RUN_ONCE);
    return shown;
  }
  Loop& loop;
  StreamPair pair;
  DeflateStream ours;
  std::size_t largest = 0;
};

TEST(DeflateStream, BothWays) {
  Loop loop;
  Ends ends(loop);
  DeflateStream theirs(std::move(ends.pair.client), std::string());
  std::string large;
  for (int i = 0; i < 40'000; ++i) large += std::to_string(i * 7919) + '\n';
  for (const std::string& octets : {std::string("a1 NOOP\r\n"), large, std::string("a2 LOGOUT\r\n")}) {
    EXPECT_EQ(ends.send_and_receive(ends.ours, theirs, octets), octets);
    EXPECT_EQ(ends.send_and_receive(theirs, ends.ours, octets), octets);
  }
}

TEST(DeflateStream, AFewOctetsThatBecomeManyComeInPieces) {
  Loop loop;
  Ends ends(loop);
  DeflateStream theirs(std::move(ends.pair.client), std::string());
  const std::string zeros(4'000'000, '\0');
  EXPECT_TRUE(ends.send_and_receive(theirs, ends.ours, zeros) == zeros);
  EXPECT_EQ(ends.largest, DeflateStream::kReadOctetsMax);
}

TEST(DeflateStream, WhatWasSentBeforeDoesNotShorten) {
  Loop loop;
  Ends ends(loop);
  const std::string secret = "Subject: the code is 8c1f77aa20b4\r\n";
  std::size_t octets = 0;
  std::string lengths;
  for (int i = 0; i < 2; ++i) {
    TaskScope scope(loop);
    scope.start(write_all(ends.ours, secret));
    std::string shown;
    run_task(loop, read_octets(*ends.pair.client, 1, shown, octets));
    while (scope.running() > 0) uv_run(loop.raw(), UV_RUN_ONCE);
    lengths += std::to_string(shown.size()) + ' ';
  }
  EXPECT_EQ(lengths.substr(0, lengths.size() / 2), lengths.substr(lengths.size() / 2));
}

TEST(DeflateStream, GarbageEndsTheConnection) {
  Loop loop;
  StreamPair pair(loop);
  DeflateStream ours(std::move(pair.server), "\xFF\xFF\xFF plainly not deflate");
  std::string shown;
  std::size_t largest = 0;
  run_task(loop, read_octets(ours, 1000, shown, largest));
  EXPECT_EQ(shown, "closed");
}

}  // namespace
}  // namespace postern
