// APPEND (RFC 3501 §6.3.11, RFC 4315 §3, RFC 7888). The message streams from the socket into the store; at
// most one chunk of it is in memory. What can be refused is refused before the client is asked to send.
#include "protocols/imap/commands/run.h"
#include "protocols/imap/response/writer.h"

namespace postern::imap {

namespace {

constexpr std::size_t kPieceOctets = 64 * 1024;

struct Received {
  std::optional<StagedMessage> message;
  std::optional<Error> failure;  // of the store, while the octets had to be taken all the same
  bool has_nul = false;
};

// Takes all octets of the literal, whatever becomes of them, so that the next command is found behind them.
Task<Result<Received>> receive(Authenticated& user, std::uint64_t octets) {
  Session& session = user.session;
  Received received;
  std::unique_ptr<MessageSink> sink = session.messages().receive(user.account, std::string());
  std::string piece;
  while (octets > 0) {
    const std::size_t piece_max = octets < kPieceOctets ? static_cast<std::size_t>(octets) : kPieceOctets;
    CO_TRY(const std::string_view some, co_await session.read_some(piece_max));
    octets -= some.size();
    if (session.unread_message_octets > 0) session.unread_message_octets -= some.size();
    received.has_nul = received.has_nul || some.find('\0') != std::string_view::npos;
    if (received.failure || received.has_nul) continue;
    piece = some;  // the view does not outlive the wait for the store
    auto written = co_await sink->write(piece);
    if (!written) received.failure = written.error();
  }
  CO_TRY(Line rest, co_await session.next_line());
  if (!rest.text.empty()) {
    // A second message would begin here (RFC 3502); its octets cannot be told from commands.
    session.end(bye("", "One message at a time"));
    co_return Error(ErrorKind::invalid, "more than one message");
  }
  if (received.failure || received.has_nul) co_return received;
  auto staged = co_await sink->finish();
  if (staged) {
    received.message = *std::move(staged);
  } else {
    received.failure = staged.error();
  }
  co_return received;
}

}  // namespace

Task<Answer> run(Authenticated& user, const Append& command) {
  Session& session = user.session;
  if (command.message_octets > session.settings.imap.append_octets_max) {
    co_return no("TOOBIG", "Message too large");
  }
  if (command.message_octets == 0) co_return no("", "An empty message is none");
  auto name = command.mailbox.existing();
  if (!name) co_return no("TRYCREATE", "No such mailbox");
  auto mailbox = co_await session.mailboxes().find(user.account, *name);
  if (!mailbox && mailbox.error().kind == ErrorKind::not_found) co_return no("TRYCREATE", "No such mailbox");
  if (!mailbox) co_return std::move(mailbox).error();

  if (command.synchronizing) {
    session.io.put("+ Send the message\r\n");
    CO_TRY_VOID(co_await session.flush());
  }
  CO_TRY(Received received, co_await receive(user, command.message_octets));
  if (received.has_nul) co_return no("", "A message has no NUL");
  if (received.failure) co_return *std::move(received.failure);

  NewMessage with;
  with.flags = command.flags;
  with.internal_date = command.internal_date;
  with.internal_zone_minutes = command.internal_zone_minutes;
  auto appended = co_await session.messages().append(*received.message, mailbox->key, std::move(with));
  // Deleted since it was found.
  if (!appended && appended.error().kind == ErrorKind::not_found)
    co_return no("TRYCREATE", "No such mailbox");
  if (!appended) co_return std::move(appended).error();
  if (session.selected && session.selected->mailbox.key == mailbox->key)
    session.look_for_news(appended->modseq);
  co_return ok(ResponseCode::append_uid(appended->uid_validity, UidSet::one(appended->uid)), "Appended");
}

}  // namespace postern::imap
