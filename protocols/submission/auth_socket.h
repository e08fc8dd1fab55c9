// The socket where Postfix asks whether a user may send: Dovecot's authentication protocol on a unix socket
// (auth_protocol.h), so that a provider who keeps Postfix for submission checks passwords, the feature and
// the throttle here.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <variant>

#include "config/settings.h"
#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "gateway/net/front_end.h"
#include "gateway/net/line_io.h"
#include "protocols/shared/sasl.h"
#include "protocols/shared/services.h"
#include "protocols/submission/auth_protocol.h"

namespace postern::submission {

class AuthSocket final : public FrontEnd {
 public:
  // Both outlive the door. Only for settings with submission.auth_socket.
  AuthSocket(const Settings& settings, Services services) : settings_(settings), services_(services) {}
  std::string_view name() const override { return "auth"; }
  std::vector<Endpoint> endpoints() const override;
  Task<void> serve(Connection connection) override;

 private:
  const Settings& settings_;
  const Services services_;
};

// One connection of Postfix, on which many users may be signing in at the same time.
class AuthSession {
 public:
  AuthSession(const Services& services, Connection connection);
  ~AuthSession();
  AuthSession(const AuthSession&) = delete;
  AuthSession& operator=(const AuthSession&) = delete;
  Task<void> run();

  static constexpr std::size_t kExchangesMax = 1000;

 private:
  struct Exchange {
    std::unique_ptr<SaslExchange> sasl;
    LoginOutcome outcome{LoginRefusal::credentials};
    bool proven = false;    // only the empty response to the final message is missing
    bool stepping = false;  // the answer to the last response is on its way
  };
  struct Stepped {
    Stepped(std::uint32_t number, SaslStep result) : id(number), step(std::move(result)) {}
    std::uint32_t id;
    SaslStep step;
  };
  struct Stopping {};
  using Event = std::variant<Result<Line>, Stepped, Stopping>;

  Task<Result<void>> serve();
  Task<void> read_one();
  Task<void> step(std::uint32_t id, std::optional<std::string> response);
  void greet();
  Result<void> take(const Line& line);
  void take(AuthRequest request);
  void take(AuthContinue response);
  void take(Stepped stepped);
  void end(std::uint32_t id, const LoginOutcome& outcome);
  void fail(std::uint32_t id, std::string_view why);

  const Services services_;
  Connection connection_;
  LineIo io_;
  Channel<Event> events_;
  StopSignal::Handle stop_handle_;
  std::map<std::uint32_t, Exchange> exchanges_;  // by the client's number
  TaskScope scope_;
};

}  // namespace postern::submission
