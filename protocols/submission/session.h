// A submission session (RFC 6409): a user's mail program hands over messages for the outbox. Nothing is taken
// from strangers: AUTH comes first, and the sender is an address of the account.
// session.cpp holds the dialogue, sign_in.cpp STARTTLS and AUTH.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "gateway/net/front_end.h"
#include "gateway/net/line_io.h"
#include "protocols/shared/command_reader.h"
#include "protocols/shared/login.h"
#include "protocols/shared/sasl.h"
#include "protocols/shared/services.h"
#include "protocols/shared/submission.h"
#include "protocols/submission/command.h"

namespace postern::submission {

class Session {
 public:
  Session(const Settings& settings, const Services& services, Connection connection);
  Task<void> run();

 private:
  // Replies have been put by then; an Error is the connection's end.
  using Outcome = Task<Result<void>>;

  Task<Result<void>> serve();
  Outcome execute(Command command);

  Outcome handle(Ehlo command);
  Outcome handle(Auth command);
  Outcome handle(Mail command);
  Outcome handle(Rcpt command);
  Outcome handle(Data command);
  Outcome handle(Rset command);
  Outcome handle(Noop command);
  Outcome handle(Quit command);
  Outcome handle(StartTls command);
  Outcome handle(Vrfy command);
  Outcome handle(Help command);

  bool may_sign_in() const;
  LoginContext login_context() const;
  Task<Result<std::optional<std::string>>> ask(std::string challenge);
  Result<void> signed_in(LoginOutcome outcome);
  Task<Result<bool>> refuses_sender(std::string address);
  SubmissionRequest request();
  Task<Result<SubmissionOutcome>> receive_data();
  void forget_transaction();

  void reply(std::string_view text) {
    io_.put(text);
    io_.put("\r\n");
  }
  Deadline input_deadline() const {
    if (!account_) return sign_in_deadline_;
    return Deadline::after(std::chrono::seconds(settings_.submission.idle_timeout_s));
  }
  Deadline output_deadline() const {
    return Deadline::after(std::chrono::seconds(settings_.limits.output_stall_s));
  }

  const Settings& settings_;
  const Services services_;
  Connection connection_;
  const std::string hostname_;
  LineIo io_;
  CommandReader reader_;
  const Deadline sign_in_deadline_;

  std::string client_;  // of EHLO
  bool extended_ = false;
  std::optional<AccountRecord> account_;  // signed in
  std::optional<Mail> mail_;              // a transaction is open
  std::vector<OutboxRecipient> recipients_;
  std::uint64_t messages_ = 0;  // received in this session, for the id in Received
  std::uint32_t bad_commands_ = 0;
  std::uint32_t failed_sign_ins_ = 0;
  bool quit_ = false;
};

}  // namespace postern::submission
