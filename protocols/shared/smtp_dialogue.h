// SmtpDialogue: what a session of LMTP and one of submission have in common: greeting, the loop over lines,
// the plain commands, STARTTLS (RFC 3207), the octets of a message by DATA or BDAT (RFC 3030), goodbye. Who
// may say what, and what becomes of a message, is the door's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "gateway/net/front_end.h"
#include "gateway/net/line_io.h"
#include "protocols/shared/command_reader.h"
#include "protocols/shared/services.h"
#include "protocols/shared/smtp_command.h"

namespace postern::smtp {

class SmtpDialogue {
 public:
  virtual ~SmtpDialogue() = default;
  SmtpDialogue(const SmtpDialogue&) = delete;
  SmtpDialogue& operator=(const SmtpDialogue&) = delete;

  Task<void> run();

 protected:
  struct Door {
    std::string_view greeting;  // "ESMTP"
    std::string_view name;      // "SMTP"
    std::string_view help;      // its commands
    std::size_t command_octets_max = 0;
  };
  // Replies have been put by then; an Error is the connection's end.
  using Outcome = Task<Result<void>>;

  SmtpDialogue(const Settings& settings, const Services& services, Connection connection, Door door);

  // --- the door's ---------------------------------------------------------------------------------------
  // A line without fault. False: it was no command; the reply has been put.
  virtual Task<Result<bool>> take(std::string line) = 0;
  virtual Deadline input_deadline() const = 0;
  virtual void drop_transaction() = 0;
  // RFC 3207 §4.2: after STARTTLS, what was said before it.
  virtual void forget_client() = 0;
  // Why no message may come now, as a reply; empty: it may.
  virtual std::string_view refuses_message() const = 0;
  // One message: begin, then its octets, then the end, which puts the replies. What is wrong on the way is
  // told at the end.
  virtual void begin_message() = 0;
  virtual Task<void> take_octets(std::string_view octets) = 0;
  virtual Outcome end_message() = 0;

  // --- for the door -------------------------------------------------------------------------------------
  void reply(std::string_view text) {
    io_.put(text);
    io_.put("\r\n");
  }
  bool offers_tls() const;
  void forget_transaction() {
    in_message_ = false;
    drop_transaction();
  }
  // A message has begun with BDAT and has not ended: nothing but its octets may come.
  bool in_message() const { return in_message_; }
  Deadline output_deadline() const {
    return Deadline::after(std::chrono::seconds(settings_.limits.output_stall_s));
  }

  Outcome handle(Data command);
  Outcome handle(Bdat command);
  Outcome handle(Rset command);
  Outcome handle(Noop command);
  Outcome handle(Quit command);
  Outcome handle(StartTls command);
  Outcome handle(Vrfy command);
  Outcome handle(Help command);

  const Settings& settings_;
  const Services services_;
  Connection connection_;
  const std::string hostname_;
  LineIo io_;
  CommandReader reader_;
  std::uint64_t messages_ = 0;  // begun in this session, for the id in Received
  bool quit_ = false;

 private:
  Outcome serve();
  Outcome finish_message();

  const Door door_;
  std::uint32_t bad_commands_ = 0;
  bool in_message_ = false;
};

}  // namespace postern::smtp
