#include "protocols/shared/sasl_scram.h"

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"

namespace postern {

namespace {

constexpr std::size_t kNonceOctetsMax = 1024;

std::string random_nonce() {
  return text::base64(random_octets(18));
}

// saslname: "=2C" is a comma and "=3D" an equals sign; any other "=" is an error.
std::optional<std::string> unescape_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '=') {
      out += name[i];
    } else if (name.substr(i, 3) == "=2C") {
      out += ',';
      i += 2;
    } else if (name.substr(i, 3) == "=3D") {
      out += '=';
      i += 2;
    } else {
      return std::nullopt;
    }
  }
  if (out.empty() || !text::is_utf8(out) || out.find('\0') != std::string::npos) return std::nullopt;
  return out;
}

// "x=value" of an attribute list, or nullopt if this is not attribute x.
std::optional<std::string_view> attribute(std::string_view field, char name) {
  if (field.size() < 2 || field[0] != name || field[1] != '=') return std::nullopt;
  return field.substr(2);
}

class Scram final : public SaslExchange {
 public:
  Scram(Login& login, LoginContext context, const TlsInfo* tls, bool plus)
      : login_(login), context_(std::move(context)), tls_(tls), plus_(plus) {}

  Task<SaslStep> step(std::optional<std::string> response) override {
    if (!response) co_return SaslStep(SaslChallenge());
    if (client_first_bare_.empty()) {
      if (!read_client_first(*response)) co_return SaslStep(SaslMalformed());
      co_return co_await server_first();
    }
    co_return co_await client_final(*std::move(response));
  }

 private:
  // gs2-header client-first-message-bare, e.g. "n,,n=user,r=nonce" or "p=tls-exporter,,n=…"
  bool read_client_first(std::string_view message) {
    const auto first_comma = message.find(',');
    if (first_comma == std::string_view::npos) return false;
    const auto second_comma = message.find(',', first_comma + 1);
    if (second_comma == std::string_view::npos) return false;
    const std::string_view binding_flag = message.substr(0, first_comma);
    const std::string_view authzid = message.substr(first_comma + 1, second_comma - first_comma - 1);
    if (!read_binding_flag(binding_flag)) return false;
    gs2_header_ = message.substr(0, second_comma + 1);
    client_first_bare_ = message.substr(second_comma + 1);

    const auto fields = text::split(client_first_bare_, ',');
    if (fields.size() < 2) return false;
    const auto name = attribute(fields[0], 'n');  // "m=", a mandatory extension, fails here as it must
    const auto nonce = attribute(fields[1], 'r');
    if (!name || !nonce || nonce->empty() || nonce->size() > kNonceOctetsMax) return false;
    const auto user = unescape_name(*name);
    if (!user) return false;
    if (!authzid.empty()) {
      const auto other = attribute(authzid, 'a');
      const auto other_name = other ? unescape_name(*other) : std::nullopt;
      if (!other_name) return false;
      for_another_ = !text::same(*other_name, *user);
    }
    user_ = *user;
    nonce_ = std::string(*nonce) + random_nonce();
    return true;
  }

  bool read_binding_flag(std::string_view flag) {
    if (flag == "n") return !plus_;
    // "y": the client can bind but believes that we cannot. If we announced -PLUS, somebody removed it (RFC
    // 5802 §6).
    if (flag == "y") {
      downgraded_ = tls_ != nullptr;
      return !plus_;
    }
    const auto type = attribute(flag, 'p');
    if (!type || !plus_ || tls_ == nullptr) return false;
    if (*type == "tls-server-end-point") binding_ = tls_->binding_end_point;
    if (*type == "tls-exporter") binding_ = tls_->binding_exporter;
    return !binding_.empty();
  }

  Task<SaslStep> server_first() {
    keys_ = co_await login_.scram_keys(user_, context_);
    if (keys_.refusal) co_return SaslStep(SaslEnd(LoginOutcome(*keys_.refusal)));
    server_first_ =
        "r=" + nonce_ + ",s=" + text::base64(keys_.salt) + ",i=" + std::to_string(keys_.iterations);
    co_return SaslStep(SaslChallenge(server_first_));
  }

  // "c=biws,r=nonce,p=proof"
  Task<SaslStep> client_final(std::string message) {
    const auto proof_at = message.rfind(",p=");
    if (proof_at == std::string::npos) co_return SaslStep(SaslMalformed());
    const std::string without_proof = message.substr(0, proof_at);
    const auto proof = text::unbase64(std::string_view(message).substr(proof_at + 3));
    const auto fields = text::split(without_proof, ',');
    const auto channel = fields.size() >= 2 ? attribute(fields[0], 'c') : std::nullopt;
    const auto nonce = fields.size() >= 2 ? attribute(fields[1], 'r') : std::nullopt;
    if (!proof || proof->size() != 32 || !channel || !nonce) co_return SaslStep(SaslMalformed());

    const std::string auth_message = client_first_bare_ + ',' + server_first_ + ',' + without_proof;
    const std::string signature = hmac_sha256(keys_.stored_key, auth_message);
    std::string client_key = *proof;
    for (std::size_t i = 0; i < client_key.size(); ++i)
      client_key[i] = static_cast<char>(client_key[i] ^ signature[i]);
    const bool valid = text::equal_secrets(sha256(client_key), keys_.stored_key) && *nonce == nonce_ &&
                       *channel == text::base64(gs2_header_ + binding_) && !for_another_ && !downgraded_;

    std::string server_signature = "v=" + text::base64(hmac_sha256(keys_.server_key, auth_message));
    LoginOutcome outcome = co_await login_.proven(std::move(keys_.account), valid, user_, context_);
    if (!outcome.account) server_signature.clear();
    co_return SaslStep(SaslEnd(std::move(outcome), std::move(server_signature)));
  }

  Login& login_;
  LoginContext context_;
  const TlsInfo* tls_;
  const bool plus_;
  std::string gs2_header_;
  std::string binding_;
  std::string client_first_bare_;
  std::string server_first_;
  std::string user_;
  std::string nonce_;
  bool for_another_ = false;
  bool downgraded_ = false;
  Login::ScramKeys keys_;
};

}  // namespace

std::unique_ptr<SaslExchange> start_scram_sha256(Login& login, LoginContext context, const TlsInfo* tls,
                                                 bool plus) {
  return std::make_unique<Scram>(login, std::move(context), tls, plus);
}

}  // namespace postern
