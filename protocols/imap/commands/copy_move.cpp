// COPY (RFC 3501 §6.4.7, RFC 4315 §3) and MOVE (RFC 6851). All of the messages or none.
#include "protocols/imap/commands/run.h"
#include "protocols/imap/message_limit.h"
#include "protocols/imap/progress.h"

namespace postern::imap {

namespace {

template <class C>
Task<Result<Mailbox>> find_target(Selected& selected, const C& command) {
  CO_TRY(const MailboxName name, command.mailbox.existing());
  co_return co_await selected.user.session.mailboxes().find(selected.user.account, name);
}

// A target that could be made (RFC 3501 §7.1, TRYCREATE).
Answer no_target(const Error& error) {
  if (error.kind == ErrorKind::not_found) return no("TRYCREATE", "No such mailbox");
  return error;
}

}  // namespace

Task<Answer> run(Selected& selected, const Copy& command) {
  Session& session = selected.user.session;
  CO_TRY(MailboxView::Named named, selected.named(command.set, command.uid));
  auto target = co_await find_target(selected, command);
  if (!target) co_return no_target(target.error());
  if (named.ghosts && !command.uid) co_return no("EXPUNGEISSUED", "Some of these messages are gone");
  if (named.uids.empty()) co_return ok("Nothing to copy");
  const std::uint32_t messages_max = session.settings.imap.copy_messages_max;
  const WithinLimit part = within_limit(selected.view, named.uids, messages_max);
  if (part.lowest) {
    co_return no(ResponseCode::message_limit(messages_max, part.lowest).text, "Too many messages at once");
  }
  auto copying = session.messages().copy(selected.mailbox.key, std::move(named.uids), target->key);
  CO_TRY(const Copied copied, co_await with_progress(session, std::move(copying)));
  if (target->key == selected.mailbox.key) {
    for (const Uid uid : copied.to) selected.own_messages.add(uid);
    session.look_for_news(copied.target_modseq);
  }
  co_return ok(ResponseCode::copy_uid(copied), "Copied");
}

Task<Answer> run(Selected& selected, const Move& command) {
  Session& session = selected.user.session;
  if (selected.read_only) co_return no("READ-ONLY", "Opened with EXAMINE");
  CO_TRY(MailboxView::Named named, selected.named(command.set, command.uid));
  auto target = co_await find_target(selected, command);
  if (!target) co_return no_target(target.error());
  if (named.ghosts && !command.uid) co_return no("EXPUNGEISSUED", "Some of these messages are gone");
  if (named.uids.empty()) co_return ok("Nothing to move");
  const std::uint32_t messages_max = session.settings.imap.command_messages_max;
  WithinLimit part = within_limit(selected.view, std::move(named.uids), messages_max);
  auto moving = session.messages().move(selected.mailbox.key, std::move(part.uids), target->key);
  CO_TRY(const Copied moved, co_await with_progress(session, std::move(moving)));
  // The new UIDs come before the EXPUNGEs that end the old ones (RFC 6851 §4.3).
  if (!moved.from.empty()) print(session.io.output(), "", ok(ResponseCode::copy_uid(moved), "Moved"));
  session.look_for_news(moved.from.empty() ? Session::kAsItIs : moved.source_modseq);
  if (part.lowest)
    co_return ok(ResponseCode::message_limit(messages_max, part.lowest), "The newest are done");
  co_return ok("Done");
}

}  // namespace postern::imap
