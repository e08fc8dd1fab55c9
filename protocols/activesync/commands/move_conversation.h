// ItemOperations' Move: all there is of a conversation goes to a folder, and so does what is delivered later.
// MS-ASCMD section 2.2.3.117.1. What the user wrote (drafts, sent mail) and what is in Trash or Junk stays.
#pragma once

#include <string>
#include <vector>

#include "protocols/activesync/commands/run.h"

namespace postern::activesync {

// not_found: no message of the conversation, or none among the newest; timed_out; closed: the device has hung
// up. What was moved until then stays moved.
Task<Result<void>> move_conversation(Conversation& conversation, std::vector<Mailbox> mailboxes,
                                     std::string conversation_id, MailboxKey destination);

}  // namespace postern::activesync
