// An LMTP session (RFC 2033): an MTA hands over messages, and gets one reply per recipient once the message
// is durable. Nobody logs in: the door belongs on addresses that only the MTA reaches.
// session.cpp holds the dialogue, deliver.cpp what happens between the final dot and the replies.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "gateway/net/front_end.h"
#include "gateway/net/line_io.h"
#include "protocols/lmtp/command.h"
#include "protocols/lmtp/deliver.h"
#include "protocols/shared/command_reader.h"
#include "protocols/shared/services.h"

namespace postern::lmtp {

class Session {
 public:
  Session(const Settings& settings, const Services& services, Connection connection);
  Task<void> run();

 private:
  // Replies have been put by then; an Error is the connection's end.
  using Outcome = Task<Result<void>>;

  Task<Result<void>> serve();
  Outcome execute(Command command);

  Outcome handle(Lhlo command);
  Outcome handle(Mail command);
  Outcome handle(Rcpt command);
  Outcome handle(Data command);
  Outcome handle(Rset command);
  Outcome handle(Noop command);
  Outcome handle(Quit command);
  Outcome handle(StartTls command);
  Outcome handle(Vrfy command);
  Outcome handle(Help command);

  Task<Result<Received>> receive_data();
  std::string trace_header() const;
  void forget_transaction();

  void reply(std::string_view text) {
    io_.put(text);
    io_.put("\r\n");
  }
  std::string_view over_quota_reply() const;
  Deadline input_deadline() const {
    return Deadline::after(std::chrono::seconds(settings_.lmtp.idle_timeout_s));
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

  std::string client_;        // of LHLO
  std::optional<Mail> mail_;  // a transaction is open
  std::vector<Accepted> recipients_;
  std::uint64_t messages_ = 0;  // received in this session, for the id in Received
  std::uint32_t bad_commands_ = 0;
  bool quit_ = false;
};

}  // namespace postern::lmtp
