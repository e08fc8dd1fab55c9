// Who administers, and what proves it: administrators with their tokens, sessions of the page, second
// factors, app passwords, and the answers that a repeated request gets again. Secrets come and go as SHA-256
// only, except an administrator's password, which is kept as accounts' are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/listings.h"

namespace postern {

enum class AdministratorId : std::int64_t {};
enum class TokenId : std::int64_t {};
enum class AppPasswordId : std::int64_t {};

struct Administrator {
  Administrator() = default;
  AdministratorId id{};
  std::string name;
  Role role = Role::billing;
  Reach reach;
  std::optional<std::string> domain;  // the name of reach.domain
  std::string password_hash;
  bool locked = false;
  bool second_factor = false;
  WallTime created_at{};
};

struct Token {
  Token() = default;
  TokenId id{};
  std::string name;
  Scopes scopes;
  WallTime created_at{};
  WallTime expires_at{};
  std::optional<WallTime> last_used_at;  // to an hour
};

// Whose page session or second factor it is: one of the two.
struct Owner {
  Owner() = default;
  explicit Owner(AdministratorId id) : administrator(id) {}
  explicit Owner(AccountId id) : account(id) {}
  std::optional<AdministratorId> administrator;
  std::optional<AccountId> account;
};

struct TokenHolder {
  TokenHolder() = default;
  Administrator administrator;
  Scopes scopes;  // of the token
};

struct SecondFactor {
  SecondFactor() = default;
  std::string secret;
  bool confirmed = false;
  std::int64_t last_step = 0;
};

struct AppPassword {
  AppPassword() = default;
  AppPasswordId id{};
  std::string name;
  std::uint16_t doors = 0;  // bit n: Feature n
  WallTime created_at{};
};
constexpr std::size_t kAppPasswordsMax = 50;  // of one account
constexpr std::size_t kTokensMax = 100;       // of one administrator

struct KeptAnswer {
  KeptAnswer() = default;
  bool first = false;                  // nobody has asked before: answer, and keep the answer
  bool same_request = true;            // else the key stands for something else
  std::optional<std::int16_t> status;  // absent: the first is still being answered
  std::string etag;
  std::string body;
};

class Administrators {
 public:
  virtual ~Administrators() = default;

  // already_exists, invalid (the name), not_found (tenant or domain). The domain's tenant is found by itself.
  virtual Task<Result<Administrator>> create(Administrator administrator) = 0;
  virtual Task<Result<std::vector<Administrator>>> list(Reach reach, PageRange range) = 0;  // by name
  virtual Task<Result<Administrator>> find(Reach reach, AdministratorId id) = 0;            // not_found
  virtual Task<Result<Administrator>> find_name(std::string name) = 0;                      // not_found
  // What is absent stays. Ends its page sessions. not_found.
  virtual Task<Result<void>> change(AdministratorId id, std::optional<bool> locked,
                                    std::optional<std::string> password_hash) = 0;
  virtual Task<Result<void>> remove(AdministratorId id) = 0;  // not_found

  virtual Task<Result<std::vector<Token>>> tokens(AdministratorId id) = 0;
  // too_large: kTokensMax.
  virtual Task<Result<Token>> create_token(AdministratorId id, std::string hash, Token token) = 0;
  virtual Task<Result<void>> remove_token(AdministratorId id, TokenId token) = 0;  // not_found
  // not_found: unknown, expired, or its administrator is locked.
  virtual Task<Result<TokenHolder>> find_token(std::string hash) = 0;

  // Audited as a sign-in.
  virtual Task<Result<void>> begin_session(std::string hash, Owner owner) = 0;
  // Uses it. not_found: unknown, unused for `idle`, older than `life`, or its owner may not sign in.
  virtual Task<Result<Owner>> use_session(std::string hash, Milliseconds idle, Milliseconds life) = 0;
  virtual Task<Result<void>> end_session(std::string hash) = 0;
  // All but the one with this hash.
  virtual Task<Result<void>> end_sessions(Owner owner, std::string except) = 0;

  virtual Task<Result<std::optional<SecondFactor>>> second_factor(Owner owner) = 0;
  // A new secret, unconfirmed. already_exists: there is a confirmed one.
  virtual Task<Result<void>> begin_second_factor(Owner owner, std::string secret) = 0;
  // The code of this step was right. stale: it, or a later one, has been taken before.
  virtual Task<Result<void>> take_step(Owner owner, std::int64_t step) = 0;
  virtual Task<Result<void>> remove_second_factor(Owner owner) = 0;

  virtual Task<Result<std::vector<AppPassword>>> app_passwords(AccountId account) = 0;
  // too_large: kAppPasswordsMax.
  virtual Task<Result<AppPassword>> create_app_password(AccountId account, std::string hash, std::string name,
                                                        std::uint16_t doors) = 0;
  virtual Task<Result<void>> remove_app_password(AccountId account, AppPasswordId id) = 0;  // not_found

  // An Idempotency-Key is claimed, or its answer found. `request`: SHA-256 of what is asked.
  virtual Task<Result<KeptAnswer>> claim_answer(std::string who, std::string key, std::string request) = 0;
  virtual Task<Result<void>> keep_answer(std::string who, std::string key, std::int16_t status,
                                         std::string etag, std::string body) = 0;
  // Nothing was done: the key is free again.
  virtual Task<Result<void>> release_answer(std::string who, std::string key) = 0;
};

}  // namespace postern
