#include "protocols/shared/sasl.h"

#include "gateway/base/text.h"
#include "protocols/shared/sasl_scram.h"

namespace postern {

namespace {

// RFC 4616: message = [authzid] NUL authcid NUL passwd
class Plain final : public SaslExchange {
 public:
  Plain(Login& login, LoginContext context) : login_(login), context_(std::move(context)) {}

  Task<SaslStep> step(std::optional<std::string> response) override {
    if (!response) co_return SaslStep(SaslChallenge());
    const auto fields = text::split(*response, '\0');
    if (fields.size() != 3 || fields[1].empty()) co_return SaslStep(SaslMalformed());
    std::string user(fields[1]);
    // Acting for somebody else is a right that nobody has here.
    const bool for_another = !fields[0].empty() && !text::same(fields[0], fields[1]);
    Secret password{std::string(fields[2])};
    if (for_another) {
      LoginOutcome refused = co_await login_.proven(std::nullopt, false, std::move(user), context_);
      co_return SaslStep(SaslEnd(std::move(refused)));
    }
    LoginOutcome outcome = co_await login_.with_password(std::move(user), std::move(password), context_);
    co_return SaslStep(SaslEnd(std::move(outcome)));
  }

 private:
  Login& login_;
  LoginContext context_;
};

// draft-murchison-sasl-login: obsolete, and what Outlook still sends.
class LoginMechanism final : public SaslExchange {
 public:
  LoginMechanism(Login& login, LoginContext context) : login_(login), context_(std::move(context)) {}

  Task<SaslStep> step(std::optional<std::string> response) override {
    if (!response) co_return SaslStep(SaslChallenge("Username:"));
    if (!user_) {
      user_ = *std::move(response);
      if (user_->empty()) co_return SaslStep(SaslMalformed());
      co_return SaslStep(SaslChallenge("Password:"));
    }
    std::string user = *user_;
    Secret password(*std::move(response));
    LoginOutcome outcome = co_await login_.with_password(std::move(user), std::move(password), context_);
    co_return SaslStep(SaslEnd(std::move(outcome)));
  }

 private:
  Login& login_;
  LoginContext context_;
  std::optional<std::string> user_;
};

}  // namespace

std::vector<std::string_view> sasl_mechanisms(const Login& login, const LoginContext& context,
                                              const TlsInfo* tls) {
  std::vector<std::string_view> names;
  if (tls != nullptr) names.push_back("SCRAM-SHA-256-PLUS");
  names.push_back("SCRAM-SHA-256");
  if (login.plaintext_allowed(context)) {
    names.push_back("PLAIN");
    names.push_back("LOGIN");
  }
  return names;
}

bool sends_password(std::string_view mechanism) {
  return text::same(mechanism, "PLAIN") || text::same(mechanism, "LOGIN");
}

std::unique_ptr<SaslExchange> start_sasl(std::string_view mechanism, Login& login, LoginContext context,
                                         const TlsInfo* tls) {
  // Not even asked for: the client would send the password before it hears that this is not allowed.
  if (sends_password(mechanism) && !login.plaintext_allowed(context)) return nullptr;
  if (text::same(mechanism, "PLAIN")) return std::make_unique<Plain>(login, std::move(context));
  if (text::same(mechanism, "LOGIN")) return std::make_unique<LoginMechanism>(login, std::move(context));
  if (text::same(mechanism, "SCRAM-SHA-256"))
    return start_scram_sha256(login, std::move(context), tls, false);
  if (text::same(mechanism, "SCRAM-SHA-256-PLUS") && tls != nullptr) {
    return start_scram_sha256(login, std::move(context), tls, true);
  }
  return nullptr;
}

}  // namespace postern
