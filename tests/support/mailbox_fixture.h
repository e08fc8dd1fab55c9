// The account alice@example.test, her mailboxes, and how to ask for them in one word.
#pragma once

#include <set>

#include "tests/support/directory_fixture.h"

namespace postern::tests {

constexpr std::uint32_t kMailboxesMax = 30;

inline MailboxName name(std::string_view text) {
  auto parsed = MailboxName::parse(text);
  if (!parsed) throw std::runtime_error(std::string(text) + ": " + parsed.error().detail);
  return *std::move(parsed);
}

class MailboxFixture : public DirectoryFixture {
 protected:
  MailboxFixture() { settings_.imap.mailboxes_max = kMailboxesMax; }
  void SetUp() override {
    DirectoryFixture::SetUp();
    alice_ = create("alice@example.test").id;
  }

  MailboxStore& mailboxes() { return store_->mailboxes(); }
  Result<Mailbox> try_make(std::string_view text, SpecialUse use = SpecialUse::none) {
    return await(mailboxes().create(alice_, name(text), use));
  }
  Mailbox make(std::string_view text, SpecialUse use = SpecialUse::none) { return must(try_make(text, use)); }
  Mailbox find(std::string_view text) { return must(await(mailboxes().find(alice_, name(text)))); }
  Result<void> rename(std::string_view from, std::string_view to) {
    return await(mailboxes().rename(alice_, name(from), name(to)));
  }
  Result<void> remove(std::string_view text) {
    return await(mailboxes().remove(alice_, name(text), Door::imap));
  }
  // Beside the six that every account has.
  std::vector<std::string> names() {
    static const std::set<std::string> kFirst{"INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive"};
    std::vector<std::string> texts;
    for (const Mailbox& mailbox : must(await(mailboxes().list(alice_)))) {
      if (!kFirst.contains(mailbox.name.text())) texts.push_back(mailbox.name.text());
    }
    return texts;
  }
  void fill(MailboxKey key, std::int64_t messages, std::int64_t octets) {
    static constexpr postgres::Statement kFill{"test_fill_mailbox", R"sql(
     WITH filled AS (UPDATE mailboxes SET messages = $3::bigint, octets = $4::bigint, uid_next = $3::bigint + 1
                      WHERE account_id = $1::bigint AND mailbox_id = $2::bigint)
     UPDATE account_usage SET messages = messages + $3::bigint, octets = octets + $4::bigint
      WHERE account_id = $1::bigint)sql"};
    sql(kFill, postgres::Params(key.account, key.mailbox, messages, octets));
  }

  AccountId alice_{};
};

}  // namespace postern::tests
