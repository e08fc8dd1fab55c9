#include "protocols/admin/passwords.h"

#include "gateway/async/worker.h"
#include "gateway/base/text.h"
#include "protocols/admin/totp.h"
#include "protocols/shared/credentials.h"
#include "protocols/shared/digest.h"

namespace postern::admin {

namespace {
constexpr std::size_t kAppPasswordOctets = 15;  // 24 letters
constexpr std::size_t kGroup = 4;
constexpr std::size_t kProofOctets = 32;
}  // namespace

std::string password_fault(const std::string& password) {
  if (password.size() < kPasswordOctetsMin) return "8 characters or more are wanted";
  if (password.size() > kPasswordOctetsMax) return "it is too long";
  return "";
}

Task<Result<Credentials>> hashed(const Call& call, Secret password) {
  const std::uint32_t cost = call.settings.login.yescrypt_cost;
  auto make = [password = std::move(password), cost] { return make_credentials(password, cost); };
  co_return co_await in_worker(call.services.loop, std::move(make));
}

std::string new_app_password() {
  const std::string letters = text::to_lower(base32(random_octets(kAppPasswordOctets)));
  std::string grouped;
  for (std::size_t i = 0; i < letters.size(); i += kGroup) {
    if (i > 0) grouped += '-';
    grouped += letters.substr(i, kGroup);
  }
  return grouped;
}

std::string app_password_hash(const std::string& password) {
  std::string letters;
  for (const char c : password) {
    if (c != '-') letters += c;
  }
  return sha256(letters);
}

std::string new_proof() {
  return text::hex(random_octets(kProofOctets));
}

}  // namespace postern::admin
