// The outbox: queued once, claimed by one, nothing settled twice, octets kept as long as somebody needs them.
#include "storage/postgres/purge.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::Params;
using postgres::Statement;

const std::string kHolder(16, 'a');
const std::string kOther(16, 'b');

class Outboxes : public MessageFixture {
 protected:
  Outboxes() {
    settings_.submission.messages_per_hour_max = 5;
    settings_.submission.recipients_per_day_max = 8;
  }
  void SetUp() override {
    MessageFixture::SetUp();
    sent_ = find("Sent").key;
  }

  Outbox& outbox() { return store_->outbox(); }
  StagedMessage staged(std::string octets) {
    return must(await(stage(messages(), alice_, std::move(octets))));
  }
  static NewSubmission submission(std::vector<std::string> recipients, std::string key = {}) {
    NewSubmission made;
    made.envelope.reverse_path = "alice@example.test";
    for (std::string& address : recipients) {
      OutboxRecipient recipient;
      recipient.address = std::move(address);
      made.envelope.recipients.push_back(std::move(recipient));
    }
    made.key = std::move(key);
    return made;
  }
  Result<Enqueued> try_enqueue(const StagedMessage& message, NewSubmission made) {
    return await(outbox().enqueue(message, std::move(made)));
  }
  Enqueued enqueue(const std::string& octets, NewSubmission made) {
    return must(try_enqueue(staged(octets), std::move(made)));
  }
  Claimed claim(const std::string& holder, std::uint32_t most = 10) {
    return must(await(outbox().claim(holder, most)));
  }
  QueuedMessage find_queued(OutboxId id) { return must(await(outbox().find(id))); }
  void record(const QueuedMessage& message, std::uint32_t number, RecipientState state,
              Report report = Report::none, std::string answer = "250 Ok") {
    RecipientResult result;
    result.number = number;
    result.state = state;
    result.report = report;
    result.answer = std::move(answer);
    must(await(outbox().record(message.key, std::vector<RecipientResult>(1, result))));
  }
  void release(const QueuedMessage& message, const std::string& holder, Outbox::Release how = {}) {
    must(await(outbox().release(message, holder, std::move(how))));
  }
  void change(const std::string& text) { sql(Statement{"", text.c_str()}, Params()); }
  std::int64_t count(const std::string& table) {
    const std::string text = "SELECT count(*) FROM " + table;
    return sql(Statement{"", text.c_str()}, Params())[0].get<std::int64_t>(0);
  }
  std::string read_queued(const QueuedMessage& message) {
    auto reader = must(await(outbox().open(message)));
    std::string octets;
    while (octets.size() < reader->size()) octets += must(await(reader->read(octets.size(), 65536)));
    return octets;
  }

  MailboxKey sent_;
};

TEST_F(Outboxes, KeepTheEnvelopeAndTheOctets) {
  NewSubmission made = submission({"bob@example.org", "carl@example.org"});
  made.envelope.recipients[1].notify = 6;
  made.envelope.recipients[1].original = "rfc822;Carl@example.org";
  made.envelope.envelope_id = "QQ314159";
  made.envelope.return_content = ReturnContent::headers;
  made.envelope.eight_bit = true;
  const std::string octets = letter("large", noise(600'000));
  const Enqueued queued = enqueue(octets, std::move(made));
  EXPECT_FALSE(queued.duplicate);
  EXPECT_FALSE(queued.copied);
  const Claimed claimed = claim(kHolder);
  ASSERT_EQ(claimed.messages.size(), 1u);
  const QueuedMessage& message = claimed.messages[0];
  EXPECT_EQ(message.key, (OutboxKey{alice_, queued.id}));
  EXPECT_EQ(message.envelope.reverse_path, "alice@example.test");
  EXPECT_EQ(message.envelope.envelope_id, "QQ314159");
  EXPECT_EQ(message.envelope.return_content, ReturnContent::headers);
  EXPECT_TRUE(message.envelope.eight_bit);
  EXPECT_FALSE(message.envelope.smtputf8);
  EXPECT_EQ(message.attempts, 1u);
  ASSERT_EQ(message.recipients.size(), 2u);
  EXPECT_EQ(message.recipients[0].who.address, "bob@example.org");
  EXPECT_TRUE(message.recipients[1].who.wants(Notify::success));
  EXPECT_TRUE(message.recipients[1].who.wants(Notify::failure));
  EXPECT_FALSE(message.recipients[1].who.wants(Notify::delay));
  EXPECT_EQ(message.recipients[1].who.original, "rfc822;Carl@example.org");
  EXPECT_EQ(read_queued(message), octets);
}

TEST_F(Outboxes, QueueOncePerKey) {
  const std::string key(32, 'k');
  const Enqueued first = enqueue(letter("one"), submission({"bob@example.org"}, key));
  NewSubmission again = submission({"bob@example.org"}, key);
  again.copy_to = sent_;
  const Enqueued second = enqueue(letter("one"), std::move(again));
  EXPECT_TRUE(second.duplicate);
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(status(sent_).messages, 0u);
  // Without a key nothing tells a repetition, and another account's keys are its own.
  EXPECT_FALSE(enqueue(letter("one"), submission({"bob@example.org"})).duplicate);
  EXPECT_EQ(count("outbox"), 2);
}

TEST_F(Outboxes, QueueOncePerKeyAlsoSideBySide) {
  const StagedMessage message = staged(letter("one"));
  std::vector<Task<Result<Enqueued>>> tasks;
  for (int i = 0; i < 8; ++i)
    tasks.push_back(outbox().enqueue(message, submission({"bob@example.org"}, std::string(32, 'k'))));
  int fresh = 0;
  for (auto& result : await_all(std::move(tasks))) fresh += must(std::move(result)).duplicate ? 0 : 1;
  EXPECT_EQ(fresh, 1);
  EXPECT_EQ(count("outbox"), 1);
}

TEST_F(Outboxes, TheCopyInSentSharesTheOctets) {
  const std::string octets = letter("kept");
  NewSubmission made = submission({"bob@example.org"});
  made.copy_to = sent_;
  const Enqueued queued = enqueue(octets, std::move(made));
  ASSERT_TRUE(queued.copied);
  EXPECT_EQ(content(sent_, queued.copied->uid), octets);
  EXPECT_TRUE(flags_of(sent_, raw(queued.copied->uid)).has(SystemFlag::seen));
  EXPECT_EQ(status(sent_).unseen, 0u);
  EXPECT_EQ(count("blobs"), 1);
}

TEST_F(Outboxes, WithoutRoomForTheCopyNothingIsQueued) {
  AccountLimits limits;
  limits.quota_octets = 10;
  must(await(directory().set_limits(alice_, limits)));
  NewSubmission made = submission({"bob@example.org"});
  made.copy_to = sent_;
  EXPECT_EQ(refusal(try_enqueue(staged(letter("one")), made)), ErrorKind::over_quota);
  EXPECT_EQ(count("outbox"), 0);
  EXPECT_EQ(count("blobs"), 0);
  made.copy_to.reset();
  EXPECT_TRUE(try_enqueue(staged(letter("one")), made));
  limits.quota_octets.reset();
  must(await(directory().set_limits(alice_, limits)));
  made.copy_to = MailboxKey{alice_, MailboxId{99999}};
  EXPECT_EQ(refusal(try_enqueue(staged(letter("one")), made)), ErrorKind::not_found);
  EXPECT_EQ(count("outbox"), 1);
}

TEST_F(Outboxes, AnAccountHasItsShare) {
  enqueue(letter("one"), submission({"a@example.org", "b@example.org", "c@example.org", "d@example.org"}));
  const NewSubmission five =
      submission({"a@example.org", "b@example.org", "c@example.org", "d@example.org", "e@example.org"});
  EXPECT_EQ(refusal(try_enqueue(staged(letter("two")), five)), ErrorKind::denied);
  for (int i = 0; i < 4; ++i) enqueue(letter("more"), submission({"a@example.org"}));
  EXPECT_EQ(refusal(try_enqueue(staged(letter("six")), submission({"a@example.org"}))), ErrorKind::denied);
  change("UPDATE outbox SET queued_at = queued_at - interval '2 hours'");
  EXPECT_EQ(refusal(try_enqueue(staged(letter("six")), submission({"a@example.org"}))), ErrorKind::denied);
  change("UPDATE outbox SET queued_at = queued_at - interval '1 day'");
  EXPECT_TRUE(try_enqueue(staged(letter("six")), five));
}

TEST_F(Outboxes, OneWorkerHasAMessageAtATime) {
  enqueue(letter("one"), submission({"bob@example.org"}));
  enqueue(letter("two"), submission({"bob@example.org"}));
  EXPECT_EQ(claim(kHolder, 1).messages.size(), 1u);
  EXPECT_EQ(claim(kOther).messages.size(), 1u);
  const Claimed nothing = claim(kHolder);
  EXPECT_TRUE(nothing.messages.empty());
  ASSERT_TRUE(nothing.next_due);
  EXPECT_GT(nothing.next_due->count(), 0);
  EXPECT_LE(*nothing.next_due, Outbox::kLease);
}

TEST_F(Outboxes, ALostLeaseIsAnothersToReleaseOnly) {
  enqueue(letter("one"), submission({"bob@example.org"}));
  const QueuedMessage lost = claim(kHolder).messages.at(0);
  change("UPDATE outbox SET next_attempt = now() - interval '1 s'");
  must(await(outbox().renew(kHolder)));  // too late
  const QueuedMessage held = claim(kOther).messages.at(0);
  EXPECT_EQ(held.attempts, 2u);
  // What the first has delivered counts; its release does not.
  record(lost, 1, RecipientState::delivered);
  release(lost, kHolder);
  EXPECT_TRUE(find_queued(held.key.id).held);
  record(held, 1, RecipientState::failed, Report::failed, "550 no");
  release(held, kOther);
  const QueuedMessage after = find_queued(held.key.id);
  EXPECT_EQ(after.recipients[0].state, RecipientState::delivered);
  EXPECT_FALSE(after.next_attempt);
}

TEST_F(Outboxes, ReleaseSchedulesWhatIsOpen) {
  const Enqueued queued = enqueue(letter("one"), submission({"a@example.org", "b@example.org"}));
  QueuedMessage message = claim(kHolder).messages.at(0);
  record(message, 1, RecipientState::delivered);
  record(message, 2, RecipientState::waiting, Report::none, "450 later");
  Outbox::Release later;
  later.retry_in = Milliseconds(3'600'000);
  release(message, kHolder, later);
  QueuedMessage now = find_queued(queued.id);
  EXPECT_FALSE(now.held);
  ASSERT_TRUE(now.next_attempt);
  EXPECT_GT(*now.next_attempt, now.queued_at + std::chrono::minutes(50));
  EXPECT_EQ(now.recipients[1].answer, "450 later");
  EXPECT_TRUE(claim(kHolder).messages.empty());

  must(await(outbox().retry(queued.id)));
  message = claim(kHolder).messages.at(0);
  EXPECT_EQ(refusal(await(outbox().retry(queued.id))), ErrorKind::stale);
  // A report that is due keeps it open until it has been made.
  record(message, 2, RecipientState::failed, Report::failed, "550 no");
  release(message, kHolder);
  message = claim(kHolder).messages.at(0);
  EXPECT_EQ(message.recipients[1].report, Report::failed);
  Outbox::Release reported;
  reported.reported = {2};
  release(message, kHolder, reported);
  EXPECT_FALSE(find_queued(queued.id).next_attempt);
  EXPECT_FALSE(claim(kHolder).next_due);
}

TEST_F(Outboxes, AdministratorsListAndDrop) {
  const Enqueued one = enqueue(letter("one"), submission({"a@example.org"}));
  const Enqueued two = enqueue(letter("two"), submission({"b@example.org"}));
  must(await(outbox().drop(one.id)));
  EXPECT_EQ(refusal(await(outbox().drop(one.id))), ErrorKind::stale);
  EXPECT_EQ(refusal(await(outbox().drop(OutboxId{987654}))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(outbox().retry(OutboxId{987654}))), ErrorKind::not_found);
  OutboxFilter filter;
  auto open = must(await(outbox().list(filter)));
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].key.id, two.id);
  filter.finished = true;
  filter.account = alice_;
  auto all = must(await(outbox().list(filter)));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].recipients[0].state, RecipientState::failed);
  EXPECT_EQ(claim(kHolder).messages.size(), 1u);
}

TEST_F(Outboxes, TheDepthCountsWhatIsToBeDone) {
  const auto depth = [this] { return must(await(outbox().depth())); };
  EXPECT_EQ(depth().waiting, 0u);
  EXPECT_EQ(depth().oldest, Milliseconds(0));
  const Enqueued first = enqueue(letter("one"), submission({"bob@example.org"}));
  enqueue(letter("two"), submission({"bob@example.org"}));
  EXPECT_EQ(depth().waiting, 2u);
  EXPECT_EQ(depth().overdue, 0u);
  change(
      "UPDATE outbox SET queued_at = now() - interval '1 hour', next_attempt = now() - interval '2 minutes'"
      " WHERE outbox_id = " +
      std::to_string(raw(first.id)));
  EXPECT_EQ(depth().overdue, 1u);
  EXPECT_GE(depth().oldest, Milliseconds(3'600'000));
  must(await(outbox().drop(first.id)));
  EXPECT_EQ(depth().waiting, 1u) << "what is kept to be looked at does not wait";
  EXPECT_EQ(depth().overdue, 0u);
}

TEST_F(Outboxes, PurgeKeepsOctetsWhileSomebodyNeedsThem) {
  const std::string octets = letter("kept", noise(600'000));
  NewSubmission made = submission({"bob@example.org"});
  made.copy_to = sent_;
  const Enqueued queued = enqueue(octets, std::move(made));
  must(await(messages().remove(sent_, uids({1}), Door::imap)));
  change("UPDATE expunged SET expunged_at = expunged_at - interval '20 days'");
  postgres::Purge purge(*database_, settings_.store, Log::silent());
  EXPECT_EQ(must(await(purge.run_once())).messages, 1u);
  const QueuedMessage message = claim(kHolder).messages.at(0);
  EXPECT_EQ(read_queued(message), octets);
  record(message, 1, RecipientState::delivered);
  release(message, kHolder);
  EXPECT_EQ(must(await(purge.run_once())).outbox, 0u);
  change("UPDATE outbox SET finished_at = finished_at - interval '4 days'");
  const auto counts = must(await(purge.run_once()));
  EXPECT_EQ(counts.outbox, 1u);
  EXPECT_EQ(counts.blobs, 1u);
  EXPECT_EQ(count("outbox_recipients"), 0);
  EXPECT_EQ(count("staged_blobs"), 1);  // its chunks, collected a day later
  EXPECT_EQ(refusal(await(outbox().find(queued.id))), ErrorKind::not_found);
}

TEST_F(Outboxes, PurgeOfTheQueueLeavesTheCopy) {
  const std::string octets = letter("kept");
  NewSubmission made = submission({"bob@example.org"});
  made.copy_to = sent_;
  enqueue(octets, std::move(made));
  const QueuedMessage message = claim(kHolder).messages.at(0);
  record(message, 1, RecipientState::delivered);
  release(message, kHolder);
  change("UPDATE outbox SET finished_at = finished_at - interval '4 days'");
  postgres::Purge purge(*database_, settings_.store, Log::silent());
  EXPECT_EQ(must(await(purge.run_once())).outbox, 1u);
  EXPECT_EQ(content(sent_, Uid(1)), octets);
}

TEST_F(Outboxes, TheBellRingsAfterAnEnqueue) {
  int rings = 0;
  const Subscription listening = store_->changes().listen(kOutboxBell, [&rings](ModSeq) { ++rings; });
  enqueue(letter("one"), submission({"bob@example.org"}));
  EXPECT_EQ(rings, 1);
}

}  // namespace
}  // namespace postern::tests
