// UIDBATCHES (RFC 10022).
#include "protocols/imap/uid_batches.h"

#include "protocols/imap/commands/run.h"
#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

Task<Answer> run(Selected& selected, const UidBatches& command) {
  if (command.messages < kBatchMessagesMin) co_return no("TOOFEW", "A batch has 500 messages at least");
  Session& session = selected.user.session;
  print_uid_batches(session.io.output(), session.tag(), uid_batches(*selected.view.snapshot(), command));
  co_return ok("That is all");
}

}  // namespace postern::imap
