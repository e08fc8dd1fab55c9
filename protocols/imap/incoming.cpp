#include "protocols/imap/incoming.h"

#include "gateway/base/text.h"
#include "protocols/imap/catenate.h"
#include "protocols/imap/grammar/framer.h"
#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

constexpr std::size_t kPieceOctets = 64 * 1024;
constexpr std::size_t kUrlOctetsMax = 8192;

// What the line behind the octets of a literal announces: nothing, further parts of the same message, other
// messages.
Result<std::vector<AppendMessage>> announced_in(const Line& line, NameSpelling names, bool in_catenate) {
  if (line.too_long || line.has_nul || line.has_bare_cr) return Error(ErrorKind::invalid, "not a line");
  if (line.text.empty() && !in_catenate) return std::vector<AppendMessage>();
  Cursor in(line.text, names);
  return in_catenate ? parse_more_parts(in) : parse_next_appends(in);
}

bool ends_with_url(std::string_view before) {
  constexpr std::string_view kUrl = " URL ";
  return before.size() >= kUrl.size() && text::same(before.substr(before.size() - kUrl.size()), kUrl);
}

// The line, and the octets of URLs that are literals.
Task<Result<Line>> next_line_with_urls(Session& session) {
  CO_TRY(Line line, co_await session.next_line());
  while (true) {
    const auto literal = literal_announced(line.text);
    const std::string_view before = std::string_view(line.text).substr(0, literal ? literal->brace : 0);
    if (!literal || !ends_with_url(before)) co_return line;
    const std::uint64_t octets = literal->octets.value_or(UINT64_MAX);
    if (octets > kUrlOctetsMax || line.text.size() > kAfterLogIn.line_octets_max) {
      session.end(bye("TOOBIG", "URL too long"));
      co_return Error(ErrorKind::closed, "URL too long");
    }
    if (literal->synchronizing) {
      session.io.put("+ Go on\r\n");
      CO_TRY_VOID(co_await session.flush());
    }
    line.text += "\r\n";
    for (std::uint64_t left = octets; left > 0;) {
      CO_TRY(const std::string_view some, co_await session.read_some(left));
      line.text += some;
      left -= some.size();
    }
    CO_TRY(const Line rest, co_await session.next_line());
    line.text += rest.text;
    line.too_long = line.too_long || rest.too_long;
    line.has_nul = line.has_nul || rest.has_nul;
  }
}

bool has_literal(const AppendMessage& part) {
  return !part.catenated || !part.catenated->closed;
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
  if (message.octets == 0 && !message.catenated) {
    refuse(no("", "An empty message is none"));
  } else if (messages_.size() == kMessagesMax || held_octets_ > kHeldOctetsMax) {
    refuse(no("LIMIT", "Too much for one command"));
  }
}

void Incoming::check_octets(const AppendMessage& part, const MessageSink& sink) {
  const std::uint64_t octets_max = user_.session.settings.imap.append_octets_max;
  if (has_literal(part) && part.octets > octets_max - std::min(sink.size(), octets_max)) {
    refuse(no("TOOBIG", "Message too large"));
  }
}

bool Incoming::gives_up(const AppendMessage& part) const {
  return refused_ && has_literal(part) && part.synchronizing;
}

Task<Result<void>> Incoming::receive(const Append& command, Messages how_many) {
  how_many_ = how_many;
  coming_.push_back(command.message);
  for (const AppendMessage& message : command.more) coming_.push_back(message);
  while (!coming_.empty()) {
    AppendMessage message = std::move(coming_.front());
    coming_.pop_front();
    check(message);
    CO_TRY_VOID(co_await receive_one(std::move(message)));
  }
  if (refused_) co_return Error(ErrorKind::denied, "refused while it was received");
  co_return Result<void>();
}

Task<Result<void>> Incoming::receive_one(AppendMessage message) {
  const auto sink = user_.session.messages().receive(user_.account, std::string());
  for (AppendMessage part = message;;) {
    CO_TRY_VOID(co_await add_part(part, *sink));
    if (gives_up(part) || user_.session.unread_message_octets > 0) {
      coming_.clear();
      co_return Result<void>();
    }
    if (!has_literal(part)) break;
    CO_TRY_VOID(co_await read_on(part));
    if (!message.catenated) break;
    part = std::move(coming_.front());
    coming_.pop_front();
  }
  if (sink->size() == 0) refuse(no("", "An empty message is none"));
  if (refused_) co_return Result<void>();
  co_return co_await keep(message, *sink);
}

Task<Result<void>> Incoming::add_part(const AppendMessage& part, MessageSink& sink) {
  Session& session = user_.session;
  const std::uint64_t octets_max = session.settings.imap.append_octets_max;
  const std::vector<std::string> urls = part.catenated ? part.catenated->urls : std::vector<std::string>();
  for (const std::string& url : urls) {
    if (refused_) break;
    const std::uint64_t room = octets_max - std::min(sink.size(), octets_max);
    const auto added = co_await append_url(user_, url, sink, room);
    if (added) continue;
    if (added.error().kind == ErrorKind::not_found) {
      refuse(no(ResponseCode::bad_url(url).text, "No such part of a message"));
    } else if (added.error().kind == ErrorKind::too_large) {
      refuse(no("TOOBIG", "Message too large"));
    } else {
      refused_ = Result<StatusResponse>(added.error());
    }
  }
  check_octets(part, sink);
  // Nobody reads just anything.
  if (has_literal(part) && !part.synchronizing) session.unread_message_octets = part.octets;
  if (!has_literal(part) || gives_up(part) || part.octets > octets_max) co_return Result<void>();
  if (part.synchronizing) {
    session.io.put("+ Send the message\r\n");
    CO_TRY_VOID(co_await session.flush());
  }
  co_return co_await stream(part, sink);
}

// Takes all octets of the literal, whatever becomes of them, so that what follows is found behind them.
Task<Result<void>> Incoming::stream(const AppendMessage& part, MessageSink& sink) {
  Session& session = user_.session;
  std::string piece;
  for (std::uint64_t left = part.octets; left > 0;) {
    const std::size_t piece_max = left < kPieceOctets ? static_cast<std::size_t>(left) : kPieceOctets;
    CO_TRY(const std::string_view some, co_await session.read_some(piece_max));
    left -= some.size();
    if (session.unread_message_octets > 0) session.unread_message_octets -= some.size();
    // What is stored is what SMTP carried: there is no place for NUL in it (RFC 3516 §4.4).
    if (some.find('\0') != std::string_view::npos) {
      refuse(no(part.binary ? "UNKNOWN-CTE" : "", "A message has no NUL"));
    }
    if (refused_) continue;
    piece = some;  // the view does not outlive the wait for the store
    auto written = co_await sink.write(piece);
    if (!written) refused_ = Result<StatusResponse>(written.error());
  }
  co_return Result<void>();
}

Task<Result<void>> Incoming::keep(const AppendMessage& message, MessageSink& sink) {
  auto staged = co_await sink.finish();
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

Task<Result<void>> Incoming::read_on(const AppendMessage& before) {
  Session& session = user_.session;
  const bool in_catenate = before.catenated.has_value();
  const bool in_utf8 = before.in_utf8;
  CO_TRY(Line line, co_await next_line_with_urls(session));
  if (in_utf8 && line.text.starts_with(')')) {
    line.text.erase(0, 1);
  } else if (in_utf8) {
    line.text.insert(0, "?");  // what is there ends the session below
  }
  auto next = announced_in(line, user_.names(), in_catenate);
  const std::size_t of_this_message = in_catenate ? 1 : 0;
  if (next && (how_many_ == Messages::several || next->size() == of_this_message)) {
    for (AppendMessage& one : *next) coming_.push_back(std::move(one));
    co_return Result<void>();
  }
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
    Result<Line> rest = co_await next_line_with_urls(session);
    if (!rest) co_return;
    // Which kind of message it was is not known any more; one that ends and one whose parts end look alike.
    auto next = announced_in(*rest, NameSpelling::utf8, true);
    if (!next) {
      if (rest->text.starts_with(')')) rest->text.erase(0, 1);
      next = announced_in(*rest, NameSpelling::utf8, false);
    }
    if (!next) {
      session.end(bye("", "Expected the end of the command"));
      co_return;
    }
    if (next->empty() || !has_literal(next->back()) || next->back().synchronizing) co_return;
    session.unread_message_octets = next->back().octets;
  }
}

}  // namespace postern::imap
