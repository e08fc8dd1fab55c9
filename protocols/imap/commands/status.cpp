// STATUS (RFC 3501 §6.3.10, RFC 7162 §3.1.7, RFC 8438): counters of the mailbox row, no message is looked at.
#include "protocols/imap/commands/status_answer.h"

#include "protocols/imap/commands/run.h"
#include "protocols/imap/condstore.h"

namespace postern::imap {

Task<Result<StatusAnswer>> status_answer(Session& session, Mailbox mailbox, bool count_recent) {
  StatusAnswer answer{.status = mailbox.status};
  if (count_recent && mailbox.status.first_recent < mailbox.status.uid_next) {
    CO_TRY(const SnapshotPtr snapshot, co_await session.messages().snapshot(mailbox.key));
    answer.recent = snapshot->size() - snapshot->rank(mailbox.status.first_recent);
  }
  co_return answer;
}

bool asks(const std::vector<StatusItem>& items, StatusItem item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

Task<Answer> run(Authenticated& user, const Status& command) {
  Session& session = user.session;
  CO_TRY(const MailboxName name, command.mailbox.existing());
  CO_TRY(Mailbox mailbox, co_await session.mailboxes().find(user.account, name));
  const bool count_recent = asks(command.items, StatusItem::recent);
  CO_TRY(const StatusAnswer answer, co_await status_answer(session, std::move(mailbox), count_recent));
  if (asks(command.items, StatusItem::highest_modseq)) enable_condstore(user);
  print_status(session.io.output(), name, command.items, answer);
  co_return ok("That is all");
}

}  // namespace postern::imap
