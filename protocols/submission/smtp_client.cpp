#include "protocols/submission/smtp_client.h"

#include "gateway/base/text.h"
#include "gateway/net/connect.h"
#include "gateway/net/tls_stream.h"
#include "protocols/shared/dot_lines.h"
#include "protocols/shared/smtp_path.h"

namespace postern::submission {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kConnectLimit = 30s;
constexpr Milliseconds kHandshakeLimit = 60s;
constexpr Milliseconds kGreetingLimit = 5min;  // §4.5.3.2.1
constexpr Milliseconds kCommandLimit = 5min;   // §4.5.3.2.2, §4.5.3.2.3
constexpr Milliseconds kDataLimit = 2min;      // §4.5.3.2.4
constexpr Milliseconds kBlockLimit = 3min;     // §4.5.3.2.5
constexpr Milliseconds kEndLimit = 10min;      // §4.5.3.2.6
constexpr Milliseconds kQuitLimit = 5s;
constexpr std::size_t kReplyLineOctetsMax = 2048;
constexpr std::size_t kReplyLinesMax = 100;
constexpr std::size_t kPipelinedMax = 50;  // answers that both sides can buffer
constexpr std::size_t kReadOctets = 64 * 1024;
constexpr std::string_view kUnix = "unix:";

}  // namespace

SmtpClient::SmtpClient(Loop& loop, const RelaySettings& settings, std::string hostname)
    : loop_(loop), settings_(settings), hostname_(std::move(hostname)) {}

Task<Result<void>> SmtpClient::connect(std::shared_ptr<SSL_CTX> tls) {
  using OwnedStream = std::unique_ptr<ByteStream>;
  const Deadline deadline = Deadline::after(kConnectLimit);
  OwnedStream stream;
  if (settings_.host.starts_with(kUnix)) {
    CO_TRY(stream, co_await connect_unix(loop_, settings_.host.substr(kUnix.size()), deadline));
  } else {
    CO_TRY(stream, co_await connect_tcp(loop_, settings_.host, settings_.port, deadline));
  }
  if (closed_) co_return Error(ErrorKind::closed, "the relay stops");
  io_ = std::make_unique<LineIo>(loop_, std::move(stream));
  if (settings_.tls == "implicit") {
    const Deadline handshake = Deadline::after(kHandshakeLimit);
    auto secured = co_await io_->start_tls_client(tls, settings_.host, handshake);
    if (!secured) co_return Error(ErrorKind::denied, "TLS: " + secured.error().detail);
  }
  CO_TRY(const SmtpReply greeting, co_await read_reply(kGreetingLimit));
  if (greeting.code != 220) co_return Error(ErrorKind::unavailable, greeting.text());
  CO_TRY_VOID(co_await greet());
  if (settings_.tls == "starttls") CO_TRY_VOID(co_await secure(std::move(tls)));
  if (!settings_.user.empty()) CO_TRY_VOID(co_await authenticate());
  ready_ = true;
  co_return Result<void>();
}

Task<Result<void>> SmtpClient::greet() {
  const std::string verb = settings_.protocol == "lmtp" ? "LHLO " : "EHLO ";
  CO_TRY(const SmtpReply reply, co_await command(verb + hostname_, kCommandLimit));
  if (reply.code != 250) co_return Error(ErrorKind::unavailable, reply.text());
  capabilities_ = capabilities_from(reply);
  co_return Result<void>();
}

// What was announced in clear counts for nothing afterwards (RFC 3207 §4.2).
Task<Result<void>> SmtpClient::secure(std::shared_ptr<SSL_CTX> tls) {
  if (!capabilities_.starttls) co_return Error(ErrorKind::denied, "the server offers no STARTTLS");
  CO_TRY(const SmtpReply reply, co_await command("STARTTLS", kCommandLimit));
  if (reply.code != 220) co_return Error(ErrorKind::denied, "STARTTLS: " + reply.text());
  const Deadline handshake = Deadline::after(kHandshakeLimit);
  auto secured = co_await io_->start_tls_client(std::move(tls), settings_.host, handshake);
  if (!secured) co_return Error(ErrorKind::denied, "TLS: " + secured.error().detail);
  co_return co_await greet();
}

// RFC 4954, by PLAIN or, where that is missing, LOGIN.
Task<Result<void>> SmtpClient::authenticate() {
  const std::string password(settings_.password.reveal());
  std::string line = "AUTH LOGIN";
  if (capabilities_.auth_plain) {
    const std::string message = '\0' + settings_.user + '\0' + password;
    line = "AUTH PLAIN " + text::base64(message);
  } else if (!capabilities_.auth_login) {
    co_return Error(ErrorKind::denied, "the server offers neither AUTH PLAIN nor LOGIN");
  }
  CO_TRY(SmtpReply reply, co_await command(std::move(line), kCommandLimit));
  if (reply.code == 334) {
    CO_TRY(reply, co_await command(text::base64(settings_.user), kCommandLimit));
  }
  if (reply.code == 334) {
    CO_TRY(reply, co_await command(text::base64(password), kCommandLimit));
  }
  if (reply.code != 235) co_return Error(ErrorKind::denied, "AUTH: " + reply.text());
  co_return Result<void>();
}

Task<Result<SmtpReply>> SmtpClient::command(std::string line, Milliseconds limit) {
  io_->put(line);
  io_->put("\r\n");
  co_return co_await read_reply(limit);
}

Task<Result<SmtpReply>> SmtpClient::read_reply(Milliseconds limit) {
  const Deadline deadline = Deadline::after(limit);
  CO_TRY_VOID(co_await io_->flush(deadline));
  SmtpReply reply;
  while (reply.lines.size() < kReplyLinesMax) {
    CO_TRY(const Line line, co_await io_->read_line(kReplyLineOctetsMax, deadline));
    const auto parsed = line.too_long ? std::nullopt : parse_reply_line(line.text);
    if (!parsed || (reply.code != 0 && parsed->code != reply.code)) break;
    reply.code = parsed->code;
    reply.lines.push_back(parsed->text);
    if (parsed->last) co_return reply;
  }
  close();
  co_return Error(ErrorKind::closed, "the server does not speak SMTP");
}

std::optional<SmtpReply> SmtpClient::unfit(const QueuedMessage& message) const {
  if (capabilities_.octets_max && message.size > *capabilities_.octets_max) {
    return own_reply(552, "5.3.4 The message is larger than the next server takes");
  }
  // Re-encoding would break signatures, and servers without these have become rare.
  if (message.envelope.smtputf8 && !capabilities_.smtputf8) {
    return own_reply(553, "5.6.7 The next server cannot take addresses or headers in UTF-8");
  }
  if (message.envelope.eight_bit && !capabilities_.eight_bit_mime) {
    return own_reply(554, "5.6.3 The next server cannot take 8-bit content");
  }
  return std::nullopt;
}

std::string SmtpClient::mail_line(const QueuedMessage& message) const {
  const OutboxEnvelope& envelope = message.envelope;
  std::string line = "MAIL FROM:" + path_text(envelope.reverse_path);
  if (capabilities_.size) line += " SIZE=" + std::to_string(message.size);
  if (envelope.eight_bit) line += " BODY=8BITMIME";
  if (envelope.smtputf8) line += " SMTPUTF8";
  if (!capabilities_.dsn) return line;
  if (envelope.return_content == ReturnContent::full) line += " RET=FULL";
  if (envelope.return_content == ReturnContent::headers) line += " RET=HDRS";
  if (!envelope.envelope_id.empty()) line += " ENVID=" + envelope.envelope_id;
  return line;
}

std::string SmtpClient::rcpt_line(const QueuedRecipient& recipient) const {
  const OutboxRecipient& who = recipient.who;
  std::string line = "RCPT TO:" + path_text(who.address);
  if (!capabilities_.dsn) return line;
  std::string notify;
  if (who.wants(Notify::never)) notify += ",NEVER";
  if (who.wants(Notify::success)) notify += ",SUCCESS";
  if (who.wants(Notify::failure)) notify += ",FAILURE";
  if (who.wants(Notify::delay)) notify += ",DELAY";
  if (!notify.empty()) line += " NOTIFY=" + notify.substr(1);
  if (!who.original.empty()) line += " ORCPT=" + who.original;
  return line;
}

Task<Result<std::vector<Answer>>> SmtpClient::offer(const QueuedMessage& message) {
  std::vector<Answer> refused;
  std::vector<const QueuedRecipient*> waiting;
  for (const QueuedRecipient& recipient : message.recipients) {
    if (recipient.state == RecipientState::waiting) waiting.push_back(&recipient);
  }
  auto reply = unfit(message);
  if (!reply) {
    CO_TRY(SmtpReply mail, co_await command(mail_line(message), kCommandLimit));
    if (mail.code != 250) reply = std::move(mail);
  }
  if (reply) {
    for (const QueuedRecipient* recipient : waiting) refused.push_back(Answer{recipient->number, *reply});
    co_return refused;
  }
  const std::size_t group = capabilities_.pipelining ? kPipelinedMax : 1;
  for (std::size_t at = 0; at < waiting.size(); at += group) {
    const std::size_t end = std::min(waiting.size(), at + group);
    for (std::size_t i = at; i < end; ++i) io_->put(rcpt_line(*waiting[i]) + "\r\n");
    for (std::size_t i = at; i < end; ++i) {
      CO_TRY(SmtpReply rcpt, co_await read_reply(kCommandLimit));
      if (rcpt.code >= 250 && rcpt.code <= 252) {
        accepted_.push_back(waiting[i]->number);
      } else {
        refused.push_back(Answer{waiting[i]->number, std::move(rcpt)});
      }
    }
  }
  if (accepted_.empty()) {
    CO_TRY(const SmtpReply reset, co_await command("RSET", kCommandLimit));
    ready_ = reset.code == 250;
  }
  co_return refused;
}

void SmtpClient::refuse_accepted(const SmtpReply& reply) {
  for (const std::uint32_t number : accepted_) told_.push_back(Answer{number, reply});
  accepted_.clear();
}

Task<Result<void>> SmtpClient::transfer(MessageReader& reader, std::function<bool()> may_end) {
  CO_TRY(const SmtpReply data, co_await command("DATA", kDataLimit));
  if (data.code != 354) {
    refuse_accepted(data);
    ready_ = false;  // whatever it thinks of the transaction
    co_return Result<void>();
  }
  DotStuffer stuffer;
  std::string stuffed;
  for (std::uint64_t at = 0; at < reader.size();) {
    auto octets = co_await reader.read(at, kReadOctets);
    if (!octets || octets->empty()) {
      close();  // without the final dot the server has nothing
      co_return octets ? Error(ErrorKind::internal, "octets are missing") : octets.error();
    }
    at += octets->size();
    stuffed.clear();
    stuffer.feed(*octets, stuffed);
    CO_TRY_VOID(co_await io_->write(stuffed, Deadline::after(kBlockLimit)));
  }
  stuffed.clear();
  stuffer.finish(stuffed);
  if (!may_end()) {
    close();
    co_return Error(ErrorKind::closed, "the lease has ended");
  }
  co_return co_await io_->write(stuffed, Deadline::after(kBlockLimit));
}

Task<Result<std::vector<Answer>>> SmtpClient::answers() {
  std::vector<Answer> now(told_.begin(), told_.end());
  told_.clear();
  if (!now.empty() || accepted_.empty()) co_return now;
  if (settings_.protocol == "lmtp") {
    // RFC 2033 §4.2: one for each that RCPT accepted, in their order. Those that are here are told together.
    do {
      CO_TRY(SmtpReply reply, co_await read_reply(kEndLimit));
      now.push_back(Answer{accepted_.front(), std::move(reply)});
      accepted_.erase(accepted_.begin());
    } while (!accepted_.empty() && io_->has_buffered_line());
    co_return now;
  }
  CO_TRY(const SmtpReply reply, co_await read_reply(kEndLimit));
  refuse_accepted(reply);
  now.assign(told_.begin(), told_.end());
  told_.clear();
  co_return now;
}

Task<void> SmtpClient::quit() {
  if (!io_) co_return;
  io_->put("QUIT\r\n");
  const Deadline deadline = Deadline::after(kQuitLimit);
  co_await io_->finish(deadline);
}

void SmtpClient::close() {
  closed_ = true;
  ready_ = false;
  if (io_) io_->close();
}

}  // namespace postern::submission
