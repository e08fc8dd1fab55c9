// NOTIFY (RFC 5465). From then on the session tells news between commands, too.
#include "protocols/imap/announce.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/watch.h"

namespace postern::imap {

Task<Answer> run(Authenticated& user, const Notify& command) {
  Session& session = user.session;
  if (command.unsupported) {
    co_return no(
        "BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange "
        "MailboxMetadataChange ServerMetadataChange)",
        "No such event");
  }
  auto watch = std::make_unique<Watch>(session, command);
  const auto begun = co_await watch->begin();
  if (!begun && begun.error().kind == ErrorKind::too_large) {
    co_return no("NOTIFICATIONOVERFLOW", "Too many mailboxes to watch");
  }
  CO_TRY_VOID(begun);
  if (command.status) watch->print_all();
  session.watch = std::move(watch);
  // It is a NOOP, too (RFC 5465 §3.1).
  if (!command.groups.empty()) session.look_for_news();
  co_return ok("So be it");
}

}  // namespace postern::imap
