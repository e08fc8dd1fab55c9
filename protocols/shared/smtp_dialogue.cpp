#include "protocols/shared/smtp_dialogue.h"

#include <algorithm>

#include "gateway/base/http_line.h"
#include "protocols/shared/dot_lines.h"
#include "protocols/shared/host_name.h"

namespace postern::smtp {

namespace {

constexpr std::uint32_t kBadCommandsMax = 10;
constexpr std::size_t kReadOctets = 64 * 1024;

}  // namespace

SmtpDialogue::SmtpDialogue(const Settings& settings, const Services& services, Connection connection,
                           Door door)
    : settings_(settings),
      services_(services),
      connection_(std::move(connection)),
      hostname_(host_name(settings.server)),
      io_(services.loop, std::move(connection_.stream)),
      reader_(services.loop, io_, *connection_.stop),
      door_(door) {}

Task<void> SmtpDialogue::run() {
  reply("220 " + hostname_ + ' ' + std::string(door_.greeting) + " Postern");
  auto served = co_await serve();
  if (!served && reader_.stopping()) reply("421 4.3.2 " + hostname_ + " is shutting down");
  if (!served && served.error().kind == ErrorKind::timed_out) reply("421 4.4.2 Timed out");
  co_await reader_.finish(Deadline::after(std::chrono::seconds(5)));
}

SmtpDialogue::Outcome SmtpDialogue::serve() {
  while (!quit_) {
    CO_TRY(Line line, co_await reader_.next(door_.command_octets_max, input_deadline(), output_deadline()));
    if (line.too_long) {
      reply("500 5.5.2 Line too long");
      co_return Result<void>();
    }
    if (is_http_line(line.text)) {
      reply("421 4.7.0 This is " + std::string(door_.name));
      co_return Result<void>();
    }
    bool is_command = !line.bare_lf && !line.has_nul && !line.has_bare_cr;
    if (is_command) {
      CO_TRY(is_command, co_await take(std::move(line.text)));
    } else {
      reply("500 5.5.2 Lines end in CRLF and hold no control octets");
    }
    if (!is_command && ++bad_commands_ >= kBadCommandsMax) {
      reply("421 4.7.0 Too many bad commands");
      co_return Result<void>();
    }
    CO_TRY_VOID(co_await io_.flush_if_full(output_deadline()));
  }
  co_return Result<void>();
}

bool SmtpDialogue::offers_tls() const {
  return io_.stream().tls() == nullptr && connection_.tls != nullptr &&
         connection_.endpoint->tls == TlsMode::starttls;
}

SmtpDialogue::Outcome SmtpDialogue::handle(Data) {
  const std::string_view refusal = in_message_ ? "503 5.5.1 BDAT has begun" : refuses_message();
  if (!refusal.empty()) {
    reply(refusal);
    co_return Result<void>();
  }
  reply("354 End data with <CR><LF>.<CR><LF>");
  CO_TRY_VOID(co_await io_.flush(output_deadline()));
  ++messages_;
  begin_message();
  DotUnstuffer unstuffer;
  std::string octets;
  // To the end mark in any case: a message that cannot be taken is refused after it, not in the middle.
  while (!unstuffer.ended()) {
    octets.clear();
    CO_TRY(const std::string_view some, co_await io_.read_some(kReadOctets, input_deadline()));
    const std::size_t taken = unstuffer.feed(some, octets);
    io_.give_back(some.substr(taken));
    co_await take_octets(octets);
  }
  co_return co_await finish_message();
}

// The chunk is read whatever is to be said of it: it is no line.
SmtpDialogue::Outcome SmtpDialogue::handle(Bdat command) {
  if (!command.octets) {
    reply("501 5.5.4 Syntax: BDAT octets [LAST]");
    quit_ = true;
    co_return Result<void>();
  }
  const std::string_view refusal = in_message_ ? std::string_view() : refuses_message();
  if (refusal.empty() && !in_message_) {
    ++messages_;
    begin_message();
    in_message_ = true;
  }
  std::string octets;
  for (std::uint64_t left = *command.octets; left > 0; left -= octets.size()) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, kReadOctets));
    CO_TRY(octets, co_await io_.read_some(wanted, input_deadline()));
    if (in_message_) co_await take_octets(octets);
  }
  if (!refusal.empty()) {
    reply(refusal);
  } else if (command.last) {
    co_return co_await finish_message();
  } else {
    reply("250 2.0.0 " + std::to_string(*command.octets) + " octets received");
  }
  co_return Result<void>();
}

SmtpDialogue::Outcome SmtpDialogue::finish_message() {
  CO_TRY_VOID(co_await end_message());
  forget_transaction();
  co_return Result<void>();
}

SmtpDialogue::Outcome SmtpDialogue::handle(Rset) {
  forget_transaction();
  reply("250 2.0.0 Ok");
  co_return Result<void>();
}

SmtpDialogue::Outcome SmtpDialogue::handle(Noop) {
  reply("250 2.0.0 Ok");
  co_return Result<void>();
}

SmtpDialogue::Outcome SmtpDialogue::handle(Vrfy) {
  reply("252 2.5.0 Try RCPT");
  co_return Result<void>();
}

SmtpDialogue::Outcome SmtpDialogue::handle(Help) {
  reply("214 2.0.0 " + std::string(door_.help));
  co_return Result<void>();
}

SmtpDialogue::Outcome SmtpDialogue::handle(Quit) {
  quit_ = true;
  reply("221 2.0.0 Bye");
  co_return Result<void>();
}

SmtpDialogue::Outcome SmtpDialogue::handle(StartTls) {
  if (!offers_tls()) {
    const bool is_active = io_.stream().tls() != nullptr;
    reply(is_active ? "503 5.5.1 TLS is active already" : "502 5.5.1 TLS is not available");
    co_return Result<void>();
  }
  reply("220 2.0.0 Begin TLS");
  CO_TRY_VOID(co_await io_.flush(output_deadline()));
  const Deadline handshake = Deadline::after(std::chrono::seconds(settings_.limits.tls_handshake_s));
  auto started = co_await io_.start_tls(*connection_.tls, handshake, connection_.endpoint->alpn);
  // Nothing may be said in clear any more.
  if (!started) co_return Error(ErrorKind::closed, started.error().detail);
  forget_transaction();
  forget_client();
  co_return Result<void>();
}

}  // namespace postern::smtp
