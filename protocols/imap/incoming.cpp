#include "protocols/imap/incoming.h"

#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

constexpr std::size_t kPieceOctets = 64 * 1024;

// The next message, if the line behind the octets of one announces it.
Result<std::optional<AppendMessage>> next_in(const Line& line, NameSpelling names) {
  if (line.text.empty()) return std::optional<AppendMessage>();
  if (line.too_long || line.has_nul || line.has_bare_cr) return Error(ErrorKind::invalid, "not a line");
  Cursor in(line.text, names);
  TRY(AppendMessage next, parse_next_append(in));
  return std::optional<AppendMessage>(std::move(next));
}

}  // namespace

Result<StatusResponse> Incoming::refusal(const Error& error) const {
  if (user_.session.ended() || !refused_) return error;
  return *refused_;
}

void Incoming::refuse(StatusResponse why) {
  if (!refused_) refused_ = Result<StatusResponse>(std::move(why));
}

void Incoming::check(const AppendMessage& message) {
  if (message.octets > user_.session.settings.imap.append_octets_max) {
    refuse(no("TOOBIG", "Message too large"));
  } else if (message.octets == 0) {
    refuse(no("", "An empty message is none"));
  } else if (messages_.size() == kMessagesMax || held_octets_ > kHeldOctetsMax) {
    refuse(no("LIMIT", "Too much for one command"));
  }
}

Task<Result<void>> Incoming::receive(AppendMessage first, Messages how_many) {
  std::optional<AppendMessage> next(std::move(first));
  while (next) {
    const AppendMessage message = *std::move(next);
    check(message);
    // A client that waits to be asked has nothing more to send once it hears NO, and nobody reads just
    // anything.
    if (refused_ && message.synchronizing) break;
    if (message.octets > user_.session.settings.imap.append_octets_max) {
      user_.session.unread_message_octets = message.octets;
      break;
    }
    CO_TRY(next, co_await receive_one(message, how_many));
  }
  if (refused_) co_return Error(ErrorKind::denied, "refused while it was received");
  co_return Result<void>();
}

Task<Result<std::optional<AppendMessage>>> Incoming::receive_one(const AppendMessage& message,
                                                                 Messages how_many) {
  Session& session = user_.session;
  session.unread_message_octets = message.synchronizing ? 0 : message.octets;
  if (message.synchronizing) {
    session.io.put("+ Send the message\r\n");
    CO_TRY_VOID(co_await session.flush());
  }
  CO_TRY_VOID(co_await stream(message, session.messages().receive(user_.account, std::string())));
  co_return co_await read_on(message.in_utf8, how_many);
}

// Takes all octets of the literal, whatever becomes of them, so that what follows is found behind them.
Task<Result<void>> Incoming::stream(const AppendMessage& message, std::unique_ptr<MessageSink> sink) {
  Session& session = user_.session;
  std::string piece;
  for (std::uint64_t left = message.octets; left > 0;) {
    const std::size_t piece_max = left < kPieceOctets ? static_cast<std::size_t>(left) : kPieceOctets;
    CO_TRY(const std::string_view some, co_await session.read_some(piece_max));
    left -= some.size();
    if (session.unread_message_octets > 0) session.unread_message_octets -= some.size();
    // What is stored is what SMTP carried: there is no place for NUL in it (RFC 3516 §4.4).
    if (some.find('\0') != std::string_view::npos) {
      refuse(no(message.binary ? "UNKNOWN-CTE" : "", "A message has no NUL"));
    }
    if (refused_) continue;
    piece = some;  // the view does not outlive the wait for the store
    auto written = co_await sink->write(piece);
    if (!written) refused_ = Result<StatusResponse>(written.error());
  }
  if (refused_) co_return Result<void>();
  auto staged = co_await sink->finish();
  if (!staged) {
    refused_ = Result<StatusResponse>(staged.error());
    co_return Result<void>();
  }
  held_octets_ += staged->first_chunk.size() + staged->structure.size();
  NewStagedMessage taken;
  taken.message = *std::move(staged);
  taken.with.flags = message.flags;
  taken.with.internal_date = message.internal_date;
  taken.with.internal_zone_minutes = message.internal_zone_minutes;
  messages_.push_back(std::move(taken));
  co_return Result<void>();
}

Task<Result<std::optional<AppendMessage>>> Incoming::read_on(bool in_utf8, Messages how_many) {
  Session& session = user_.session;
  CO_TRY(Line line, co_await session.next_line());
  if (in_utf8 && line.text.starts_with(')')) {
    line.text.erase(0, 1);
  } else if (in_utf8) {
    line.text.insert(0, "?");  // what is there ends the session below
  }
  auto next = next_in(line, user_.names());
  if (next && (how_many == Messages::several || !*next)) co_return next;
  // Where the next command begins cannot be told.
  session.end(bye("", "Expected the end of the command"));
  co_return Error(ErrorKind::closed, "something else behind a message");
}

Task<void> drop_messages(Session& session) {
  const auto too_much = [&session] {
    return !session.user || session.unread_message_octets > session.settings.imap.append_octets_max;
  };
  while (session.unread_message_octets > 0) {
    if (too_much()) {
      session.end(bye("TOOBIG", "Message too large"));
      co_return;
    }
    while (session.unread_message_octets > 0) {
      auto octets = co_await session.read_some(session.unread_message_octets);
      if (!octets) co_return;
      session.unread_message_octets -= octets->size();
    }
    Result<Line> rest = co_await session.next_line();
    if (!rest) co_return;
    if (rest->text.starts_with(')')) rest->text.erase(0, 1);
    const auto next = next_in(*rest, NameSpelling::utf8);
    if (!next) {
      session.end(bye("", "Expected the end of the command"));
      co_return;
    }
    if (*next && !(*next)->synchronizing) session.unread_message_octets = (*next)->octets;
  }
}

}  // namespace postern::imap
