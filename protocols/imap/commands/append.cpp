// APPEND (RFC 3501 §6.3.11, RFC 4315 §3, RFC 7888) of one message or of several, all or none (RFC 3502), and
// REPLACE (RFC 8508).
#include "protocols/imap/announce.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/incoming.h"

namespace postern::imap {

namespace {

// A mailbox that could be made (RFC 3501 §7.1, TRYCREATE).
Answer refused(const Error& error) {
  if (error.kind == ErrorKind::not_found) return no("TRYCREATE", "No such mailbox");
  return error;
}

}  // namespace

Task<Answer> run(Authenticated& user, const Append& command) {
  Session& session = user.session;
  auto name = command.mailbox.existing();
  if (!name) co_return refused(name.error());
  auto mailbox = co_await session.mailboxes().find(user.account, *name);
  if (!mailbox) co_return refused(mailbox.error());

  Incoming incoming(user);
  auto received = co_await incoming.receive(command, Incoming::Messages::several);
  if (!received) co_return incoming.refusal(received.error());
  auto appended = co_await session.messages().append_all(mailbox->key, incoming.take());
  // Deleted since it was found.
  if (!appended) co_return refused(appended.error());
  if (session.selected && session.selected->mailbox.key == mailbox->key) {
    session.selected->own_messages.add(appended->uids);
    session.look_for_news(appended->modseq);
  }
  co_return ok(ResponseCode::append_uid(appended->uid_validity, appended->uids), "Appended");
}

// The new message is stored before the old one goes; who is stopped in between has both.
Task<Answer> run(Selected& selected, const Replace& command) {
  Session& session = selected.user.session;
  if (selected.read_only) co_return no("READ-ONLY", "Opened with EXAMINE");
  SequenceSet set;
  set.ranges.assign(1, command.message);
  CO_TRY(MailboxView::Named old, selected.named(set, command.uid));
  if (old.ghosts && !command.uid) co_return no("EXPUNGEISSUED", "This message is gone");
  if (selected.view.take(old.uids, Uid{1}, 1).empty()) co_return no("NONEXISTENT", "No such message");
  auto name = command.with.mailbox.existing();
  if (!name) co_return refused(name.error());
  auto mailbox = co_await session.mailboxes().find(selected.user.account, *name);
  if (!mailbox) co_return refused(mailbox.error());

  Incoming incoming(selected.user);
  auto received = co_await incoming.receive(command.with, Incoming::Messages::one);
  if (!received) co_return incoming.refusal(received.error());
  auto appended = co_await session.messages().append_all(mailbox->key, incoming.take());
  if (!appended) co_return refused(appended.error());
  // The new UID comes before the EXPUNGE that ends the old one (RFC 8508 §3.3).
  print(session.io.output(), "",
        ok(ResponseCode::append_uid(appended->uid_validity, appended->uids), "Replacement stored"));
  CO_TRY(const Expunged removed,
         co_await session.messages().remove(selected.mailbox.key, std::move(old.uids), Door::imap));
  ModSeq reached = removed.modseq;
  if (mailbox->key == selected.mailbox.key) {
    selected.own_messages.add(appended->uids);
    reached = std::max(reached, appended->modseq);
  }
  session.look_for_news(reached);
  if (!selected.user.condstore || removed.uids.empty()) co_return ok("Replaced");
  CO_TRY_VOID(co_await announce_changes(session, Expunges::allowed));
  co_return ok(ResponseCode::highest_modseq(selected.view.snapshot()->modseq()), "Replaced");
}

}  // namespace postern::imap
