// The relay against a server that answers as it is told: everything arrives once, or its sender hears of it.
#include "tests/unit/submission/relay_fixture.h"

namespace postern::tests {
namespace {

class Relays : public RelayFixture {};

TEST_F(Relays, DeliverWhatIsQueuedAndReuseTheConnection) {
  start_relay();
  const OutboxId one = send({"bob@example.org"}, "From: alice@example.test\r\nBcc: x@y.test\r\n\r\n.dot\r\n");
  ASSERT_TRUE(finishes(one));
  const OutboxId two = send({"bob@example.org", "carl c@example.org"});
  ASSERT_TRUE(finishes(two));
  ASSERT_EQ(server_->accepted.size(), 2u);
  EXPECT_EQ(server_->connections, 1);
  EXPECT_EQ(server_->accepted[0].mail, "MAIL FROM:<alice@example.test>");
  const std::string& octets = server_->accepted[0].octets;
  EXPECT_TRUE(octets.starts_with("Received: by mail.example.test (Postern)"));
  EXPECT_NE(octets.find("\r\nMessage-ID: <"), std::string::npos);
  EXPECT_NE(octets.find("\r\nDate: "), std::string::npos);
  EXPECT_EQ(octets.find("y.test"), std::string::npos);
  EXPECT_TRUE(octets.ends_with("\r\n\r\n.dot\r\n"));
  EXPECT_EQ(server_->accepted[1].rcpt.at(1), "RCPT TO:<\"carl c\"@example.org>");
  EXPECT_EQ(queued(one).recipients[0].state, RecipientState::delivered);
  EXPECT_EQ(queued(one).recipients[0].answer, "250 2.0.0 taken");
  EXPECT_EQ(queued(one).attempts, 1u);
}

TEST_F(Relays, GreylistedMailArrivesOnce) {
  server_->answer("RCPT", "250 Ok");
  server_->answer("RCPT", "450 4.7.1 Greylisted");
  start_relay();
  const OutboxId id = send({"bob@example.org", "carl@example.org"});
  ASSERT_TRUE(finishes(id));
  ASSERT_EQ(server_->accepted.size(), 2u);
  EXPECT_EQ(server_->accepted[0].rcpt, std::vector<std::string>{"RCPT TO:<bob@example.org>"});
  EXPECT_EQ(server_->accepted[1].rcpt, std::vector<std::string>{"RCPT TO:<carl@example.org>"});
  EXPECT_EQ(queued(id).attempts, 2u);
  EXPECT_EQ(status(inbox_).messages, 0u);
}

TEST_F(Relays, RefusedMailComesBack) {
  server_->answer("RCPT", "550 5.1.1 No such user");
  start_relay();
  SubmissionRequest made = request({"nobody@example.org", "bob@example.org"});
  made.recipients[0].original = "rfc822;No+2BBody@example.org";
  made.envelope_id = "QQ1";
  made.return_content = ReturnContent::full;
  const OutboxId id =
      submit_one(std::move(made), "From: alice@example.test\r\nSubject: lost\r\n\r\nBody.\r\n").queued->id;
  ASSERT_TRUE(finishes(id));
  ASSERT_EQ(server_->accepted.size(), 1u);
  ASSERT_EQ(status(inbox_).messages, 1u);
  const std::string report = content(inbox_, Uid(1));
  for (const char* part :
       {"Return-Path: <>\r\n", "Content-Type: multipart/report; report-type=delivery-status;",
        "Final-Recipient: rfc822;nobody@example.org\r\n",
        "Original-Recipient: rfc822;No+Body@example.org\r\n",
        "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp;550 5.1.1 No such user\r\n",
        "Original-Envelope-Id: QQ1\r\n", "Content-Type: message/rfc822\r\n", "Subject: lost\r\n",
        "\r\nBody.\r\n"}) {
    EXPECT_NE(report.find(part), std::string::npos) << part << "\n" << report;
  }
  EXPECT_EQ(report.find("bob@example.org"), std::string::npos);
}

TEST_F(Relays, NobodyIsToldWhoDoesNotWantTo) {
  server_->answer("MAIL", "550 5.7.1 Not you");
  server_->answer("MAIL", "550 5.7.1 Not you");
  start_relay();
  SubmissionRequest never = request({"bob@example.org"});
  never.recipients[0].notify = static_cast<std::uint8_t>(Notify::never);
  SubmissionRequest empty = request({"bob@example.org"});
  empty.reverse_path.clear();
  const std::string octets = "From: alice@example.test\r\n\r\n";
  const OutboxId one = submit_one(std::move(never), octets).queued->id;
  const OutboxId two = submit_one(std::move(empty), octets).queued->id;
  ASSERT_TRUE(finishes(one));
  ASSERT_TRUE(finishes(two));
  EXPECT_EQ(queued(one).recipients[0].state, RecipientState::failed);
  EXPECT_EQ(status(inbox_).messages, 0u);
}

TEST_F(Relays, SuccessIsToldWhereTheServerDoesNot) {
  start_relay();
  SubmissionRequest made = request({"bob@example.org"});
  made.recipients[0].notify = static_cast<std::uint8_t>(Notify::success);
  const std::string octets = "From: alice@example.test\r\nSubject: sent\r\n\r\nBody.\r\n";
  const OutboxId id = submit_one(made, octets).queued->id;
  ASSERT_TRUE(finishes(id));
  ASSERT_EQ(status(inbox_).messages, 1u);
  const std::string report = content(inbox_, Uid(1));
  EXPECT_NE(report.find("Action: relayed\r\n"), std::string::npos);
  EXPECT_NE(report.find("Subject: sent\r\n"), std::string::npos);
  EXPECT_EQ(report.find("Body."), std::string::npos);  // RET was not FULL
}

TEST_F(Relays, DsnIsPassedOnWhereOffered) {
  server_->ehlo = "250-scripted\r\n250-SIZE 0\r\n250 DSN";
  start_relay();
  SubmissionRequest made = request({"bob@example.org"});
  made.recipients[0].notify =
      static_cast<std::uint8_t>(Notify::success) | static_cast<std::uint8_t>(Notify::delay);
  made.recipients[0].original = "rfc822;bob@example.org";
  made.envelope_id = "QQ1";
  made.return_content = ReturnContent::headers;
  const OutboxId id = submit_one(std::move(made), "From: alice@example.test\r\n\r\n").queued->id;
  ASSERT_TRUE(finishes(id));
  ASSERT_EQ(server_->accepted.size(), 1u);
  EXPECT_TRUE(server_->accepted[0].mail.ends_with(" RET=HDRS ENVID=QQ1"));
  EXPECT_NE(server_->accepted[0].mail.find(" SIZE="), std::string::npos);
  EXPECT_EQ(server_->accepted[0].rcpt[0],
            "RCPT TO:<bob@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;bob@example.org");
  EXPECT_EQ(status(inbox_).messages, 0u);
}

TEST_F(Relays, ABrokenTransferIsRepeated) {
  server_->answer("body", "close");
  server_->answer("MAIL", "close");
  start_relay();
  const OutboxId id = send({"bob@example.org"}, "From: alice@example.test\r\n\r\nHi.\r\n");
  ASSERT_TRUE(finishes(id));
  EXPECT_EQ(server_->accepted.size(), 1u);
  EXPECT_EQ(queued(id).attempts, 3u);
}

TEST_F(Relays, AServerThatIsAwayIsTriedAgain) {
  await(server_->stop());
  server_.reset();
  start_relay();
  const OutboxId id = send({"bob@example.org"});
  ASSERT_TRUE(comes_true([&] { return queued(id).recipients[0].answer.starts_with("451 4.4.1 "); }));
  server_ = std::make_unique<ScriptedSmtpServer>(loop_);
  must(server_->open());
  settings_.relay.port = server_->port();
  ASSERT_TRUE(finishes(id));
  EXPECT_EQ(server_->accepted.size(), 1u);
}

TEST_F(Relays, AServerThatLosesInterestInAnIdleConnectionCostsNoAttempt) {
  start_relay();
  const OutboxId one = send({"bob@example.org"});
  ASSERT_TRUE(finishes(one));
  server_->answer("MAIL", "421 4.4.2 Too long");
  const OutboxId two = send({"carl@example.org"});
  ASSERT_TRUE(finishes(two));
  EXPECT_EQ(server_->connections, 2);
  EXPECT_EQ(queued(two).attempts, 1u);
  EXPECT_EQ(server_->accepted.size(), 2u);
}

TEST_F(Relays, WithoutTlsNothingGoesToAServerThatMustHaveIt) {
  settings_.relay.tls = "starttls";
  settings_.relay.user = "relay";
  settings_.relay.password = Secret("hidden");
  start_relay();
  const OutboxId id = send({"bob@example.org"});
  ASSERT_TRUE(comes_true([&] { return queued(id).recipients[0].answer.starts_with("451 4.7.0 "); }));
  stop_relay();
  EXPECT_EQ(commands("MAIL"), 0u);
  EXPECT_EQ(commands("AUTH"), 0u);
  EXPECT_TRUE(server_->accepted.empty());
}

TEST_F(Relays, SignInWithWhatIsOffered) {
  settings_.relay.user = "relay";
  settings_.relay.password = Secret("hidden");
  server_->ehlo = "250-scripted\r\n250 AUTH LOGIN";
  server_->answer("AUTH", "334 VXNlcm5hbWU6");
  server_->answer(text::to_upper(text::base64("relay")), "334 UGFzc3dvcmQ6");
  server_->answer(text::to_upper(text::base64("hidden")), "235 Ok");
  start_relay();
  ASSERT_TRUE(finishes(send({"bob@example.org"})));
  EXPECT_EQ(server_->accepted.size(), 1u);
}

TEST_F(Relays, AServerThatCannotTakeItIsNotAsked) {
  server_->ehlo = "250-scripted\r\n250 SIZE 2000";
  start_relay();
  const OutboxId eight = send({"b@example.org"}, "From: alice@example.test\r\n\r\n\xC3\xB6\r\n");
  const OutboxId utf8 = send({"b@example.org"}, "From: alice@example.test\r\nSubject: \xC3\xB6\r\n\r\n");
  const OutboxId large =
      send({"b@example.org"}, "From: alice@example.test\r\n\r\n" + std::string(1990, 'x') + "\r\n");
  ASSERT_TRUE(finishes(eight));
  ASSERT_TRUE(finishes(utf8));
  ASSERT_TRUE(finishes(large));
  EXPECT_TRUE(queued(eight).recipients[0].answer.starts_with("554 5.6.3 "));
  EXPECT_TRUE(queued(utf8).recipients[0].answer.starts_with("553 5.6.7 "));
  EXPECT_TRUE(queued(large).recipients[0].answer.starts_with("552 5.3.4 "));
  EXPECT_EQ(status(inbox_).messages, 3u);
  EXPECT_EQ(commands("MAIL"), 0u);
}

TEST_F(Relays, LmtpAnswersForEachRecipient) {
  server_->lmtp = true;
  settings_.relay.protocol = "lmtp";
  server_->answer(".", "250 one");
  server_->answer(".", "452 4.2.2 full");
  server_->answer(".", "550 5.2.1 off");
  start_relay();
  const OutboxId id = send({"a@example.org", "b@example.org", "c@example.org"});
  ASSERT_TRUE(finishes(id));
  EXPECT_EQ(server_->accepted.size(), 2u);  // a, then b
  const QueuedMessage done = queued(id);
  EXPECT_EQ(done.recipients[0].state, RecipientState::delivered);
  EXPECT_EQ(done.recipients[1].state, RecipientState::delivered);
  EXPECT_EQ(done.recipients[2].state, RecipientState::failed);
  EXPECT_EQ(status(inbox_).messages, 1u);
}

TEST_F(Relays, AfterItsTimeMailComesBack) {
  settings_.relay.retry_min_s = 3600;
  settings_.relay.retry_max_s = 3600;
  server_->answer("MAIL", "451 4.3.0 later");
  server_->answer("MAIL", "451 4.3.0 later");
  server_->answer("MAIL", "451 4.3.0 later");
  start_relay();
  const OutboxId id = send({"bob@example.org"});
  ASSERT_TRUE(comes_true([&] { return queued(id).attempts == 1 && !queued(id).held; }));
  const auto age = [&](const char* text) { sql(postgres::Statement{"", text}, postgres::Params()); };
  // After four hours: a word of the delay, once.
  age("UPDATE outbox SET queued_at = queued_at - interval '5 hours'");
  must(await(store_->outbox().retry(id)));
  ASSERT_TRUE(comes_true([&] { return queued(id).attempts == 2 && !queued(id).held; }));
  ASSERT_EQ(status(inbox_).messages, 1u);
  EXPECT_NE(content(inbox_, Uid(1)).find("Action: delayed\r\n"), std::string::npos);
  age("UPDATE outbox SET expires_at = now() - interval '1 s'");
  must(await(store_->outbox().retry(id)));
  ASSERT_TRUE(finishes(id));
  ASSERT_EQ(status(inbox_).messages, 2u);
  const std::string report = content(inbox_, Uid(2));
  EXPECT_NE(report.find("Status: 5.4.7\r\n"), std::string::npos);
  EXPECT_NE(report.find("451 4.3.0 later"), std::string::npos);
}

TEST_F(Relays, AStopLetsGoOfASlowServer) {
  server_->answer(".", "hang");
  start_relay();
  const OutboxId id = send({"bob@example.org"});
  ASSERT_TRUE(comes_true([&] { return commands("DATA") == 1; }));
  stop_relay(Milliseconds(100));
  // Free at once, for whoever runs next.
  EXPECT_FALSE(queued(id).held);
  start_relay();
  ASSERT_TRUE(finishes(id));
  EXPECT_EQ(server_->accepted.size(), 1u);
}

TEST_F(Relays, TwoOfThemSendEverythingOnce) {
  start_relay();
  submission::Relay other(settings_, services());
  must(other.start());
  std::vector<OutboxId> ids;
  for (int i = 0; i < 30; ++i) ids.push_back(send({"bob" + std::to_string(i) + "@example.org"}));
  for (const OutboxId id : ids) EXPECT_TRUE(finishes(id));
  await(other.stop(Deadline::after(Milliseconds(3000))));
  EXPECT_EQ(server_->accepted.size(), 30u);
}

TEST_F(Relays, AReportThatWasCutOffIsMadeOnce) {
  server_->answer("MAIL", "550 5.7.1 no");
  start_relay();
  const OutboxId id = send({"bob@example.org"});
  ASSERT_TRUE(finishes(id));
  ASSERT_EQ(status(inbox_).messages, 1u);
  // As if the worker had died between the report's delivery and the release.
  const char* again = "UPDATE outbox_recipients SET report = 1";
  sql(postgres::Statement{"", again}, postgres::Params());
  const char* due = "UPDATE outbox SET next_attempt = now(), finished_at = NULL";
  sql(postgres::Statement{"", due}, postgres::Params());
  must(await(store_->outbox().retry(id)));
  ASSERT_TRUE(finishes(id));
  EXPECT_EQ(status(inbox_).messages, 1u);
}

TEST_F(Relays, SubmissionsAreCheckedAndCleaned) {
  const auto refusal_of = [&](SubmissionRequest made, std::string octets) {
    const SubmissionOutcome outcome = submit_one(std::move(made), std::move(octets));
    EXPECT_FALSE(outcome.queued);
    return outcome.refusal;
  };
  const SubmissionRequest bob = request({"bob@example.org"});
  EXPECT_EQ(refusal_of(bob, "From: other@example.test\r\n\r\n"), SubmissionRefusal::not_theirs);
  EXPECT_EQ(refusal_of(bob, "From: alice@example.test\r\nSender: other@example.org\r\n\r\n"),
            SubmissionRefusal::not_theirs);
  EXPECT_EQ(refusal_of(bob, "From: alice@example.test\n\n"), SubmissionRefusal::malformed);
  EXPECT_EQ(refusal_of(bob, std::string("From: alice@example.test\r\n\r\n\0", 29)),
            SubmissionRefusal::malformed);
  EXPECT_EQ(refusal_of(request({}), "From: alice@example.test\r\n\r\n"), SubmissionRefusal::no_recipients);
  EXPECT_EQ(refusal_of(bob, "X: " + std::string(mime::kOutgoingHeaderOctetsMax, 'x') + "\r\n\r\n"),
            SubmissionRefusal::malformed);
  settings_.submission.message_octets_max = 1024;
  EXPECT_EQ(refusal_of(bob, "From: alice@example.test\r\n\r\n" + std::string(2000, 'x')),
            SubmissionRefusal::too_large);
  settings_.submission.recipients_max = 1;
  EXPECT_EQ(refusal_of(request({"a@b.test", "c@d.test"}), "From: alice@example.test\r\n\r\n"),
            SubmissionRefusal::too_large);
  // An alias that reaches the account is hers, too.
  must(await(directory().set_alias("sales@example.test", std::vector<std::string>{"alice@example.test"})));
  EXPECT_TRUE(submit_one(bob, "From: Sales <Sales@example.test>\r\n\r\n").queued);
}

TEST_F(Relays, APhoneSendsOnceAndKeepsACopy) {
  SubmissionRequest made = request({});
  made.client_id = "633916348086136194";
  made.save_in_sent = true;
  made.repair_line_ends = true;
  const std::string octets = "From: alice@example.test\nTo: bob@example.org\nBcc: carl@example.org\n\nHi.\n";
  const SubmissionOutcome first = submit_one(made, octets);
  ASSERT_TRUE(first.queued);
  const SubmissionOutcome again = submit_one(made, octets + "changed\n");
  ASSERT_TRUE(again.queued);
  EXPECT_TRUE(again.queued->duplicate);
  EXPECT_EQ(queued(first.queued->id).recipients.size(), 2u);
  const MailboxKey sent = find("Sent").key;
  EXPECT_EQ(status(sent).messages, 1u);
  EXPECT_NE(content(sent, Uid(1)).find("To: bob@example.org\r\n\r\nHi.\r\n"), std::string::npos);
}

TEST_F(Relays, AMessageThatIsSentAgainIsKnownByItsId) {
  const std::string octets = "From: alice@example.test\r\nMessage-ID: <1@phone>\r\n\r\nHi.\r\n";
  const OutboxId one = send({"bob@example.org"}, octets);
  EXPECT_EQ(send({"bob@example.org"}, octets), one);
  EXPECT_NE(send({"carl@example.org"}, octets), one);
  EXPECT_NE(send({"bob@example.org"}, octets + "changed\r\n"), one);
  // Without one it may be meant twice.
  EXPECT_NE(send({"bob@example.org"}), send({"bob@example.org"}));
}

}  // namespace
}  // namespace postern::tests
