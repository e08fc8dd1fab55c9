// The promises of Absences: what is set comes back, and of many askers each is answered once.
#include "storage/absences.h"

#include "tests/support/directory_fixture.h"

namespace postern::tests {
namespace {

class AbsenceContract : public DirectoryFixture {
 protected:
  void SetUp() override {
    DirectoryFixture::SetUp();
    alice_ = create("alice@example.test").id;
  }
  Absences& absences() { return store_->absences(); }
  Absence find() { return must(await(absences().find(alice_))); }
  void set(Absence absence) { must(await(absences().set(alice_, std::move(absence)))); }
  std::optional<AbsenceReply> take(const std::string& sender) {
    return must(await(absences().take_reply(alice_, sender, limits_)));
  }
  static Absence away(AbsenceState state = AbsenceState::always) {
    Absence absence;
    absence.state = state;
    for (std::size_t i = 0; i < kAudienceCount; ++i) {
      absence.replies[i].enabled = true;
      absence.replies[i].text = "reply " + std::to_string(i);
    }
    absence.replies[2].html = true;
    return absence;
  }
  // As if the account's answers had been given so long ago.
  void age_answers(const char* interval) {
    static constexpr postgres::Statement kAge{"test_age_answers", R"sql(
      UPDATE absence_answered SET answered_at = answered_at - $1::text::interval)sql"};
    sql(kAge, postgres::Params(interval));
  }

  Absences::Limits limits_;
  AccountId alice_{};
};

TEST_F(AbsenceContract, IsOffUntilItIsSetAndComesBackAsItWent) {
  EXPECT_EQ(find(), Absence());
  EXPECT_EQ(refusal(await(absences().find(AccountId{999}))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(absences().set(AccountId{999}, away()))), ErrorKind::not_found);
  Absence absence = away(AbsenceState::between);
  absence.begin = WallTime(std::chrono::seconds(1'700'000'000));
  absence.end = WallTime(std::chrono::seconds(1'900'000'000));
  absence.replies[1].enabled = false;
  absence.replies[0].text = "\xC3\xBC, \"quoted\", {1,2}";
  set(absence);
  EXPECT_EQ(find(), absence);
  absence.state = AbsenceState::always;
  set(absence);
  EXPECT_FALSE(find().begin) << "times belong to `between`";
}

TEST_F(AbsenceContract, RefusesWhatIsNoAbsence) {
  const auto kind = [this](const Absence& absence) {
    return refusal(await(absences().set(alice_, absence)));
  };
  Absence absence = away(AbsenceState::between);
  EXPECT_EQ(kind(absence), ErrorKind::invalid);
  absence.begin = absence.end = WallTime(std::chrono::seconds(1'700'000'000));
  EXPECT_EQ(kind(absence), ErrorKind::invalid);
  absence = away();
  absence.replies[0].text = "\xFF";
  EXPECT_EQ(kind(absence), ErrorKind::invalid);
  absence.replies[0].text = std::string("a\0b", 3);
  EXPECT_EQ(kind(absence), ErrorKind::invalid);
  absence.replies[0].text.assign(kAbsenceReplyOctetsMax + 1, 'x');
  EXPECT_EQ(kind(absence), ErrorKind::too_large);
  absence.replies[0].text.pop_back();
  set(absence);
  EXPECT_EQ(find(), absence);
}

TEST_F(AbsenceContract, ARecipientTellsThatSomebodyIsAway) {
  must(await(directory().set_alias("info@example.test", {"alice@example.test", "team@example.test"})));
  const auto is_absent = [this](const std::string& address) {
    return must(await(directory().resolve(address))).at(0).absent;
  };
  EXPECT_FALSE(is_absent("alice@example.test"));
  EXPECT_FALSE(is_absent("info@example.test"));
  set(away());
  for (const char* address : {"alice@example.test", "alice+x@example.test", "info@example.test"}) {
    EXPECT_TRUE(is_absent(address)) << address;
  }
  set(Absence());
  EXPECT_FALSE(is_absent("alice@example.test"));
}

TEST_F(AbsenceContract, AnswersByAudience) {
  must(await(directory().create_domain(tenant_, "sister.test", "standard")));
  EXPECT_FALSE(take("bob@example.test")) << "not away";
  set(away());
  const auto inside = take("Bob@Sister.test");
  ASSERT_TRUE(inside);
  EXPECT_EQ(inside->text, "reply 0");
  EXPECT_FALSE(inside->html);
  const auto outside = take("bob@elsewhere.test");
  ASSERT_TRUE(outside);
  EXPECT_EQ(outside->text, "reply 2");
  EXPECT_TRUE(outside->html);
  Absence absence = away();
  absence.replies[2].enabled = false;
  absence.replies[0].text.clear();
  set(absence);
  EXPECT_FALSE(take("carol@elsewhere.test"));
  EXPECT_FALSE(take("carol@sister.test")) << "nothing to say";
  EXPECT_FALSE(take("no address"));
}

TEST_F(AbsenceContract, AnswersNobodyTwiceWithinTheDays) {
  set(away());
  std::vector<Task<Result<std::optional<AbsenceReply>>>> tasks;
  for (int i = 0; i < 10; ++i) tasks.push_back(absences().take_reply(alice_, "bob@example.test", limits_));
  int answered = 0;
  for (auto& reply : await_all(std::move(tasks))) answered += must(std::move(reply)) ? 1 : 0;
  EXPECT_EQ(answered, 1);
  EXPECT_FALSE(take("BOB@example.test"));
  age_answers("6 days 23 hours");
  EXPECT_FALSE(take("bob@example.test"));
  age_answers("2 hours");
  EXPECT_TRUE(take("bob@example.test"));
  EXPECT_FALSE(take("bob@example.test"));
  set(away());
  EXPECT_TRUE(take("bob@example.test")) << "a new absence";
}

TEST_F(AbsenceContract, AnAccountsRepliesAreBounded) {
  set(away());
  limits_.per_hour_max = 2;
  EXPECT_TRUE(take("a@example.test"));
  EXPECT_TRUE(take("b@example.test"));
  EXPECT_FALSE(take("c@example.test"));
  age_answers("1 hour");
  EXPECT_TRUE(take("c@example.test")) << "who was refused was not noted";
}

TEST_F(AbsenceContract, OnlyWithinItsTime) {
  const WallTime now = clock_.now();
  const auto between = [now](std::chrono::hours begin, std::chrono::hours end) {
    Absence absence = away(AbsenceState::between);
    absence.begin = now + begin;
    absence.end = now + end;
    return absence;
  };
  using std::chrono::hours;
  set(between(hours(1), hours(2)));
  EXPECT_FALSE(take("a@example.test"));
  set(between(hours(-2), hours(-1)));
  EXPECT_FALSE(take("a@example.test"));
  set(between(hours(-1), hours(1)));
  EXPECT_TRUE(take("a@example.test"));
  must(await(directory().set_status(alice_, AccountStatus::disabled)));
  EXPECT_FALSE(take("b@example.test")) << "nobody speaks for a disabled account";
}

TEST_F(AbsenceContract, AddressesAreTheAccountsOwn) {
  create("bob@example.test");
  must(await(directory().set_alias("a.lice@example.test", {"alice@example.test"})));
  must(await(directory().set_alias("both@example.test", {"alice@example.test", "bob@example.test"})));
  EXPECT_EQ(must(await(directory().addresses(alice_))),
            (std::vector<std::string>{"alice@example.test", "a.lice@example.test"}));
  EXPECT_EQ(refusal(await(directory().addresses(AccountId{999}))), ErrorKind::not_found);
}

}  // namespace
}  // namespace postern::tests
