// Answers for who is out of office: from a delivered message to the queue.
#include "protocols/shared/absence_answer.h"

#include "protocols/shared/login.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

constexpr const char* kAsked =
    "From: bob@elsewhere.test\r\nTo: alice@example.test\r\nSubject: Lunch?\r\n\r\nToday?\r\n";

class AbsenceAnswers : public MessageFixture {
 protected:
  void SetUp() override {
    settings_.relay.host = "127.0.0.1";  // nobody relays here: what is queued stays
    MessageFixture::SetUp();
    login_ = std::make_unique<Login>(loop_, *store_, settings_.login, clock_, Log::silent());
    Absence absence;
    absence.state = AbsenceState::always;
    for (AbsenceReply& reply : absence.replies) {
      reply.enabled = true;
      reply.text = "Back on Monday.";
    }
    must(await(store_->absences().set(alice_, std::move(absence))));
  }
  void TearDown() override {
    login_.reset();
    MessageFixture::TearDown();
  }

  void ask(const std::string& from = "bob@elsewhere.test", const std::string& message = kAsked) {
    AbsenceQuestion question(alice_, "alice@example.test");
    await(answer_for_absent(Services{loop_, *store_, *login_, clock_, Log::silent()}, settings_, question,
                            from, message));
  }
  std::vector<QueuedMessage> queued() { return must(await(store_->outbox().list(OutboxFilter()))); }

  std::unique_ptr<Login> login_;
};

TEST_F(AbsenceAnswers, GoOutOnceAndCannotBounce) {
  ask();
  const auto messages = queued();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].envelope.reverse_path, "");
  ASSERT_EQ(messages[0].recipients.size(), 1U);
  EXPECT_EQ(messages[0].recipients[0].who.address, "bob@elsewhere.test");
  EXPECT_TRUE(messages[0].recipients[0].who.wants(Notify::never));
  const auto reader = must(await(store_->outbox().open(messages[0])));
  const std::string octets(must(await(reader->read(0, 65536))));
  EXPECT_NE(octets.find("\r\nSubject: Auto: Lunch?\r\n"), std::string::npos) << octets;
  EXPECT_NE(octets.find("\r\nMessage-ID: <"), std::string::npos);
  EXPECT_NE(octets.find("\r\n\r\nBack on Monday."), std::string::npos);
  ask();
  ask("bob@elsewhere.test", std::string(kAsked) + "again");
  EXPECT_EQ(queued().size(), 1U);
  ask("carol@elsewhere.test");
  EXPECT_EQ(queued().size(), 2U);
}

TEST_F(AbsenceAnswers, NobodyIsNotedWhoIsNotAnswered) {
  ask("bob@elsewhere.test", "List-Id: <l>\r\n" + std::string(kAsked));
  ask("");
  EXPECT_TRUE(queued().empty());
  ask();
  EXPECT_EQ(queued().size(), 1U);
}

TEST_F(AbsenceAnswers, AreNotMadeWhereNoMailGoesOut) {
  settings_.relay.host.clear();
  ask();
  EXPECT_TRUE(queued().empty());
}

}  // namespace
}  // namespace postern::tests
