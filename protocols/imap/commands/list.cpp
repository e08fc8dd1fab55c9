// LIST (RFC 3501 §6.3.8, RFC 5258, RFC 5819, RFC 6154) and LSUB (RFC 3501 §6.3.9). All mailboxes come from
// the store in one round trip, with their counters, so that RETURN (STATUS …) costs nothing more.
#include "protocols/imap/list_match.h"

#include "protocols/imap/commands/run.h"
#include "protocols/imap/commands/status_answer.h"
#include "protocols/imap/condstore.h"

namespace postern::imap {

Task<Answer> run(Authenticated& user, const List& command) {
  Session& session = user.session;
  std::string& out = session.io.output();
  if (!command.extended && command.patterns.front().empty()) {
    print_list_root(out);
    co_return ok("That is all");
  }
  CO_TRY(const std::vector<Mailbox> mailboxes, co_await session.mailboxes().list(user.account));
  std::vector<MailboxName> subscriptions;
  if (command.selection.subscribed || command.returned.subscribed) {
    CO_TRY(subscriptions, co_await session.mailboxes().subscriptions(user.account));
  }
  const std::vector<StatusItem>& items = command.returned.status;
  if (asks(items, StatusItem::highest_modseq)) enable_condstore(user);
  const std::vector<ListMatch> matches = match_list(command, mailboxes, subscriptions);
  for (const ListMatch& match : matches) {
    print_list(out, match.entry, user.names());
    if (!items.empty() && match.mailbox != nullptr) {
      auto answer = co_await status_answer(session, *match.mailbox, items);
      if (answer) print_status(out, match.entry.name, items, *answer, user.names());
    }
    CO_TRY_VOID(co_await session.flush_if_full());
  }
  co_return ok("That is all");
}

Task<Answer> run(Authenticated& user, const Lsub& command) {
  Session& session = user.session;
  CO_TRY(const std::vector<MailboxName> subscriptions,
         co_await session.mailboxes().subscriptions(user.account));
  List list;
  list.reference = command.reference;
  list.patterns = std::vector<std::string>(1, command.pattern);
  list.selection.subscribed = true;
  // "%" shows parents of what is subscribed below, as names that cannot be selected.
  list.selection.recursive_match = command.pattern.find('%') != std::string::npos;
  const std::vector<Mailbox> none;
  const std::vector<ListMatch> matches = match_list(list, none, subscriptions);
  for (const ListMatch& match : matches) {
    print_lsub(session.io.output(), match.entry.name, !match.entry.subscribed, user.names());
    CO_TRY_VOID(co_await session.flush_if_full());
  }
  co_return ok("That is all");
}

}  // namespace postern::imap
