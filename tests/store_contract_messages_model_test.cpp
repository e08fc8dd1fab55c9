// Laws 1, 2, 7, 8 under concurrency: several nodes (each a thread with its own loop, store and connections)
// do random things to two mailboxes at once while observers follow by snapshots. What every observer saw must
// be one history, and in the end pages, counters, quota and octets must agree.
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

struct Boxes {
  MailboxKey first;
  MailboxKey second;
};

// A process of its own, as far as the store can tell.
class Node {
 public:
  Node(const std::string& conninfo, const Settings& settings, const Clock& clock)
      : store_(postgres::open_store(loop_, conninfo, settings, clock, Log::silent())) {}

  // Runs the tasks side by side to their ends, then closes.
  void run(std::vector<Task<void>> tasks) {
    TaskScope scope(loop_, [](std::exception_ptr bug) { std::rethrow_exception(bug); });
    for (Task<void>& task : tasks) scope.start(stop_after(std::move(task), loop_));
    while (scope.running() > 0) loop_.run();
    scope.start(stop_after(store_->close(), loop_));
    while (scope.running() > 0) loop_.run();
  }
  MessageStore& messages() { return store_->messages(); }
  Loop& loop() { return loop_; }

 private:
  static Task<void> stop_after(Task<void> task, Loop& loop) {
    co_await std::move(task);
    loop.stop();
  }
  Loop loop_;
  std::unique_ptr<Store> store_;
};

class RandomWriter {
 public:
  RandomWriter(MessageStore& messages, Boxes boxes, unsigned seed)
      : messages_(messages), boxes_(boxes), random_(seed), name_("writer " + std::to_string(seed)) {}

  Task<void> run(int steps) {
    for (int step = 0; step < steps; ++step) {
      MailboxKey here = boxes_.first;
      MailboxKey there = boxes_.second;
      if (chance(2) == 0) std::swap(here, there);
      const Result<void> done = co_await act(here, there, step);
      EXPECT_TRUE(done) << name_of(done.error().kind) << " " << done.error().detail;
    }
  }

 private:
  unsigned chance(unsigned n) { return static_cast<unsigned>(random_() % n); }

  UidSet some(const MailboxSnapshot& snapshot) {
    UidSet set;
    const unsigned count = chance(6);
    for (unsigned i = 0; i < count && snapshot.size() > 0; ++i) {
      set.add(snapshot.at(chance(static_cast<unsigned>(snapshot.size()))).uid);
    }
    return set;
  }

  Flags some_flags() {
    Flags flags;
    if (chance(2) == 0) flags.set(SystemFlag::seen);
    if (chance(3) == 0) flags.set(SystemFlag::deleted);
    if (chance(3) == 0) flags.add_keyword("k" + std::to_string(chance(8)));
    return flags;
  }

  Task<Result<void>> act(MailboxKey here, MailboxKey there, int step) {
    const std::string octets = letter(name_ + " step " + std::to_string(step));
    switch (chance(9)) {
      case 0:
      case 1: {
        CO_TRY_VOID(co_await deliver(messages_, here.account, octets));
        co_return Result<void>();
      }
      case 2: {
        NewMessage with;
        with.flags = some_flags();
        CO_TRY_VOID(co_await append(messages_, here, octets, std::move(with)));
        co_return Result<void>();
      }
      case 3: {
        CO_TRY(Expunged expunged, co_await messages_.expunge(here, UidSet::all(), Door::imap));
        co_return Result<void>();
      }
      default: break;
    }
    CO_TRY(SnapshotPtr snapshot, co_await messages_.snapshot(here));
    UidSet chosen = some(*snapshot);
    switch (chance(5)) {
      case 0: {
        CO_TRY_VOID(co_await messages_.copy(here, chosen, there));
        break;
      }
      case 1: {
        CO_TRY_VOID(co_await messages_.move(here, chosen, there));
        break;
      }
      default: {
        FlagChange change;
        change.mode = static_cast<FlagChangeMode>(chance(3));
        change.flags = some_flags();
        CO_TRY_VOID(co_await messages_.store_flags(here, chosen, std::move(change), std::nullopt));
      }
    }
    co_return Result<void>();
  }

  MessageStore& messages_;
  const Boxes boxes_;
  std::mt19937 random_;
  const std::string name_;
};

// Follows one mailbox by differences only, like a session that tells its client.
class Observer {
 public:
  explicit Observer(MailboxKey key) : key_(key) {}

  Task<void> run(Loop& loop, MessageStore& messages, const std::atomic<bool>& finished) {
    bool last = false;
    while (!last) {
      last = finished.load();  // asked before the look, so that the last look sees all
      auto now = co_await messages.snapshot(key_);
      if (!now) {
        ADD_FAILURE() << now.error().detail;
        co_return;
      }
      look(*now);
      co_await sleep(loop, Milliseconds(1));
    }
  }

  // What was built from differences is the last snapshot.
  void expect_complete() const {
    ASSERT_TRUE(before_);
    EXPECT_EQ(known_.size(), before_->size());
    before_->each([this](std::size_t, const MessageState& state) {
      const auto found = known_.find(state.uid);
      ASSERT_NE(found, known_.end()) << raw(state.uid);
      EXPECT_EQ(found->second.modseq, state.modseq);
      EXPECT_EQ(found->second.flags, before_->flags(state));
    });
    EXPECT_GT(looks_, 3u);
  }
  SnapshotPtr last() const { return before_; }

 private:
  struct Known {
    ModSeq modseq{};
    Flags flags;
  };

  void look(const SnapshotPtr& now) {
    ++looks_;
    if (!before_) {
      before_ = std::make_shared<const MailboxSnapshot>(key_, MailboxStatus(), MailboxSnapshot::Pages(),
                                                        std::make_shared<const KeywordTable>());
    }
    EXPECT_GE(now->modseq(), before_->modseq());
    EXPECT_GE(now->status().uid_next, before_->status().uid_next);
    const SnapshotDifference changes = difference(*before_, *now);
    changes.vanished.each([this](Uid uid) { EXPECT_EQ(known_.erase(uid), 1u); });
    changes.added.each([this, &now](Uid uid) {
      EXPECT_GT(uid, highest_) << "a UID came after a greater one, or again";
      highest_ = std::max(highest_, uid);
      take(*now, uid);
    });
    changes.updated.each([this, &now](Uid uid) { take(*now, uid); });
    std::uint64_t unseen = 0, deleted = 0;
    now->each([&](std::size_t, const MessageState& state) {
      EXPECT_LE(state.modseq, now->modseq());
      if (!state.has(SystemFlag::seen)) ++unseen;
      if (state.has(SystemFlag::deleted)) ++deleted;
    });
    EXPECT_EQ(now->status().messages, now->size());
    EXPECT_EQ(now->status().unseen, unseen);
    EXPECT_EQ(now->status().deleted, deleted);
    before_ = now;
  }

  void take(const MailboxSnapshot& now, Uid uid) {
    const MessageState& state = *now.find(uid);
    EXPECT_GT(state.modseq, before_->modseq()) << "a change that is not newer than what was seen";
    known_[uid] = Known{state.modseq, now.flags(state)};
  }

  const MailboxKey key_;
  SnapshotPtr before_;
  Uid highest_{};
  std::map<Uid, Known> known_;
  std::size_t looks_ = 0;
};

class MessagesModel : public MessageFixture, public testing::WithParamInterface<unsigned> {};

TEST_P(MessagesModel, ManyWritersMakeOneHistory) {
  constexpr unsigned kNodes = 3, kWritersPerNode = 4;
  constexpr int kSteps = 40;
  const Boxes boxes{inbox_, make("Second").key};
  std::atomic<bool> finished = false;
  std::vector<std::thread> writers;
  for (unsigned node = 0; node < kNodes; ++node) {
    writers.emplace_back([&, node] {
      Node own(conninfo_, settings_, clock_);
      std::vector<std::unique_ptr<RandomWriter>> actors;
      std::vector<Task<void>> tasks;
      for (unsigned i = 0; i < kWritersPerNode; ++i) {
        const unsigned seed = GetParam() * 1000 + node * kWritersPerNode + i;
        actors.push_back(std::make_unique<RandomWriter>(own.messages(), boxes, seed));
        tasks.push_back(actors.back()->run(kSteps));
      }
      own.run(std::move(tasks));
    });
  }
  Observer first(boxes.first), second(boxes.second);
  std::thread watching([&] {
    Node own(conninfo_, settings_, clock_);
    std::vector<Task<void>> tasks;
    tasks.push_back(first.run(own.loop(), own.messages(), finished));
    tasks.push_back(second.run(own.loop(), own.messages(), finished));
    own.run(std::move(tasks));
  });
  for (std::thread& writer : writers) writer.join();
  finished = true;
  watching.join();

  first.expect_complete();
  second.expect_complete();
  // A node that never looked before loads the same end.
  for (const Observer* observer : {&first, &second}) {
    const SnapshotPtr fresh = snapshot(observer->last()->key());
    EXPECT_EQ(fresh->modseq(), observer->last()->modseq());
    const SnapshotDifference none = difference(*observer->last(), *fresh);
    EXPECT_TRUE(none.vanished.empty() && none.added.empty() && none.updated.empty());
    fresh->each([&](std::size_t, const MessageState& state) {
      EXPECT_EQ(fresh->flags(state), observer->last()->flags(*observer->last()->find(state.uid)));
    });
  }
  // The expunge log and the pages divide all UIDs ever given out between them.
  for (const MailboxKey& key : {boxes.first, boxes.second}) {
    const UidSet vanished = must(await(messages().vanished_since(key, ModSeq(0))));
    const SnapshotPtr now = snapshot(key);
    EXPECT_TRUE(vanished.intersect(now->uids()).empty());
    EXPECT_EQ(vanished.size() + now->size(), raw(now->status().uid_next) - 1u);
  }
  // Fixture::TearDown recounts counters, quota and octets.
}

INSTANTIATE_TEST_SUITE_P(Seeds, MessagesModel, testing::Values(1u, 2u, 3u));

}  // namespace
}  // namespace postern::tests
