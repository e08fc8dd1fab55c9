// An LMTP session (RFC 2033): an MTA hands over messages, and gets one reply per recipient once the message
// is durable. Nobody logs in: the door belongs on addresses that only the MTA reaches.
// session.cpp holds the dialogue, deliver.cpp what happens between the final dot and the replies.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/lmtp/command.h"
#include "protocols/lmtp/deliver.h"
#include "protocols/shared/smtp_dialogue.h"

namespace postern::lmtp {

class Session final : public smtp::SmtpDialogue {
 public:
  Session(const Settings& settings, const Services& services, Connection connection);

 private:
  Task<Result<bool>> take(std::string line) override;
  Deadline input_deadline() const override {
    return Deadline::after(std::chrono::seconds(settings_.lmtp.idle_timeout_s));
  }
  void drop_transaction() override;
  void forget_client() override { client_.clear(); }
  std::string_view refuses_message() const override;
  void begin_message() override;
  Task<void> take_octets(std::string_view octets) override;
  Outcome end_message() override;

  using SmtpDialogue::handle;
  Outcome handle(Lhlo command);
  Outcome handle(Mail command);
  Outcome handle(Rcpt command);

  Task<Received> received();
  Outcome answer_absences(const Delivered& delivered);
  std::string trace_header() const;
  std::string_view over_quota_reply() const;

  std::string client_;        // of LHLO
  std::optional<Mail> mail_;  // a transaction is open
  std::vector<Accepted> recipients_;

  // The message that is coming in.
  std::unique_ptr<MessageSink> sink_;
  std::uint64_t octets_ = 0;
  bool any_absent_ = false;
  std::string header_;  // if a recipient is absent: as much of the message as may hold it
  std::optional<Error> refused_;
};

}  // namespace postern::lmtp
