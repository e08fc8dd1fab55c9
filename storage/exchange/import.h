// Moving in: a source's folders become mailboxes, its messages are taken in batches. May be broken off
// anywhere and run again: what was stored is known by its key. What cannot be stored is said, item by item.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/async/loop.h"
#include "storage/exchange/source.h"
#include "storage/intake.h"

namespace postern::exchange {

// How another server made POP3's UIDLs of UID and UIDVALIDITY.
enum class UidlFormat : std::uint8_t { ours, dovecot, cyrus, courier };
std::optional<UidlFormat> uidl_format_from(std::string_view name);
std::string uidl_of(UidlFormat format, UidValidity validity, Uid uid);  // empty for ours

struct ImportRequest {
  AccountId account{};
  std::string source;                   // names where it comes from, for the keys: the path
  std::optional<MailboxName> below;     // put everything there
  UidlFormat uidls = UidlFormat::ours;  // of messages that keep their UIDs
};

struct ImportReport {
  std::uint64_t folders = 0;
  std::uint64_t messages = 0;  // stored now
  std::uint64_t octets = 0;
  std::uint64_t known = 0;           // stored by an earlier run
  std::uint64_t skipped = 0;         // messages and folders
  std::uint64_t expected = 0;        // about as many as the source has; 0: unknown
  std::vector<std::string> reasons;  // of the first kReasonsMax
  std::string mailbox;               // at work
};
constexpr std::size_t kReasonsMax = 1000;

// `report` is true at any time, also after an error: over_quota, unavailable, not_found (account), and closed
// if `progress`, which is asked after each batch, says no.
Task<Result<void>> import_mail(Loop& loop, MessageStore& messages, Intake& intake, MailSource& source,
                               ImportRequest request, ImportReport& report,
                               std::function<bool(const ImportReport&)> progress);

}  // namespace postern::exchange
