// SmtpClient: one connection to the next hop, by SMTP or LMTP (RFC 5321, RFC 2033): greeting, STARTTLS, AUTH,
// then message after message. It tells what the server answered for each recipient; what that means is the
// relay's affair. Limits of time are those of RFC 5321 §4.5.3.2.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "gateway/net/line_io.h"
#include "gateway/net/tls_context.h"
#include "protocols/submission/smtp_reply.h"
#include "storage/outbox.h"

namespace postern::submission {

struct Answer {
  std::uint32_t recipient = 0;  // QueuedRecipient::number
  SmtpReply reply;
};

class SmtpClient {
 public:
  // `settings` outlives it; `hostname` is what we call ourselves.
  SmtpClient(Loop& loop, const RelaySettings& settings, std::string hostname);

  // Ready for the first message. unavailable, timed_out, closed; denied: TLS or AUTH was refused, or is not
  // offered though the settings ask for it. `tls`: of client_tls_context(); not asked for without TLS.
  Task<Result<void>> connect(std::shared_ptr<SSL_CTX> tls);

  // Envelope: answers for those recipients that the server (or its lack of an extension) refused now. The
  // others wait for transfer(). An Error ends the connection: nothing is known about them.
  Task<Result<std::vector<Answer>>> offer(const QueuedMessage& message);
  bool has_accepted() const { return !accepted_.empty(); }
  // DATA. `may_end` is asked before the final dot; if it says no the connection is closed instead, and the
  // server has no message.
  Task<Result<void>> transfer(MessageReader& reader, std::function<bool()> may_end);
  // What the server says then: for all of them at once (SMTP), or for one or more (LMTP). Empty: all have
  // been told.
  Task<Result<std::vector<Answer>>> answers();

  // The next message may be offered.
  bool is_ready() const { return ready_ && accepted_.empty() && !io_->stream().ended(); }
  bool offers_dsn() const { return capabilities_.dsn; }
  Task<void> quit();
  void close();  // at once; what waits on it returns closed

 private:
  Task<Result<SmtpReply>> command(std::string line, Milliseconds limit);
  Task<Result<SmtpReply>> read_reply(Milliseconds limit);
  Task<Result<void>> greet();
  Task<Result<void>> secure(std::shared_ptr<SSL_CTX> tls);
  Task<Result<void>> authenticate();
  std::string mail_line(const QueuedMessage& message) const;
  std::string rcpt_line(const QueuedRecipient& recipient) const;
  std::optional<SmtpReply> unfit(const QueuedMessage& message) const;
  void refuse_accepted(const SmtpReply& reply);

  Loop& loop_;
  const RelaySettings& settings_;
  const std::string hostname_;
  std::unique_ptr<LineIo> io_;
  Capabilities capabilities_;
  std::vector<std::uint32_t> accepted_;  // recipients whose RCPT was accepted and whose answer is open
  std::deque<Answer> told_;              // answers that answers() gives next
  bool ready_ = false;
  bool closed_ = false;
};

}  // namespace postern::submission
