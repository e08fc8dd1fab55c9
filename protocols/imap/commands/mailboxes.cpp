// CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 3501 §6.3.3 to §6.3.7, RFC 6154 §3).
#include "protocols/imap/response/mailboxes.h"
#include "protocols/imap/commands/run.h"

namespace postern::imap {

Task<Answer> run(Authenticated& user, const Create& command) {
  Session& session = user.session;
  if (command.special_use_refused) co_return no("USEATTR", "No such special use");
  auto name = command.mailbox.creatable();
  if (!name) co_return cannot(name.error());
  CO_TRY(const Mailbox made, co_await session.mailboxes().create(user.account, *name, command.special_use));
  co_return ok(ResponseCode::mailbox_id(made.key.mailbox), "Created");
}

Task<Answer> run(Authenticated& user, const Delete& command) {
  Session& session = user.session;
  CO_TRY(const MailboxName name, command.mailbox.existing());
  if (name.is_inbox()) co_return no("CANNOT", "INBOX stays");
  CO_TRY(const Mailbox mailbox, co_await session.mailboxes().find(user.account, name));
  CO_TRY_VOID(co_await session.mailboxes().remove(user.account, name, Door::imap));
  if (session.selected && session.selected->mailbox.key == mailbox.key) {
    session.selected.reset();
    print(session.io.output(), "", ok(ResponseCode{"CLOSED"}, "Its messages are gone"));
  }
  co_return ok("Deleted");
}

Task<Answer> run(Authenticated& user, const Rename& command) {
  Session& session = user.session;
  CO_TRY(const MailboxName from, command.from.existing());
  auto to = command.to.creatable();
  if (!to) co_return cannot(to.error());
  auto renamed = co_await session.mailboxes().rename(user.account, from, *to);
  if (!renamed && renamed.error().kind == ErrorKind::invalid) co_return cannot(renamed.error());
  CO_TRY_VOID(std::move(renamed));
  // Its messages have gone where the new name is, and INBOX is another mailbox now (RFC 3501 §6.3.5).
  if (from.is_inbox() && session.selected && session.selected->mailbox.name.is_inbox()) {
    session.selected.reset();
    print(session.io.output(), "", ok(ResponseCode{"CLOSED"}, "INBOX is a new mailbox"));
  }
  if (user.rev2) {
    ListEntry entry;
    entry.name = *to;
    entry.old_name = from;
    print_list(session.io.output(), entry, user.names());
  }
  co_return ok("Renamed");
}

Task<Answer> run(Authenticated& user, const Subscribe& command) {
  CO_TRY(const MailboxName name, command.mailbox.existing());
  CO_TRY_VOID(co_await user.session.mailboxes().subscribe(user.account, name));
  co_return ok("Subscribed");
}

Task<Answer> run(Authenticated& user, const Unsubscribe& command) {
  CO_TRY(const MailboxName name, command.mailbox.existing());
  CO_TRY_VOID(co_await user.session.mailboxes().unsubscribe(user.account, name));
  co_return ok("Unsubscribed");
}

}  // namespace postern::imap
