// A POP3 session (RFC 1939): AUTHORIZATION, then TRANSACTION on a Maildrop, then UPDATE at QUIT.
// session.cpp holds the loop and the TRANSACTION state, sign_in.cpp everything up to it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/settings.h"
#include "gateway/net/front_end.h"
#include "gateway/net/line_io.h"
#include "protocols/pop3/command.h"
#include "protocols/pop3/maildrop.h"
#include "protocols/shared/account_watch.h"
#include "protocols/shared/command_reader.h"
#include "protocols/shared/login.h"
#include "protocols/shared/sasl.h"

namespace postern::pop3 {

class Session {
 public:
  Session(const Settings& settings, const Services& services, Connection connection);
  Task<void> run();

 private:
  // A command's outcome decides how the session goes on; answers have been put by then. An Error of kind
  // closed or timed_out is the connection's; any other is answered in one place (answer_error).
  using Outcome = Task<Result<void>>;

  Task<Result<void>> serve();
  Outcome execute(Command command);
  static Outcome refuse(std::string text);

  // sign_in.cpp
  Outcome handle(User command);
  Outcome handle(Pass command);
  Outcome handle(Auth command);
  Outcome handle(Stls command);
  Outcome handle(Capa command);
  Outcome signed_in(LoginOutcome outcome);
  Task<Result<std::optional<std::string>>> ask(std::string challenge);  // nullopt: cancelled or malformed
  LoginContext login_context() const;

  // session.cpp
  Outcome handle(Stat command);
  Outcome handle(List command);
  Outcome handle(Uidl command);
  Outcome handle(Retr command);
  Outcome handle(Top command);
  Outcome handle(Dele command);
  Outcome handle(Noop command);
  Outcome handle(Rset command);
  Outcome handle(Quit command);
  Outcome handle(Utf8 command);
  Outcome handle(Lang command);

  // Sends the message in chunks, dot-stuffed; of the body no more than body_lines_max lines (TOP).
  Outcome send_message(MessageNumber number, std::optional<std::uint32_t> body_lines_max);
  Task<Result<void>> keep_seen();

  void put(std::string_view line) {
    io_.put(line);
    io_.put("\r\n");
  }
  void answer_error(const Error& error);
  Deadline input_deadline() const;
  Deadline output_deadline() const;

  const Settings& settings_;
  const Services services_;
  Connection connection_;
  LineIo io_;
  CommandReader reader_;

  Deadline sign_in_deadline_;
  std::optional<std::string> user_;   // USER was given
  std::optional<Maildrop> maildrop_;  // TRANSACTION
  std::unique_ptr<AccountWatch> watch_;
  UidSet retrieved_;  // \Seen is set for these when the session ends
  std::uint32_t bad_commands_ = 0;
  bool quit_ = false;
};

}  // namespace postern::pop3
