// Moving out: an account's mailboxes as a Maildir++, as mbox files or as trees of .eml files. What is there
// already is left alone, so an export that was broken off goes on; a second one brings what is new.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/async/loop.h"
#include "storage/exchange/source.h"
#include "storage/mailboxes.h"
#include "storage/messages.h"

namespace postern::exchange {

struct ExportRequest {
  AccountId account{};
  std::string path;  // a directory that this makes, for the owner alone
  ArchiveKind kind = ArchiveKind::maildir;
  mailfiles::MboxDialect dialect = mailfiles::MboxDialect::mboxrd;
  std::optional<MailboxName> mailbox;  // absent: all
};

struct ExportReport {
  std::uint64_t mailboxes = 0;
  std::uint64_t messages = 0;  // written now
  std::uint64_t octets = 0;
  std::uint64_t there = 0;           // written by an earlier run
  std::uint64_t skipped = 0;         // gone meanwhile
  std::vector<std::string> reasons;  // mailboxes that cannot be files
  std::string mailbox;               // at work
};

// As of the moment when each mailbox's turn comes. `report` is true at any time. not_found (mailbox),
// unavailable (also a full disk), closed (progress says
// no).
Task<Result<void>> export_mail(Loop& loop, MailboxStore& mailboxes, MessageStore& messages,
                               ExportRequest request, ExportReport& report,
                               std::function<bool(const ExportReport&)> progress);

}  // namespace postern::exchange
