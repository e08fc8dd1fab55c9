// The UIDs of a mailbox in batches of so many messages, the newest first (RFC 10022). Pure.
#pragma once

#include <string>
#include <vector>

#include "protocols/imap/command.h"
#include "storage/mailbox_index.h"

namespace postern::imap {

// Smaller batches would give message numbers back to clients that have renounced them, and make long answers.
constexpr std::uint32_t kBatchMessagesMin = 500;

// Ranges that lie against each other without a gap, down to UID 1; each holds `command.messages` messages but
// the last, which holds the rest. Those that are asked for and exist.
std::vector<UidRange> uid_batches(const MailboxSnapshot& snapshot, const UidBatches& command);

}  // namespace postern::imap
