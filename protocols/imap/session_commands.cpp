// One command of a session: parsed, run, answered; or refused before that.
#include "gateway/base/text.h"
#include "protocols/imap/announce.h"
#include "protocols/imap/dispatch.h"
#include "protocols/imap/incoming.h"
#include "protocols/imap/session.h"
#include "protocols/imap/watch.h"

namespace postern::imap {

namespace {

constexpr unsigned kBadCommandsMax = 3;  // before log-in

// The connection is there, or nobody would be told: what has closed is the store's, and the outcome not
// known.
StatusResponse refusal_of(const Error& error) {
  return to_status(error.kind == ErrorKind::closed ? Error(ErrorKind::unavailable) : error);
}

}  // namespace

Task<void> Session::execute_frame(bool with_message) {
  Frame frame = framer_.take_frame();
  tag_ = std::move(frame.tag);
  unread_message_octets = with_message && !framer_.synchronizing() ? framer_.literal_octets() : 0;

  const CommandRow* row = find_command(frame.name);
  Result<Command> command = Error(ErrorKind::invalid, "Unknown command");
  if (row != nullptr) {
    Cursor in(frame.arguments, user ? user->names() : NameSpelling::modified_utf7);
    command = row->parse(in);
  }
  frame = Frame();  // may be large, and the command may take long
  Answer answer = Error(ErrorKind::invalid);
  if (row != nullptr && row->numbers == Numbers::sequence && user && user->uid_only) {
    answer = bad("UIDREQUIRED", "Message numbers were given up");
  } else if (command) {
    answer = co_await dispatch(*this, *command);
  } else {
    answer = command.error();
  }
  if (unread_message_octets > 0 && !ended_) co_await drop_messages(*this);
  if (lost_ || (ended_ && !answer) || tag_.empty()) co_return;

  const Expunges expunges = row != nullptr ? row->expunges : Expunges::held_back;
  if (!ended_ && has_news(expunges)) {
    auto announced = co_await announce_changes(*this, expunges);
    if (lost_) co_return;
  }
  if (!ended_ && watch && watch->has_news()) {
    auto told = co_await watch->tell();
    if (lost_) co_return;
  }
  if (!answer) {
    services.log.event(Level::debug, "imap.refused",
                       {{"session", connection.id},
                        {"kind", name_of(answer.error().kind)},
                        {"detail", text::printable(answer.error().detail)}});
  }
  const StatusResponse response = answer ? *answer : refusal_of(answer.error());
  print(io.output(), tag_, response);
  note_answer(response);
  tag_ = std::string();
  co_await flush_if_full();
}

Task<void> Session::refuse_frame() {
  const Refusal refusal = framer_.take_refusal();
  const std::string code = refusal.too_big ? "TOOBIG" : "";
  StatusResponse response = bad(refusal.text);
  response.code.text = code;
  print(io.output(), refusal.tag, response);
  note_answer(response);
  if (refusal.close && !ended_) end(bye(code, refusal.text));
  co_await flush_if_full();
}

void Session::note_answer(const StatusResponse& answer) {
  if (user || answer.condition != Condition::bad) return;
  if (++stranger.bad_commands >= kBadCommandsMax && !ended_) end(bye("", "Too many bad commands"));
}

}  // namespace postern::imap
