// The promise of Directory::resolve: where mail for an address goes.
#include <algorithm>

#include "storage/postgres/directory.h"
#include "tests/support/directory_fixture.h"

namespace postern::tests {
namespace {

using postgres::Params;
using postgres::PostgresDirectory;
using postgres::Statement;

class ResolveContract : public DirectoryFixture {
 protected:
  void SetUp() override {
    DirectoryFixture::SetUp();
    alice_ = create("alice@example.test").id;
    bob_ = create("bob@example.test").id;
  }

  // The accounts in any order, sorted.
  std::vector<AccountId> resolve(const std::string& address) {
    std::vector<AccountId> accounts;
    for (const Recipient& recipient : must(await(directory().resolve(address)))) {
      accounts.push_back(recipient.account);
    }
    std::sort(accounts.begin(), accounts.end());
    return accounts;
  }
  std::optional<ErrorKind> refused(const std::string& address) {
    return refusal(await(directory().resolve(address)));
  }
  void alias(const std::string& address, std::vector<std::string> targets) {
    must(await(directory().set_alias(address, std::move(targets))));
  }

  AccountId alice_{};
  AccountId bob_{};
};

using Accounts = std::vector<AccountId>;

TEST_F(ResolveContract, AccountItself) {
  EXPECT_EQ(resolve("Alice@EXAMPLE.test"), Accounts{alice_});
  EXPECT_EQ(refused("nobody@example.test"), ErrorKind::not_found);
  EXPECT_EQ(refused("alice@elsewhere.test"), ErrorKind::not_found);
  EXPECT_EQ(refused("alice"), ErrorKind::not_found);
  EXPECT_EQ(refused(""), ErrorKind::not_found);
}

TEST_F(ResolveContract, DetailIsDroppedUnlessItIsAnAddress) {
  EXPECT_EQ(resolve("alice+news@example.test"), Accounts{alice_});
  EXPECT_EQ(resolve("alice+a+b@example.test"), Accounts{alice_});
  EXPECT_EQ(refused("+alice@example.test"), ErrorKind::not_found);
  alias("alice+bob@example.test", {"bob@example.test"});
  EXPECT_EQ(resolve("alice+bob@example.test"), Accounts{bob_});
  const AccountId own = create("alice+own@example.test").id;
  EXPECT_EQ(resolve("alice+own@example.test"), Accounts{own});
}

TEST_F(ResolveContract, AliasesReachEachAccountOnce) {
  alias("team@example.test", {"alice@example.test", "bob@example.test", "Alice@example.test"});
  const Accounts both{alice_, bob_};
  EXPECT_EQ(resolve("team@example.test"), both);
  EXPECT_EQ(resolve("team+x@example.test"), both);
  alias("everyone@example.test", {"team@example.test", "alice+all@example.test"});
  EXPECT_EQ(resolve("everyone@example.test"), both);
  must(await(directory().delete_alias("TEAM@example.test")));
  EXPECT_EQ(resolve("everyone@example.test"), Accounts{alice_});
  EXPECT_EQ(refusal(await(directory().delete_alias("team@example.test"))), ErrorKind::not_found);
}

TEST_F(ResolveContract, AliasIsReplacedAsAWhole) {
  alias("team@example.test", {"alice@example.test"});
  alias("team@example.test", {"bob@example.test"});
  EXPECT_EQ(resolve("team@example.test"), Accounts{bob_});
  const auto aliases = must(await(directory().list_aliases("example.test")));
  ASSERT_EQ(aliases.size(), 1u);
  EXPECT_EQ(aliases[0].targets, std::vector<std::string>{"bob@example.test"});
}

TEST_F(ResolveContract, LoopsEnd) {
  alias("a@example.test", {"a@example.test"});
  EXPECT_EQ(refused("a@example.test"), ErrorKind::not_found);
  alias("b@example.test", {"c@example.test"});
  alias("c@example.test", {"b@example.test", "alice@example.test"});
  EXPECT_EQ(resolve("b@example.test"), Accounts{alice_});
  EXPECT_EQ(resolve("c@example.test"), Accounts{alice_});
  // Everyone points to everyone: work must follow the addresses, not the ways between them.
  std::vector<std::string> ring;
  for (int i = 0; i < 60; ++i) ring.push_back("r" + std::to_string(i) + "@example.test");
  for (const std::string& address : ring) alias(address, ring);
  EXPECT_EQ(refused("r0@example.test"), ErrorKind::not_found);
}

TEST_F(ResolveContract, AliasesNestToTheBound) {
  const auto step = [](int i) { return "step" + std::to_string(i) + "@example.test"; };
  alias(step(0), {"alice@example.test"});
  for (int i = 1; i <= PostgresDirectory::kAliasDepthMax; ++i) alias(step(i), {step(i - 1)});
  EXPECT_EQ(resolve(step(PostgresDirectory::kAliasDepthMax - 1)), Accounts{alice_});
  EXPECT_EQ(refused(step(PostgresDirectory::kAliasDepthMax)), ErrorKind::not_found);
}

TEST_F(ResolveContract, AliasHasAtLeastOneAndNotTooManyTargets) {
  const auto set = [&](std::size_t count) {
    std::vector<std::string> targets;
    for (std::size_t i = 0; i < count; ++i) targets.push_back("t" + std::to_string(i) + "@example.test");
    return refusal(await(directory().set_alias("many@example.test", std::move(targets))));
  };
  EXPECT_EQ(set(0), ErrorKind::invalid);
  EXPECT_EQ(set(PostgresDirectory::kAliasTargetsMax), std::nullopt);
  EXPECT_EQ(set(PostgresDirectory::kAliasTargetsMax + 1), ErrorKind::too_large);
  EXPECT_EQ(refusal(await(directory().set_alias("x@example.test", {"not an address"}))), ErrorKind::invalid);
  EXPECT_EQ(refusal(await(directory().set_alias("x@no.test", {"alice@example.test"}))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(directory().set_alias("alice@example.test", {"bob@example.test"}))),
            ErrorKind::already_exists);
}

TEST_F(ResolveContract, OutsideTargetsAreSkipped) {
  alias("out@example.test", {"someone@outside.test"});
  EXPECT_EQ(refused("out@example.test"), ErrorKind::invalid);
  alias("both@example.test", {"someone@outside.test", "alice@example.test"});
  EXPECT_EQ(resolve("both@example.test"), Accounts{alice_});
  alias("dangling@example.test", {"gone@example.test"});
  EXPECT_EQ(refused("dangling@example.test"), ErrorKind::not_found);
}

TEST_F(ResolveContract, CatchAllTakesWhatNobodyElseDoes) {
  must(await(directory().set_catch_all("example.test", "bob+stray@example.test")));
  EXPECT_EQ(resolve("nobody@example.test"), Accounts{bob_});
  EXPECT_EQ(resolve("nobody+x@example.test"), Accounts{bob_});
  EXPECT_EQ(resolve("alice@example.test"), Accounts{alice_});
  EXPECT_EQ(resolve("alice+x@example.test"), Accounts{alice_});
  EXPECT_EQ(refused("nobody@elsewhere.test"), ErrorKind::not_found);

  alias("team@example.test", {"alice@example.test", "bob@example.test"});
  must(await(directory().set_catch_all("example.test", "team@example.test")));
  const Accounts both{alice_, bob_};
  EXPECT_EQ(resolve("nobody@example.test"), both);

  must(await(directory().set_catch_all("example.test", "missing@example.test")));
  EXPECT_EQ(refused("nobody@example.test"), ErrorKind::not_found);
  must(await(directory().set_catch_all("example.test", std::nullopt)));
  EXPECT_EQ(refused("nobody@example.test"), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(directory().set_catch_all("no.test", std::nullopt))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(directory().set_catch_all("example.test", "nowhere"))), ErrorKind::invalid);
}

TEST_F(ResolveContract, DisabledIsDeniedAndDeletedIsUnknown) {
  EXPECT_EQ(resolve("alice@example.test"), Accounts{alice_});
  must(await(directory().set_status(alice_, AccountStatus::disabled)));
  EXPECT_EQ(refused("alice@example.test"), ErrorKind::denied);
  alias("team@example.test", {"alice@example.test", "bob@example.test"});
  EXPECT_EQ(resolve("team@example.test"), Accounts{bob_});
  must(await(directory().set_catch_all("example.test", "bob@example.test")));
  EXPECT_EQ(refused("alice@example.test"), ErrorKind::denied)
      << "a disabled account's mail is not for others";

  must(await(directory().set_catch_all("example.test", std::nullopt)));
  must(await(directory().delete_account(alice_)));
  EXPECT_EQ(refused("alice@example.test"), ErrorKind::not_found);
  EXPECT_EQ(resolve("team@example.test"), Accounts{bob_});
  must(await(directory().set_catch_all("example.test", "bob@example.test")));
  EXPECT_EQ(resolve("alice@example.test"), Accounts{bob_});
}

TEST_F(ResolveContract, WhatAnotherProcessDisabledIsDenied) {
  const auto other = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  must(await(other->ping()));
  Channel<AccountId> heard(loop_);
  const auto tell = [&heard](AccountId account) { heard.send(account); };
  Subscription subscription = store_->changes().listen_accounts(tell);
  // Our store may not listen yet: the bell is rung until it is heard.
  while (heard.empty()) {
    must(await(other->directory().set_status(alice_, AccountStatus::active)));
    await(sleep(loop_, Milliseconds(20)));
  }
  while (!heard.empty()) {
    await(heard.next());
    await(sleep(loop_, Milliseconds(50)));
  }
  EXPECT_EQ(resolve("alice@example.test"), Accounts{alice_});
  must(await(other->directory().set_status(alice_, AccountStatus::disabled)));
  await(heard.next());
  EXPECT_EQ(refused("alice@example.test"), ErrorKind::denied);
  subscription = Subscription();
  await(other->close());
}

TEST_F(ResolveContract, TellsWhoIsFull) {
  static constexpr Statement kUse{"test_use_quota", R"sql(
   UPDATE account_usage SET octets = $2::bigint, messages = $3::bigint WHERE account_id = $1::bigint)sql"};
  const auto full = [&](std::int64_t octets, std::int64_t messages) {
    sql(kUse, Params(alice_, octets, messages));
    return must(await(directory().resolve("alice@example.test")))[0].over_quota;
  };
  EXPECT_FALSE(full(1'000'000, 1'000'000)) << "no limit is set";
  must(await(directory().set_limits(alice_, AccountLimits{100, 10})));
  EXPECT_FALSE(full(99, 9));
  EXPECT_TRUE(full(100, 9));
  EXPECT_TRUE(full(99, 10));
}

}  // namespace
}  // namespace postern::tests
