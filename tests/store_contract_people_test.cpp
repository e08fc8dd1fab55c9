// The promise of Directory::find_people: who is found in the address book, and by whom.
#include <gtest/gtest.h>

#include "tests/support/directory_fixture.h"
#include "tests/support/hostile_strings.h"

namespace postern::tests {
namespace {

using postgres::Params;
using postgres::Statement;

using Addresses = std::vector<std::string>;

class PeopleContract : public DirectoryFixture {
 protected:
  void SetUp() override {
    DirectoryFixture::SetUp();
    asker_ = person("asker@example.test", "");
  }

  AccountId person(const std::string& address, std::string name, bool in_address_book = true) {
    const AccountId id = create(address).id;
    Profile profile{std::move(name), in_address_book};
    must(await(directory().set_profile(id, std::move(profile))));
    return id;
  }

  People people(AccountId asker, const std::string& text, PeopleRange range = {}) {
    return must(await(directory().find_people(asker, text, range)));
  }

  Addresses find(const std::string& text, PeopleRange range = {}) {
    Addresses addresses;
    for (const Person& found : people(asker_, text, range).found) addresses.push_back(found.address);
    return addresses;
  }

  AccountId asker_{};
};

TEST_F(PeopleContract, AreFoundByTheBeginningOfAnyWord) {
  const AccountId zoe = person("z.mueller@example.test", "Zoë Müller-Lüdenscheidt");
  const Addresses found{"z.mueller@example.test"};
  for (const char* text : {"z", "ZOE", "zoë", "Mül", "mull", "MUELLER", "lüdens", "Lud zo", "müller-l",
                           "\"Müller, Z\"", "z.mueller@exam", "z.mueller@example.test", "zoë z.mu"}) {
    EXPECT_EQ(find(text), found) << text;
  }
  for (const char* text : {"oë", "ller", "zoë b", "test", "zoë zoex", "'", "\\"}) {
    const auto result = await(directory().find_people(asker_, text, PeopleRange()));
    EXPECT_TRUE(!result || result->found.empty()) << text;
  }
  const People whole = people(asker_, "zoe");
  ASSERT_EQ(whole.found.size(), 1u);
  EXPECT_EQ(whole.found[0], (Person{zoe, "z.mueller@example.test", "Zoë Müller-Lüdenscheidt"}));
}

TEST_F(PeopleContract, AreFoundByAnAliasThatLeadsToThemAlone) {
  person("joe@example.test", "Joe");
  person("kim@example.test", "Kim");
  must(await(directory().set_alias("sales.desk@example.test", {"joe@example.test"})));
  must(await(directory().set_alias("team@example.test", {"joe@example.test", "kim@example.test"})));
  must(await(directory().set_alias("outside@example.test", {"someone@elsewhere.test"})));
  EXPECT_EQ(find("desk"), Addresses{"joe@example.test"});
  EXPECT_EQ(find("sales.d"), Addresses{"joe@example.test"});
  EXPECT_EQ(find("team"), Addresses{});
  EXPECT_EQ(find("outside"), Addresses{});
  must(await(directory().delete_alias("sales.desk@example.test")));
  EXPECT_EQ(find("desk"), Addresses{});
}

TEST_F(PeopleContract, NobodySeesAnotherDomainsPeople) {
  must(await(directory().create_domain(tenant_, "other.test", "standard")));
  person("anna@example.test", "Anna Here");
  const AccountId there = person("anna@other.test", "Anna There");
  must(await(directory().set_alias("annas@example.test", {"anna@other.test"})));
  must(await(directory().set_alias("annas@other.test", {"anna@example.test"})));
  EXPECT_EQ(find("anna"), Addresses{"anna@example.test"});
  EXPECT_EQ(find("there"), Addresses{});
  EXPECT_EQ(find("annas"), Addresses{});
  EXPECT_EQ(find("anna@other.test"), Addresses{});
  const People seen = people(there, "anna");
  ASSERT_EQ(seen.found.size(), 1u);
  EXPECT_EQ(seen.found[0].address, "anna@other.test");
  EXPECT_EQ(people(AccountId{999999}, "anna").found.size(), 0u);
}

TEST_F(PeopleContract, DisabledDeletedAndHiddenDoNotAppear) {
  const AccountId joe = person("joe@example.test", "Joe");
  must(await(directory().set_alias("desk@example.test", {"joe@example.test"})));
  const auto seen = [&] { return find("joe").size() + find("desk").size(); };
  EXPECT_EQ(seen(), 2u);
  must(await(directory().set_status(joe, AccountStatus::disabled)));
  EXPECT_EQ(seen(), 0u);
  must(await(directory().set_status(joe, AccountStatus::deleted)));
  EXPECT_EQ(seen(), 0u);
  must(await(directory().set_status(joe, AccountStatus::active)));
  EXPECT_EQ(seen(), 2u);
  Profile hidden{"Joe", false};
  must(await(directory().set_profile(joe, hidden)));
  EXPECT_EQ(seen(), 0u);
  EXPECT_EQ(must(await(directory().account(joe))).profile, hidden);
}

TEST_F(PeopleContract, AreSortedCountedAndCutToTheRange) {
  for (const char* name : {"Carl", "Anton", "Berta", ""}) {
    person("p" + std::to_string(find("p").size()) + "@example.test", name);
  }
  const Addresses sorted{"p1@example.test", "p2@example.test", "p0@example.test", "p3@example.test"};
  EXPECT_EQ(find("p"), sorted);
  EXPECT_EQ(find("p", {1, 2}), (Addresses{sorted[1], sorted[2]}));
  EXPECT_EQ(people(asker_, "p", {1, 2}).total, 4u);
  EXPECT_EQ(people(asker_, "p", {9, 2}).total, 0u);
  EXPECT_EQ(people(asker_, "p", {0, kPeopleMax}).found.size(), 4u);
  PeopleRange beyond{0, kPeopleMax + 1};
  EXPECT_EQ(refusal(await(directory().find_people(asker_, "p", beyond))), ErrorKind::too_large);
  EXPECT_EQ(refusal(await(directory().find_people(asker_, " ., ", {}))), ErrorKind::invalid);
}

TEST_F(PeopleContract, ProfileIsCheckedAndRings) {
  Profile profile{std::string("a\0b", 3), true};
  EXPECT_EQ(refusal(await(directory().set_profile(asker_, profile))), ErrorKind::invalid);
  profile.display_name = std::string(201, 'x');
  EXPECT_EQ(refusal(await(directory().set_profile(asker_, profile))), ErrorKind::invalid);
  profile.display_name.clear();
  EXPECT_EQ(refusal(await(directory().set_profile(AccountId{999999}, profile))), ErrorKind::not_found);
  std::size_t rings = 0;
  const Subscription subscription = store_->changes().listen_account(asker_, [&] { ++rings; });
  must(await(directory().set_profile(asker_, profile)));
  EXPECT_GT(rings, 0u);
}

// What an earlier release writes has no words of ours; the address is found all the same.
TEST_F(PeopleContract, AccountsMadeByAnEarlierReleaseAreFoundByAddress) {
  static constexpr Statement kInsert{"test_earlier_account", R"sql(
   INSERT INTO accounts (domain_id, address, password_hash)
   SELECT domain_id, $1::text, '' FROM domains WHERE name = 'example.test')sql"};
  sql(kInsert, Params("ann.early@example.test"));
  EXPECT_EQ(find("early"), Addresses{"ann.early@example.test"});
}

TEST_F(PeopleContract, HostileStringsAreOnlyWords) {
  std::size_t asked = 0;
  for (const std::string& hostile : hostile_strings(1500)) {
    const auto found = await(directory().find_people(asker_, hostile, {}));
    ASSERT_TRUE(found || found.error().kind == ErrorKind::invalid) << found.error().detail;
    asked += found ? 1 : 0;
  }
  EXPECT_GT(asked, 300u);
}

}  // namespace
}  // namespace postern::tests
