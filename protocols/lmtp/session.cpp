#include "protocols/lmtp/session.h"

#include "gateway/base/http_line.h"
#include "gateway/base/text.h"
#include "protocols/shared/dot_lines.h"
#include "protocols/shared/host_name.h"
#include "storage/mime/date_time.h"

namespace postern::lmtp {

namespace {

constexpr std::uint32_t kBadCommandsMax = 10;
constexpr std::size_t kReadOctets = 64 * 1024;

}  // namespace

Session::Session(const Settings& settings, const Services& services, Connection connection)
    : settings_(settings),
      services_(services),
      connection_(std::move(connection)),
      hostname_(host_name(settings.server)),
      io_(services.loop, std::move(connection_.stream)),
      reader_(services.loop, io_, *connection_.stop) {}

std::string_view Session::over_quota_reply() const {
  return settings_.lmtp.over_quota == "permanent" ? "552 5.2.2 Mailbox full" : "452 4.2.2 Mailbox full";
}

Task<void> Session::run() {
  reply("220 " + hostname_ + " LMTP Postern");
  auto served = co_await serve();
  if (!served && reader_.stopping()) reply("421 4.3.2 " + hostname_ + " is shutting down");
  if (!served && served.error().kind == ErrorKind::timed_out) reply("421 4.4.2 Timed out");
  co_await reader_.finish(Deadline::after(std::chrono::seconds(5)));
}

Task<Result<void>> Session::serve() {
  while (!quit_) {
    CO_TRY(Line line, co_await reader_.next(kCommandOctetsMax, input_deadline(), output_deadline()));
    if (line.too_long) {
      reply("500 5.5.2 Line too long");
      co_return Result<void>();
    }
    if (is_http_line(line.text)) {
      reply("421 4.7.0 This is LMTP");
      co_return Result<void>();
    }
    CommandOrReply parsed = BadCommand{"500 5.5.2 Lines end in CRLF and hold no control octets"};
    if (!line.bare_lf && !line.has_nul && !line.has_bare_cr) parsed = parse_command(line.text);
    if (auto* bad = std::get_if<BadCommand>(&parsed)) {
      reply(bad->reply);
      if (++bad_commands_ >= kBadCommandsMax) {
        reply("421 4.7.0 Too many bad commands");
        co_return Result<void>();
      }
      continue;
    }
    CO_TRY_VOID(co_await execute(std::get<Command>(std::move(parsed))));
    CO_TRY_VOID(co_await io_.flush_if_full(output_deadline()));
  }
  co_return Result<void>();
}

Task<Result<void>> Session::execute(Command command) {
  auto run_one = [this](auto value) { return handle(std::move(value)); };
  return std::visit(run_one, std::move(command));
}

void Session::forget_transaction() {
  mail_.reset();
  recipients_.clear();
}

Task<Result<void>> Session::handle(Lhlo command) {
  client_ = std::move(command.client);
  forget_transaction();
  // Whoever reaches this door is an MTA: its connections are not strangers' any more.
  if (connection_.authenticated) std::exchange(connection_.authenticated, nullptr)();
  reply("250-" + hostname_);
  if (io_.stream().tls() == nullptr && connection_.tls != nullptr &&
      connection_.endpoint->tls == TlsMode::starttls) {
    reply("250-STARTTLS");
  }
  reply("250-PIPELINING");
  reply("250-8BITMIME");
  reply("250-SMTPUTF8");
  reply("250-ENHANCEDSTATUSCODES");
  reply("250 SIZE " + std::to_string(settings_.lmtp.message_octets_max));
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Mail command) {
  if (client_.empty()) {
    reply("503 5.5.1 LHLO comes first");
  } else if (mail_) {
    reply("503 5.5.1 A transaction is open already");
  } else if (command.size.value_or(0) > settings_.lmtp.message_octets_max) {
    reply("552 5.3.4 Message too large");
  } else {
    mail_ = std::move(command);
    reply("250 2.1.0 Ok");
  }
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Rcpt command) {
  if (!mail_) {
    reply("503 5.5.1 MAIL comes first");
    co_return Result<void>();
  }
  if (recipients_.size() >= settings_.lmtp.recipients_max) {
    reply("452 4.5.3 Too many recipients");
    co_return Result<void>();
  }
  const std::string address = command.to.address();
  if (!text::is_ascii(address) && !mail_->smtputf8) {
    reply("553 5.6.7 Address needs SMTPUTF8");
    co_return Result<void>();
  }
  auto resolved = co_await services_.store.directory().resolve(address);
  if (!resolved) {
    switch (resolved.error().kind) {
      case ErrorKind::not_found:
      case ErrorKind::invalid: reply("550 5.1.1 No such user"); break;
      case ErrorKind::denied: reply("550 5.2.1 Mailbox disabled"); break;
      default: reply("451 4.3.0 Cannot look up the recipient now"); break;
    }
    co_return Result<void>();
  }
  Accepted accepted;
  accepted.address = address;
  bool all_full = true;
  for (const Recipient& recipient : *resolved) {
    accepted.accounts.push_back(recipient.account);
    all_full = all_full && recipient.over_quota;
  }
  if (all_full) {
    reply(over_quota_reply());
    co_return Result<void>();
  }
  recipients_.push_back(std::move(accepted));
  reply("250 2.1.5 Ok");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Data) {
  if (!mail_ || recipients_.empty()) {
    reply(mail_ ? "554 5.5.1 No valid recipients" : "503 5.5.1 MAIL comes first");
    co_return Result<void>();
  }
  reply("354 End data with <CR><LF>.<CR><LF>");
  CO_TRY_VOID(co_await io_.flush(output_deadline()));
  ++messages_;
  CO_TRY(Received received, co_await receive_data());
  if (!received.message) {
    const Result<Appended> refused(received.message.error());
    for (std::size_t i = 0; i < recipients_.size(); ++i) reply(reply_to(refused, over_quota_reply()));
  } else {
    const StagedMessage message = *std::move(received.message);
    const std::vector<std::string> replies =
        co_await deliver(services_, message, mail_->from.address, recipients_, over_quota_reply());
    for (const std::string& one : replies) reply(one);
    services_.log.event(
        Level::info, "lmtp.message",
        {{"session", connection_.id}, {"octets", message.size}, {"recipients", recipients_.size()}});
  }
  forget_transaction();
  co_return Result<void>();
}

// Reads to the end mark in any case: a message that cannot be taken is refused after it, not in the middle.
Task<Result<Received>> Session::receive_data() {
  auto sink = services_.store.messages().receive(recipients_.front().accounts.front(), trace_header());
  DotUnstuffer unstuffer;
  std::string octets;
  std::uint64_t size = 0;
  std::optional<Error> refused;
  while (!unstuffer.ended()) {
    octets.clear();
    CO_TRY(std::string_view some, co_await io_.read_some(kReadOctets, input_deadline()));
    const std::size_t taken = unstuffer.feed(some, octets);
    io_.give_back(some.substr(taken));
    size += octets.size();
    if (size > settings_.lmtp.message_octets_max) refused.emplace(ErrorKind::too_large, "message");
    if (refused) continue;
    auto written = co_await sink->write(octets);
    if (!written) refused = std::move(written).error();
  }
  if (refused) co_return Received(*std::move(refused));
  auto staged = co_await sink->finish();
  if (!staged) co_return Received(std::move(staged).error());
  co_return Received(*std::move(staged));
}

// RFC 5321 §4.4. With several recipients their addresses stay out: the octets are shared, and a Bcc would
// show.
std::string Session::trace_header() const {
  const PeerAddress& peer = io_.stream().peer();
  const mime::DateTime now{std::chrono::floor<std::chrono::seconds>(services_.clock.now()), 0};
  std::string header = "Return-Path: <" + mail_->from.address + ">\r\n";
  const bool alone = recipients_.size() == 1;
  if (alone) header += "Delivered-To: " + recipients_.front().address + "\r\n";
  header += "Received: from " + client_;
  if (!peer.host.empty()) header += " ([" + peer.host + "])";
  header += "\r\n\tby " + hostname_ + " (Postern) with " + (mail_->smtputf8 ? "UTF8LMTP" : "LMTP");
  if (io_.stream().tls() != nullptr) header += 'S';
  header += " id " + std::to_string(connection_.id) + '.' + std::to_string(messages_);
  if (alone) header += "\r\n\tfor <" + recipients_.front().address + '>';
  header += ";\r\n\t" + mime::format_date(now) + "\r\n";
  return header;
}

Task<Result<void>> Session::handle(Rset) {
  forget_transaction();
  reply("250 2.0.0 Ok");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Noop) {
  reply("250 2.0.0 Ok");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Vrfy) {
  reply("252 2.5.0 Try RCPT");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Help) {
  reply("214 2.0.0 LHLO MAIL RCPT DATA RSET NOOP QUIT STARTTLS VRFY");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Quit) {
  quit_ = true;
  reply("221 2.0.0 Bye");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(StartTls) {
  if (io_.stream().tls() != nullptr) {
    reply("503 5.5.1 TLS is active already");
    co_return Result<void>();
  }
  if (connection_.tls == nullptr || connection_.endpoint->tls != TlsMode::starttls) {
    reply("502 5.5.1 TLS is not available");
    co_return Result<void>();
  }
  reply("220 2.0.0 Begin TLS");
  CO_TRY_VOID(co_await io_.flush(output_deadline()));
  const Deadline handshake = Deadline::after(std::chrono::seconds(settings_.limits.tls_handshake_s));
  auto started = co_await io_.start_tls(*connection_.tls, handshake, connection_.endpoint->alpn);
  // Nothing may be said in clear any more.
  if (!started) co_return Error(ErrorKind::closed, started.error().detail);
  client_.clear();
  forget_transaction();
  co_return Result<void>();
}

}  // namespace postern::lmtp
