// An SMTP or LMTP server that answers as it is told, on the loop of the test. Where nothing is told it is
// friendly. It keeps what it accepted.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/text.h"
#include "gateway/net/line_io.h"
#include "gateway/net/listener.h"
#include "gateway/net/tls_context.h"
#include "protocols/shared/dot_lines.h"

namespace postern::tests {

struct AcceptedMail {
  std::string mail;               // the MAIL line
  std::vector<std::string> rcpt;  // the accepted RCPT lines
  std::string octets;
};

class ScriptedSmtpServer final : public FrontEnd {
 public:
  // With TLS from the first octet or after STARTTLS, if there is a certificate.
  explicit ScriptedSmtpServer(Loop& loop, TlsMode mode = TlsMode::none, TlsContext* tls = nullptr)
      : loop_(loop), mode_(mode), tls_(tls) {
    auto listener = Listener::create(loop, Log::silent(), ListenerLimits(), tls, 0);
    listener_ = *std::move(listener);
  }

  Result<void> open() { return listener_->open(*this); }
  std::uint16_t port() const { return listener_->port(*this); }
  Task<bool> stop() {
    listener_->stop();
    co_await listener_->drained(Deadline::after(Milliseconds(0)));
    co_return true;
  }

  // The next answer to a verb: "connect", "EHLO", "MAIL", "RCPT", "DATA", "." …; "close" closes instead, and
  // "hang" never answers. "body" is asked in the midst of a message.
  void answer(const std::string& verb, std::string reply) { script_[verb].push_back(std::move(reply)); }

  std::string_view name() const override { return "scripted"; }
  std::vector<Endpoint> endpoints() const override {
    Endpoint endpoint;
    endpoint.address = "127.0.0.1";
    endpoint.tls = mode_;
    return std::vector<Endpoint>(1, endpoint);
  }

  Task<void> serve(Connection connection) override {
    ++connections;
    LineIo io(loop_, std::move(connection.stream));
    auto ended = co_await converse(io);
    io.close();
  }

  bool lmtp = false;
  std::string ehlo = "250-scripted\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8";
  int connections = 0;
  std::vector<std::string> commands;
  std::vector<std::string> commands_in_clear;  // those of them that came before TLS
  std::vector<AcceptedMail> accepted;          // LMTP: once for each recipient

 private:
  static Deadline soon() { return Deadline::after(Milliseconds(10'000)); }

  std::string next_answer(const std::string& verb, std::string otherwise) {
    auto& told = script_[verb];
    if (told.empty()) return otherwise;
    std::string reply = std::move(told.front());
    told.pop_front();
    return reply;
  }

  Task<Result<void>> say(LineIo& io, std::string reply) {
    if (reply == "close") co_return Error(ErrorKind::closed, "as told");
    if (reply == "hang") {
      CO_TRY_VOID(co_await io.read_some(1, Deadline::after(Milliseconds(60'000))));
      co_return Error(ErrorKind::closed, "as told");
    }
    io.put(reply + "\r\n");
    co_return co_await io.flush(soon());
  }

  Task<Result<void>> converse(LineIo& io) {
    AcceptedMail mail;
    CO_TRY_VOID(co_await say(io, next_answer("connect", "220 scripted")));
    for (;;) {
      CO_TRY(const Line line, co_await io.read_line(4096, Deadline::after(Milliseconds(60'000))));
      commands.push_back(line.text);
      if (io.stream().tls() == nullptr) commands_in_clear.push_back(line.text);
      const std::string verb = text::to_upper(line.text.substr(0, line.text.find_first_of(" :")));
      std::string otherwise = "250 Ok";
      if (verb == "EHLO" || verb == "LHLO") otherwise = ehlo;
      if (verb == "DATA") otherwise = "354 go on";
      if (verb == "QUIT") otherwise = "221 bye";
      if (verb == "STARTTLS") otherwise = "220 go on";
      const std::string reply = next_answer(verb, std::move(otherwise));
      const bool good = reply.starts_with('2');
      if (verb == "MAIL") mail = AcceptedMail();
      if (verb == "MAIL") mail.mail = line.text;
      if (verb == "RCPT" && good) mail.rcpt.push_back(line.text);
      CO_TRY_VOID(co_await say(io, reply));
      if (verb == "STARTTLS" && good) CO_TRY_VOID(co_await io.start_tls(*tls_, soon()));
      if (verb == "QUIT") co_return Result<void>();
      if (verb == "DATA" && reply.starts_with('3')) CO_TRY_VOID(co_await take(io, mail));
    }
  }

  Task<Result<void>> take(LineIo& io, AcceptedMail& mail) {
    DotUnstuffer unstuffer;
    const std::string in_the_midst = next_answer("body", "");
    while (!unstuffer.ended()) {
      CO_TRY(const std::string_view some, co_await io.read_some(65536, soon()));
      io.give_back(some.substr(unstuffer.feed(some, mail.octets)));
      if (!in_the_midst.empty()) co_return Error(ErrorKind::closed, "as told");
    }
    const std::size_t answers = lmtp ? mail.rcpt.size() : 1;
    for (std::size_t i = 0; i < answers; ++i) {
      const std::string reply = next_answer(".", "250 2.0.0 taken");
      if (reply.starts_with('2')) accepted.push_back(mail);
      CO_TRY_VOID(co_await say(io, reply));
    }
    co_return Result<void>();
  }

  Loop& loop_;
  const TlsMode mode_;
  TlsContext* const tls_;
  std::unique_ptr<Listener> listener_;
  std::map<std::string, std::deque<std::string>> script_;
};

}  // namespace postern::tests
