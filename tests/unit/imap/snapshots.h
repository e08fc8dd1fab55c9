// Snapshots of a mailbox from a few words, for tests of what looks at one.
#pragma once

#include <map>

#include "storage/mailbox_index.h"

namespace postern::imap {

struct Message {
  std::uint32_t uid = 0;
  std::uint64_t modseq = 1;
  std::uint8_t flags = 0;
};

inline SnapshotPtr snapshot_of(const std::vector<Message>& messages, std::uint32_t uid_next = 1000) {
  std::map<std::uint32_t, MailboxPage> pages;
  MailboxStatus status;
  status.uid_next = Uid(uid_next);
  for (const Message& message : messages) {
    MailboxPage& page = pages[message.uid >> kPageBits];
    page.number = message.uid >> kPageBits;
    page.states.push_back({ModSeq(message.modseq), Uid(message.uid), message.flags});
    status.highest_modseq = std::max(status.highest_modseq, ModSeq(message.modseq));
  }
  MailboxSnapshot::Pages shared;
  for (auto& entry : pages) shared.push_back(std::make_shared<const MailboxPage>(std::move(entry.second)));
  return std::make_shared<const MailboxSnapshot>(MailboxKey(), status, std::move(shared),
                                                 std::make_shared<const KeywordTable>());
}

}  // namespace postern::imap
