// Login: the one place where a client becomes an account, for all doors. Password checks run off the loop
// and at most so many wait; verified passwords are remembered for minutes under a keyed hash and forgotten at
// once when the account changes; failures are throttled by network, over all doors and processes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "config/settings.h"
#include "gateway/net/byte_stream.h"
#include "protocols/shared/live_sessions.h"
#include "protocols/shared/services.h"

namespace postern {

enum class LoginRefusal {
  credentials,       // wrong name or password, unknown, disabled: never told apart
  feature_off,       // right password, but the account does not have this door
  privacy_required,  // password in clear over an unencrypted connection from outside
  throttled,         // too many failures from this network; not even looked at
  unavailable,       // the store or the hash queue cannot answer now: try again, never "wrong password"
};

struct LoginContext {
  std::uint64_t session = 0;
  Feature door = Feature::imap;
  PeerAddress peer;
  bool encrypted = false;
  // The door asks with every request: what is accepted from memory is no news, and not logged.
  bool every_request = false;
  // The connection is the account's from now on; false: somebody only asks on its behalf.
  bool stays = true;
  std::string client;  // as it calls itself
};

struct LoginOutcome {
  explicit LoginOutcome(LoginRefusal why) : refusal(why) {}
  explicit LoginOutcome(AccountRecord who) : account(std::move(who)) {}
  std::optional<AccountRecord> account;  // or, if absent:
  LoginRefusal refusal = LoginRefusal::credentials;
};

class Login {
 public:
  // Who comes in is noted in `live`, if there is one; it outlives the log-in.
  Login(Loop& loop, Store& store, const LoginSettings& settings, const Clock& clock, Log log,
        Metrics metrics = Metrics(), LiveSessions* live = nullptr);
  ~Login();

  // What the client of a session calls itself, told before or after its log-in.
  void note_client(std::uint64_t session, std::string client);

  // May the client send a password now? False: STARTTLS first (LOGINDISABLED, PRIVACYREQUIRED).
  bool plaintext_allowed(const LoginContext& context) const;

  // Takes the same time for unknown users as for wrong passwords. Failures are delayed (2 s, doubling to 15
  // s).
  Task<LoginOutcome> with_password(std::string user, Secret password, LoginContext context);

  // For those who have no account (administrators), with the same queue and the same counter of failures.
  // nullopt: the password is right. Without a hash it takes as long, and is wrong.
  Task<std::optional<LoginRefusal>> with_hash(std::string name, Secret password,
                                              std::optional<std::string> hash, LoginContext context);
  // Another proof (a token, a one-time code): may it be looked at now? …
  bool may_try(const std::string& name, const LoginContext& context);
  // … It was wrong: counted, logged and delayed as a password.
  Task<void> proof_failed(std::string name, LoginContext context);

  // For mechanisms that prove knowledge of the password without sending it (sasl.h): the account by name, or
  // a made-up one with stable made-up keys, so that a stranger learns nothing.
  struct ScramKeys {
    std::string salt, stored_key, server_key;
    int iterations = 4096;
    std::optional<AccountRecord> account;  // absent: made up
    std::optional<LoginRefusal> refusal;   // throttled or unavailable: stop here
  };
  Task<ScramKeys> scram_keys(std::string user, LoginContext context);
  // The end of such an exchange: checks status and feature, counts and delays failures.
  Task<LoginOutcome> proven(std::optional<AccountRecord> account, bool proof_valid, std::string user,
                            LoginContext context);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace postern
