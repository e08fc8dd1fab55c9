// A submission session (RFC 6409): a user's mail program hands over messages for the outbox. Nothing is taken
// from strangers: AUTH comes first, and the sender is an address of the account.
// session.cpp holds the dialogue, sign_in.cpp AUTH.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/shared/login.h"
#include "protocols/shared/sasl.h"
#include "protocols/shared/smtp_dialogue.h"
#include "protocols/shared/submission.h"
#include "protocols/submission/command.h"

namespace postern::submission {

class Session final : public smtp::SmtpDialogue {
 public:
  Session(const Settings& settings, const Services& services, Connection connection);

 private:
  Task<Result<bool>> take(std::string line) override;
  Deadline input_deadline() const override {
    if (!account_) return sign_in_deadline_;
    return Deadline::after(std::chrono::seconds(settings_.submission.idle_timeout_s));
  }
  void drop_transaction() override;
  void forget_client() override;
  std::string_view refuses_message() const override;
  void begin_message() override;
  Task<void> take_octets(std::string_view octets) override { return message_->write(octets); }
  Outcome end_message() override;

  using SmtpDialogue::handle;
  Outcome handle(Ehlo command);
  Outcome handle(Auth command);
  Outcome handle(Mail command);
  Outcome handle(Rcpt command);

  bool may_sign_in() const;
  LoginContext login_context() const;
  Task<Result<std::optional<std::string>>> ask(std::string challenge);
  Result<void> signed_in(LoginOutcome outcome);
  Task<Result<bool>> refuses_sender(std::string address);
  SubmissionRequest request();

  const Deadline sign_in_deadline_;

  std::string client_;  // of EHLO
  bool extended_ = false;
  std::optional<AccountRecord> account_;  // signed in
  std::optional<Mail> mail_;              // a transaction is open
  std::vector<OutboxRecipient> recipients_;
  std::size_t message_recipients_ = 0;  // of the message that is coming in
  std::optional<Submission> message_;
  std::uint32_t failed_sign_ins_ = 0;
};

}  // namespace postern::submission
