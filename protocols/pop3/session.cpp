#include "protocols/pop3/session.h"

#include "gateway/base/http_line.h"
#include "gateway/base/text.h"
#include "protocols/shared/dot_lines.h"

namespace postern::pop3 {

namespace {

constexpr std::uint32_t kBadCommandsMax = 3;  // before log-in
constexpr std::uint32_t kBadCommandsSignedInMax = 50;
constexpr std::size_t kReadOctets = 64 * 1024;

std::string_view reason(const Error& error) {
  switch (error.kind) {
    case ErrorKind::invalid: return error.detail;
    case ErrorKind::not_found: return "No such message";
    case ErrorKind::denied: return "Not now";
    case ErrorKind::unavailable:
    case ErrorKind::over_quota: return "[SYS/TEMP] Try again later";
    case ErrorKind::already_exists:
    case ErrorKind::too_large:
    case ErrorKind::stale:
    case ErrorKind::timed_out:
    case ErrorKind::closed:
    case ErrorKind::internal: return "[SYS/TEMP] Internal error";
  }
  return "[SYS/TEMP] Internal error";
}

bool ends_connection(const Error& error) {
  return error.kind == ErrorKind::closed || error.kind == ErrorKind::timed_out;
}

}  // namespace

Session::Session(const Settings& settings, const Services& services, Connection connection)
    : settings_(settings),
      services_(services),
      connection_(std::move(connection)),
      io_(services.loop, std::move(connection_.stream)),
      reader_(services.loop, io_, *connection_.stop),
      sign_in_deadline_(Deadline::after(std::chrono::seconds(settings.limits.unauthenticated_life_s))) {}

Deadline Session::input_deadline() const {
  if (!maildrop_) return sign_in_deadline_;
  return Deadline::after(std::chrono::seconds(settings_.pop3.idle_timeout_s));
}

Deadline Session::output_deadline() const {
  return Deadline::after(std::chrono::seconds(settings_.limits.output_stall_s));
}

Task<void> Session::run() {
  put("+OK Postern ready");
  auto served = co_await serve();
  if (!served && reader_.stopped()) {
    put("-ERR [SYS/PERM] This account may not use POP3 any more");
  } else if (!served && reader_.stopping()) {
    put("-ERR [SYS/TEMP] The server is shutting down");
  }
  if (!served && served.error().kind == ErrorKind::timed_out) put("-ERR Timed out");
  if (!quit_) co_await keep_seen();
  if (watch_) co_await watch_->ended();
  co_await reader_.finish(Deadline::after(std::chrono::seconds(5)));
}

Task<Result<void>> Session::serve() {
  while (!quit_) {
    CO_TRY(Line line, co_await reader_.next(kCommandOctetsMax, input_deadline(), output_deadline()));
    if (line.too_long) {
      put("-ERR Line too long");
      co_return Result<void>();
    }
    if (!maildrop_ && is_http_line(line.text)) {
      put("-ERR This is POP3");
      co_return Result<void>();
    }
    Result<Command> command = Error(ErrorKind::invalid, "Octets that do not belong in a command");
    if (!line.has_nul && !line.has_bare_cr) command = parse_command(line.text);
    if (!command) {
      put("-ERR " + command.error().detail);
      const std::uint32_t bad_max = maildrop_ ? kBadCommandsSignedInMax : kBadCommandsMax;
      if (++bad_commands_ >= bad_max) co_return Result<void>();
      continue;
    }
    auto outcome = co_await execute(*std::move(command));
    if (!outcome && ends_connection(outcome.error())) co_return std::move(outcome).error();
    if (!outcome) {
      answer_error(outcome.error());
      const bool mistaken = outcome.error().kind == ErrorKind::invalid;
      if (!maildrop_ && mistaken && ++bad_commands_ >= kBadCommandsMax) co_return Result<void>();
    }
    CO_TRY_VOID(co_await io_.flush_if_full(output_deadline()));
  }
  co_return Result<void>();
}

void Session::answer_error(const Error& error) {
  if (error.kind == ErrorKind::internal || error.kind == ErrorKind::unavailable) {
    services_.log.event(
        Level::warning, "pop3.refused",
        {{"session", connection_.id}, {"kind", name_of(error.kind)}, {"detail", error.detail}});
  }
  put("-ERR " + std::string(reason(error)));
}

namespace {
// Which state a command belongs to; QUIT, CAPA, NOOP, LANG and UTF8 go in both.
template <class C>
constexpr bool kBeforeSignIn =
    std::is_same_v<C, User> || std::is_same_v<C, Pass> || std::is_same_v<C, Auth> || std::is_same_v<C, Stls>;
template <class C>
constexpr bool kInBoth = std::is_same_v<C, Quit> || std::is_same_v<C, Capa> || std::is_same_v<C, Lang>;
}  // namespace

Task<Result<void>> Session::execute(Command command) {
  auto run_one = [this](auto value) -> Task<Result<void>> {
    using C = decltype(value);
    if (kBeforeSignIn<C> && maildrop_) return refuse("You are signed in already");
    if (!kBeforeSignIn<C> && !kInBoth<C> && !std::is_same_v<C, Utf8> && !maildrop_)
      return refuse("Sign in first");
    // RFC 6856 §2.1: UTF8 belongs before the sign-in.
    if (std::is_same_v<C, Utf8> && maildrop_) return refuse("UTF8 comes before the sign-in");
    return handle(std::move(value));
  };
  return std::visit(run_one, std::move(command));
}

Task<Result<void>> Session::refuse(std::string text) {
  co_return Error(ErrorKind::invalid, std::move(text));
}

Task<Result<void>> Session::handle(Stat) {
  put("+OK " + std::to_string(maildrop_->count()) + ' ' + std::to_string(maildrop_->octets()));
  co_return Result<void>();
}

Task<Result<void>> Session::handle(List command) {
  CO_TRY_VOID(co_await maildrop_->load_listing(services_.store));
  if (command.message) {
    const MessageNumber number = *command.message;
    if (!maildrop_->uid_of(number)) co_return Error(ErrorKind::not_found);
    put("+OK " + std::to_string(number) + ' ' + std::to_string(maildrop_->size_of(number)));
    co_return Result<void>();
  }
  put("+OK " + std::to_string(maildrop_->count()) + " messages");
  for (MessageNumber number = 1; number <= maildrop_->last(); ++number) {
    if (maildrop_->is_deleted(number)) continue;
    put(std::to_string(number) + ' ' + std::to_string(maildrop_->size_of(number)));
    CO_TRY_VOID(co_await io_.flush_if_full(output_deadline()));
  }
  put(".");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Uidl command) {
  CO_TRY_VOID(co_await maildrop_->load_listing(services_.store));
  if (command.message) {
    const MessageNumber number = *command.message;
    if (!maildrop_->uid_of(number)) co_return Error(ErrorKind::not_found);
    put("+OK " + std::to_string(number) + ' ' + maildrop_->uidl_of(number));
    co_return Result<void>();
  }
  put("+OK Unique ids follow");
  for (MessageNumber number = 1; number <= maildrop_->last(); ++number) {
    if (maildrop_->is_deleted(number)) continue;
    put(std::to_string(number) + ' ' + maildrop_->uidl_of(number));
    CO_TRY_VOID(co_await io_.flush_if_full(output_deadline()));
  }
  put(".");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Retr command) {
  const auto uid = maildrop_->uid_of(command.message);
  if (!uid) co_return Error(ErrorKind::not_found);
  CO_TRY_VOID(co_await send_message(command.message, std::nullopt));
  retrieved_.add(*uid);
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Top command) {
  if (!maildrop_->uid_of(command.message)) co_return Error(ErrorKind::not_found);
  co_return co_await send_message(command.message, command.lines);
}

namespace {

// Lets pass the header, the blank line and so many lines of the body (RFC 1939 §7 TOP).
class TopCut {
 public:
  explicit TopCut(std::uint64_t body_lines_max) : lines_left_(body_lines_max) {}
  // How many of these octets still belong to the answer.
  std::size_t take(std::string_view octets) {
    for (std::size_t i = 0; i < octets.size(); ++i) {
      if (done()) return i;
      const char c = octets[i];
      if (c == '\n') {
        if (in_header_ && blank_) {
          in_header_ = false;
        } else if (!in_header_) {
          --lines_left_;
        }
        blank_ = true;
      } else if (c != '\r') {
        blank_ = false;
      }
    }
    return octets.size();
  }
  bool done() const { return !in_header_ && lines_left_ == 0; }

 private:
  std::uint64_t lines_left_;
  bool in_header_ = true;
  bool blank_ = true;  // nothing on this line so far
};

}  // namespace

Task<Result<void>> Session::send_message(MessageNumber number, std::optional<std::uint32_t> body_lines_max) {
  CO_TRY(std::unique_ptr<MessageReader> message, co_await maildrop_->read(services_.store, number));
  // The first octets are read before "+OK": what cannot be read is refused properly.
  CO_TRY(std::string_view octets, co_await message->read(0, kReadOctets));
  put("+OK " + std::to_string(message->size()) + " octets");
  DotStuffer stuffer;
  TopCut cut(body_lines_max.value_or(0));
  std::uint64_t offset = 0;
  while (!octets.empty()) {
    offset += octets.size();
    const std::size_t wanted = body_lines_max ? cut.take(octets) : octets.size();
    stuffer.feed(octets.substr(0, wanted), io_.output());
    CO_TRY_VOID(co_await io_.flush_if_full(output_deadline()));
    if (body_lines_max && cut.done()) break;
    auto next = co_await message->read(offset, kReadOctets);
    // An -ERR now would be taken for the message's text: only the end of the connection is clear.
    if (!next) co_return Error(ErrorKind::closed, next.error().detail);
    octets = *next;
  }
  stuffer.finish(io_.output());
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Dele command) {
  if (!maildrop_->uid_of(command.message)) co_return Error(ErrorKind::not_found);
  CO_TRY_VOID(co_await maildrop_->load_listing(services_.store));
  maildrop_->mark_deleted(command.message);
  put("+OK Marked for deletion");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Noop) {
  put("+OK");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Rset) {
  maildrop_->unmark_all();
  put("+OK");
  co_return Result<void>();
}

// UPDATE: the deletions, all or none. If they fail nothing was deleted and the client is told (RFC 1939 §6).
Task<Result<void>> Session::handle(Quit) {
  quit_ = true;
  auto seen = co_await keep_seen();
  if (maildrop_ && !maildrop_->deleted().empty()) {
    UidSet deleted = maildrop_->deleted();
    CO_TRY_VOID(
        co_await services_.store.messages().remove(maildrop_->mailbox(), std::move(deleted), Door::pop3));
  }
  put("+OK Bye");
  co_return Result<void>();
}

Task<Result<void>> Session::keep_seen() {
  if (retrieved_.empty()) co_return Result<void>();
  for (const UidRange& range : maildrop_->deleted().ranges()) {
    for (std::uint64_t uid = raw(range.first); uid <= raw(range.last); ++uid) retrieved_.remove(Uid(uid));
  }
  FlagChange change;
  change.mode = FlagChangeMode::add;
  change.flags.set(SystemFlag::seen);
  UidSet uids = std::exchange(retrieved_, UidSet());
  CO_TRY_VOID(co_await services_.store.messages().store_flags(maildrop_->mailbox(), std::move(uids),
                                                              std::move(change), std::nullopt));
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Utf8) {
  put("+OK UTF-8 mode");
  co_return Result<void>();
}

// RFC 6856 §3: texts come in English only; "*" and "i-default" mean that too.
Task<Result<void>> Session::handle(Lang command) {
  if (!command.tag) {
    put("+OK Languages");
    put("en English");
    put(".");
    co_return Result<void>();
  }
  const std::string& tag = *command.tag;
  const bool english = tag == "*" || text::same(tag, "en") || text::same(tag, "i-default");
  if (!english) co_return Error(ErrorKind::invalid, "Only English is spoken here");
  put("+OK en English");
  co_return Result<void>();
}

}  // namespace postern::pop3
