// News of the selected mailbox, as the client may be told them now: one function for NOOP, for IDLE and for
// the end of every command (RFC 3501 §5.2, §7.3, §7.4.1).
#pragma once

#include "gateway/async/task.h"
#include "protocols/imap/command_table.h"
#include "protocols/imap/session.h"

namespace postern::imap {

// Brings the view up to date and prints what changed. If the mailbox is gone the session ends with BYE. On an
// error of the store nothing is told, and the bell stays rung.
Task<Result<void>> announce_changes(Session& session, Expunges expunges);

// Messages whose flags are told even if they are no news: the answer to a STORE.
struct Echo {
  UidSet uids;
  bool with_uid = false;
};
Task<Result<void>> announce_changes(Session& session, Expunges expunges, Echo echo);

// What NOTIFY asked to hear between commands (RFC 5465): of the selected mailbox, and of all others.
constexpr Milliseconds kQuietBetweenNews{100};  // a busy mailbox is looked at no more often
constexpr Milliseconds kQuietAfterError{5000};
bool has_watched_news(const Session& session);
Task<Result<void>> tell_watched_news(Session& session);

// "* FLAGS (…)" and PERMANENTFLAGS: when a mailbox is opened, and when it gets a new keyword.
void print_mailbox_flags(Selected& selected);

}  // namespace postern::imap
