// SASL (RFC 4422) on the server's side: PLAIN (4616), LOGIN, SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (5802,
// 7677, channel binding 5929 and 9266). Octets here are decoded; base64 and "=" are the protocol's affair.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/shared/login.h"

namespace postern {

struct SaslChallenge {
  SaslChallenge() = default;
  explicit SaslChallenge(std::string o) : octets(std::move(o)) {}
  std::string octets;
};
// The exchange is over. `final_message`: to be sent with success where the protocol can (SCRAM's v=…); a
// protocol that cannot sends it as a last challenge first and takes an empty response.
struct SaslEnd {
  explicit SaslEnd(LoginOutcome o, std::string message = {})
      : outcome(std::move(o)), final_message(std::move(message)) {}
  LoginOutcome outcome;
  std::string final_message;
};
struct SaslMalformed {};  // the client broke the mechanism's grammar: BAD, 501
using SaslStep = std::variant<SaslChallenge, SaslEnd, SaslMalformed>;

class SaslExchange {
 public:
  virtual ~SaslExchange() = default;
  // `response` is absent only in the first step, when the client sent no initial response.
  virtual Task<SaslStep> step(std::optional<std::string> response) = 0;
};

// The names to announce, strongest first. Mechanisms that send the password only where that is allowed; -PLUS
// only under TLS.
std::vector<std::string_view> sasl_mechanisms(const Login& login, const LoginContext& context,
                                              const TlsInfo* tls);
// PLAIN and LOGIN hand over the password itself.
bool sends_password(std::string_view mechanism);
// nullptr: no such mechanism here and now. `tls` and `login` outlive the exchange.
std::unique_ptr<SaslExchange> start_sasl(std::string_view mechanism, Login& login, LoginContext context,
                                         const TlsInfo* tls);
constexpr std::size_t kSaslResponseOctetsMax = 4096;  // decoded

}  // namespace postern
