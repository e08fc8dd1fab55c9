// Messages put into alice's mailboxes and looked at again, in one word each.
#pragma once

#include "storage/postgres/recount.h"
#include "tests/support/mailbox_fixture.h"

namespace postern::tests {

inline std::string letter(std::string_view subject, std::string_view body = "Hello.") {
  return "From: Bob <bob@example.test>\r\nTo: alice@example.test\r\nSubject: " + std::string(subject) +
         "\r\nDate: Mon, 6 Jan 2025 10:00:00 +0100\r\n\r\n" + std::string(body) + "\r\n";
}

// Reproducible octets that do not compress.
inline std::string noise(std::size_t size, std::uint64_t seed = 1) {
  std::string octets(size, '\0');
  for (char& octet : octets) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    octet = static_cast<char>(seed >> 56);
  }
  return octets;
}

// The write end, fed in pieces; takes `octets` by value because it is read across waits.
inline Task<Result<StagedMessage>> stage(MessageStore& messages, AccountId home, std::string octets,
                                         std::string trace = "", std::size_t piece = 65536) {
  std::unique_ptr<MessageSink> sink = messages.receive(home, std::move(trace));
  for (std::size_t at = 0; at < octets.size(); at += piece) {
    CO_TRY_VOID(co_await sink->write(std::string_view(octets).substr(at, piece)));
  }
  co_return co_await sink->finish();
}

inline Task<Result<Appended>> deliver(MessageStore& messages, AccountId account, std::string octets,
                                      std::string recipient = "alice@example.test", std::string trace = "") {
  CO_TRY(StagedMessage staged, co_await stage(messages, account, std::move(octets), std::move(trace)));
  Delivery delivery;
  delivery.account = account;
  delivery.reverse_path = "bob@example.test";
  delivery.recipient = std::move(recipient);
  co_return co_await messages.deliver(staged, std::move(delivery));
}

inline Task<Result<Appended>> append(MessageStore& messages, MailboxKey mailbox, std::string octets,
                                     NewMessage with) {
  CO_TRY(StagedMessage staged, co_await stage(messages, mailbox.account, std::move(octets)));
  co_return co_await messages.append(staged, mailbox, std::move(with));
}

inline Task<Result<std::unique_ptr<MessageReader>>> open(MessageStore& messages, MailboxKey mailbox,
                                                         Uid uid) {
  UidSet one;
  one.add(uid);
  CO_TRY(const std::vector<MessageFacts> facts,
         co_await messages.facts(mailbox, std::move(one), FetchDepth::facts));
  if (facts.empty()) co_return Error(ErrorKind::not_found);
  co_return messages.open(mailbox.account, facts.front());
}

inline Task<Result<std::string>> read_all(MessageStore& messages, MailboxKey mailbox, Uid uid,
                                          std::size_t piece) {
  CO_TRY(std::unique_ptr<MessageReader> reader, co_await open(messages, mailbox, uid));
  std::string octets;
  while (octets.size() < reader->size()) {
    CO_TRY(const std::string_view read, co_await reader->read(octets.size(), piece));
    if (read.empty()) break;
    octets += read;
  }
  co_return octets;
}

inline Flags flags(std::initializer_list<SystemFlag> system,
                   std::initializer_list<const char*> keywords = {}) {
  Flags result;
  for (const SystemFlag flag : system) result.set(flag);
  for (const char* keyword : keywords) result.add_keyword(keyword);
  return result;
}

inline UidSet uids(std::initializer_list<std::uint32_t> numbers) {
  UidSet set;
  for (const std::uint32_t number : numbers) set.add(Uid(number));
  return set;
}

class MessageFixture : public MailboxFixture {
 protected:
  void SetUp() override {
    MailboxFixture::SetUp();
    inbox_ = find("INBOX").key;
  }

  MessageStore& messages() { return store_->messages(); }
  Result<Appended> try_deliver(std::string octets) {
    return await(deliver(messages(), alice_, std::move(octets)));
  }
  Result<Appended> try_append(MailboxKey key, std::string octets, Flags with = {}) {
    NewMessage message;
    message.flags = std::move(with);
    return await(append(messages(), key, std::move(octets), std::move(message)));
  }
  Appended put(MailboxKey key, std::string octets, Flags with = {}) {
    return must(try_append(key, std::move(octets), std::move(with)));
  }
  // n small messages with UIDs 1 … n in an empty mailbox.
  void fill_with_mail(MailboxKey key, int n) {
    std::vector<Task<Result<Appended>>> tasks;
    for (int i = 1; i <= n; ++i)
      tasks.push_back(append(messages(), key, letter("no " + std::to_string(i)), NewMessage()));
    for (auto& result : await_all(std::move(tasks))) must(std::move(result));
  }
  SnapshotPtr snapshot(MailboxKey key) { return must(await(messages().snapshot(key))); }
  MailboxStatus status(MailboxKey key) { return must(await(mailboxes().status(key))); }
  std::string content(MailboxKey key, Uid uid, std::size_t piece = 65536) {
    return must(await(read_all(messages(), key, uid, piece)));
  }
  Result<FlagsStored> store(MailboxKey key, UidSet set, FlagChangeMode mode, Flags with,
                            std::optional<ModSeq> unchanged_since = std::nullopt) {
    FlagChange change;
    change.mode = mode;
    change.flags = std::move(with);
    return await(messages().store_flags(key, std::move(set), std::move(change), unchanged_since));
  }
  Flags flags_of(MailboxKey key, std::uint32_t uid) {
    const SnapshotPtr now = snapshot(key);
    const MessageState* state = now->find(Uid(uid));
    if (!state) throw std::runtime_error("no message " + std::to_string(uid));
    return now->flags(*state);
  }
  void expect_no_drift(AccountId account) {
    for (const auto& drift : must(await(postgres::recount(*database_, account)))) {
      ADD_FAILURE() << "account " << raw(account) << " mailbox " << (drift.mailbox ? raw(*drift.mailbox) : 0)
                    << ": " << drift.what << " stored " << drift.stored << " counted " << drift.counted;
    }
  }
  void TearDown() override {
    expect_no_drift(alice_);
    MailboxFixture::TearDown();
  }

  MailboxKey inbox_;
};

}  // namespace postern::tests
