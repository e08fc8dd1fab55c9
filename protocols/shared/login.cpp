#include "protocols/shared/login.h"

#include <unordered_map>

#include "gateway/async/worker.h"
#include "gateway/base/text.h"
#include "protocols/shared/credentials.h"
#include "protocols/shared/digest.h"
#include "protocols/shared/throttle.h"

namespace postern {

namespace {

constexpr std::size_t kVerifiedMax = 100'000;

// Passwords that were verified lately. The key holds the stored hash too, so a changed password never matches
// and two accounts never share an entry.
class VerifiedCache {
 public:
  VerifiedCache(std::uint32_t life_s, const Clock& clock)
      : life_(life_s), clock_(clock), secret_(random_octets(kSha256Octets)) {}

  bool contains(const AccountRecord& account, const Secret& password) {
    const auto found = expiries_.find(key(account, password));
    return found != expiries_.end() && found->second > clock_.steady_now();
  }
  void add(const AccountRecord& account, const Secret& password) {
    if (life_ == std::chrono::seconds(0)) return;
    const SteadyTime now = clock_.steady_now();
    if (expiries_.size() >= kVerifiedMax)
      std::erase_if(expiries_, [&](const auto& entry) { return entry.second <= now; });
    if (expiries_.size() >= kVerifiedMax) expiries_.clear();
    expiries_[key(account, password)] = now + life_;
  }

 private:
  std::string key(const AccountRecord& account, const Secret& password) const {
    std::string text = std::to_string(raw(account.id)) + ' ' + account.credentials.password_hash + ' ';
    const Secret whole(text + std::string(password.reveal()));
    return hmac_sha256(secret_, whole.reveal());
  }

  std::chrono::seconds life_;
  const Clock& clock_;
  std::string secret_;
  std::unordered_map<std::string, SteadyTime> expiries_;
};

// As people type it: without the hyphens and spaces that group its letters.
std::string app_password_hash(const Secret& password) {
  std::string letters;
  for (const char c : password.reveal()) {
    if (c != '-' && c != ' ') letters += text::lower(c);
  }
  const Secret plain(std::move(letters));
  return sha256(plain.reveal());
}

bool is_app_password(const AccountRecord& account, const Secret& password, Feature door) {
  if (account.app_passwords.empty()) return false;
  const std::string hash = app_password_hash(password);
  bool found = false;
  for (const AppPasswordHash& kept : account.app_passwords) {
    found = found || (kept.opens(door) && text::equal_secrets(kept.sha256, hash));
  }
  return found;
}

}  // namespace

class Login::State {
 public:
  State(Loop& l, Store& s, const LoginSettings& given, const Clock& c, Log log_to, Metrics counts,
        LiveSessions* live_sessions)
      : loop(l),
        store(s),
        settings(given),
        log(std::move(log_to)),
        metrics(std::move(counts)),
        clock(c),
        live(live_sessions),
        throttle(settings, clock),
        failed_elsewhere(store.changes().listen_failed_logins(
            [this](const FailedLogin& failed) { throttle.failed_elsewhere(failed.host, failed.user); })),
        verified(settings.verified_cache_s, clock),
        plaintext_networks(parse_networks(settings.plaintext_networks).value_or({})) {}

  Task<bool> check_hash(Secret password, std::string hash) {
    ++hashing;
    auto work = [password = std::move(password), hash = std::move(hash)] {
      return verify_password(password, hash);
    };
    const bool good = co_await in_worker(loop, std::move(work));
    --hashing;
    co_return good;
  }

  // A hash that nobody's password has, of the cost that ours have: strangers wait as long as users.
  Task<bool> check_nothing(Secret password) {
    if (dummy_hash.empty()) {
      const std::uint32_t cost = settings.yescrypt_cost;
      auto make = [cost] { return make_credentials(Secret(text::hex(random_octets(kSha256Octets))), cost); };
      auto made = co_await in_worker(loop, std::move(make));
      if (made) dummy_hash = made->password_hash;
    }
    co_await check_hash(std::move(password), dummy_hash);
    co_return false;
  }

  // An imported hash becomes one of ours, with SCRAM keys, when its password is seen for the first time. A
  // password that is changed meanwhile stays changed.
  Task<void> upgrade(AccountId account, std::string hash, Secret password, std::uint64_t session) {
    const std::uint32_t cost = settings.yescrypt_cost;
    auto make = [password = std::move(password), cost] { return make_credentials(password, cost); };
    auto made = co_await in_worker(loop, std::move(make));
    if (!made) co_return;
    Credentials credentials = *std::move(made);
    auto stored =
        co_await store.directory().upgrade_credentials(account, std::move(hash), std::move(credentials));
    const bool failed = !stored && stored.error().kind != ErrorKind::not_found;
    if (failed)
      log.event(Level::warning, "login.upgrade_failed", {{"session", session}, {"account", raw(account)}});
  }

  Task<LoginOutcome> refuse(LoginRefusal why, std::string user, LoginContext context) {
    count(context.door, reason(why));
    log.event(Level::info, "login.refused",
              {{"session", context.session},
               {"peer", context.peer.host},
               {"door", name_of(context.door)},
               {"reason", reason(why)}});
    if (why == LoginRefusal::credentials) {
      const Milliseconds delay = throttle.failed(context.peer.host, user);
      store.directory().tell_failed_login(FailedLogin(context.peer.host, user));
      co_await sleep(loop, delay);
    }
    co_return LoginOutcome(why);
  }

  enum class Checked : std::uint8_t { now, before };

  Task<LoginOutcome> accept(AccountRecord account, Checked how, std::string user, LoginContext context) {
    throttle.succeeded(context.peer.host, user);
    if (!account.allows(context.door)) {
      co_return co_await refuse(LoginRefusal::feature_off, std::move(user), std::move(context));
    }
    count(context.door, "accepted");
    if (live != nullptr && context.stays) note_session(account.id, context);
    const bool is_news = how == Checked::now || !context.every_request;
    if (is_news) {
      log.event(Level::info, "login.accepted",
                {{"session", context.session},
                 {"peer", context.peer.host},
                 {"door", name_of(context.door)},
                 {"account", raw(account.id)},
                 {"encrypted", context.encrypted}});
    }
    co_return LoginOutcome(std::move(account));
  }

  void note_session(AccountId account, const LoginContext& context) const {
    LiveSession session;
    session.number = context.session;
    session.account = account;
    session.door = context.door;
    session.address = context.peer.host;
    session.client = context.client;
    session.since = clock.now();
    live->begun(std::move(session));
  }

  void count(Feature door, std::string_view result) const {
    const MetricFamily& family = family_of(Metric::sign_ins);
    metrics.add(Metric::sign_ins, label_index(family.first, name_of(door)),
                label_index(family.second, result));
  }

  static std::string_view reason(LoginRefusal why) {
    switch (why) {
      case LoginRefusal::credentials: return "credentials";
      case LoginRefusal::feature_off: return "feature_off";
      case LoginRefusal::privacy_required: return "privacy_required";
      case LoginRefusal::throttled: return "throttled";
      case LoginRefusal::unavailable: return "unavailable";
    }
    return "unavailable";
  }

  Loop& loop;
  Store& store;
  const LoginSettings settings;
  Log log;
  const Metrics metrics;
  const Clock& clock;
  LiveSessions* const live;
  Throttle throttle;
  Subscription failed_elsewhere;
  VerifiedCache verified;
  std::vector<Network> plaintext_networks;
  std::uint32_t hashing = 0;
  std::string dummy_hash;
  std::string salt_secret;  // for the made-up SCRAM keys of strangers
};

Login::Login(Loop& loop, Store& store, const LoginSettings& settings, const Clock& clock, Log log,
             Metrics metrics, LiveSessions* live)
    : state_(
          std::make_unique<State>(loop, store, settings, clock, std::move(log), std::move(metrics), live)) {}
Login::~Login() = default;

void Login::note_client(std::uint64_t session, std::string client) {
  if (state_->live != nullptr) state_->live->named(session, std::move(client));
}

bool Login::plaintext_allowed(const LoginContext& context) const {
  if (context.encrypted || context.peer.host.empty()) return true;
  const auto address = IpAddress::parse(context.peer.host);
  return address && any_contains(state_->plaintext_networks, *address);
}

Task<LoginOutcome> Login::with_password(std::string user, Secret password, LoginContext context) {
  State& state = *state_;
  if (!plaintext_allowed(context)) {
    co_return co_await state.refuse(LoginRefusal::privacy_required, std::move(user), std::move(context));
  }
  if (!state.throttle.allows(context.peer.host, user)) {
    co_return co_await state.refuse(LoginRefusal::throttled, std::move(user), std::move(context));
  }
  auto found = co_await state.store.directory().find_account(user);
  if (!found && found.error().kind != ErrorKind::not_found && found.error().kind != ErrorKind::invalid) {
    co_return co_await state.refuse(LoginRefusal::unavailable, std::move(user), std::move(context));
  }
  const bool active = found && found->status == AccountStatus::active;
  if (active && state.verified.contains(*found, password)) {
    co_return co_await state.accept(*std::move(found), State::Checked::before, std::move(user),
                                    std::move(context));
  }
  if (active && is_app_password(*found, password, context.door)) {
    co_return co_await state.accept(*std::move(found), State::Checked::now, std::move(user),
                                    std::move(context));
  }
  if (state.hashing >= state.settings.hash_queue_max) {
    co_return co_await state.refuse(LoginRefusal::unavailable, std::move(user), std::move(context));
  }
  bool good = false;
  if (active) {
    good = co_await state.check_hash(password, found->credentials.password_hash);
  } else {
    good = co_await state.check_nothing(password);
  }
  if (!good) co_return co_await state.refuse(LoginRefusal::credentials, std::move(user), std::move(context));
  if (found->credentials.scram_sha256.empty()) {
    std::string hash = found->credentials.password_hash;
    co_await state.upgrade(found->id, std::move(hash), std::move(password), context.session);
  } else {
    state.verified.add(*found, password);
  }
  co_return co_await state.accept(*std::move(found), State::Checked::now, std::move(user),
                                  std::move(context));
}

Task<std::optional<LoginRefusal>> Login::with_hash(std::string name, Secret password,
                                                   std::optional<std::string> hash, LoginContext context) {
  State& state = *state_;
  LoginRefusal why = LoginRefusal::credentials;
  if (!plaintext_allowed(context)) {
    why = LoginRefusal::privacy_required;
  } else if (!state.throttle.allows(context.peer.host, name)) {
    why = LoginRefusal::throttled;
  } else if (state.hashing >= state.settings.hash_queue_max) {
    why = LoginRefusal::unavailable;
  } else {
    bool good = false;
    if (hash) {
      good = co_await state.check_hash(std::move(password), *std::move(hash));
    } else {
      co_await state.check_nothing(std::move(password));
    }
    if (good) {
      state.throttle.succeeded(context.peer.host, name);
      co_return std::nullopt;
    }
  }
  co_await state.refuse(why, std::move(name), std::move(context));
  co_return why;
}

bool Login::may_try(const std::string& name, const LoginContext& context) {
  return state_->throttle.allows(context.peer.host, name);
}

Task<void> Login::proof_failed(std::string name, LoginContext context) {
  co_await state_->refuse(LoginRefusal::credentials, std::move(name), std::move(context));
}

Task<Login::ScramKeys> Login::scram_keys(std::string user, LoginContext context) {
  State& state = *state_;
  ScramKeys keys;
  if (!state.throttle.allows(context.peer.host, user)) {
    keys.refusal = LoginRefusal::throttled;
    co_return keys;
  }
  if (state.salt_secret.empty()) {
    auto secret = co_await state.store.directory().shared_secret("scram salts");
    if (!secret) {
      keys.refusal = LoginRefusal::unavailable;
      co_return keys;
    }
    state.salt_secret = secret->reveal();
  }
  auto found = co_await state.store.directory().find_account(user);
  if (!found && found.error().kind != ErrorKind::not_found && found.error().kind != ErrorKind::invalid) {
    keys.refusal = LoginRefusal::unavailable;
    co_return keys;
  }
  if (found && found->status == AccountStatus::active) {
    if (const auto own = scram_from_text(found->credentials.scram_sha256)) {
      keys.iterations = own->iterations;
      keys.salt = own->salt;
      keys.stored_key = own->stored_key;
      keys.server_key = own->server_key;
      keys.account = *std::move(found);
      co_return keys;
    }
  }
  const std::string name = text::to_lower(user);
  keys.salt = hmac_sha256(state.salt_secret, "salt " + name).substr(0, 16);
  keys.stored_key = hmac_sha256(state.salt_secret, "stored key " + name);
  keys.server_key = hmac_sha256(state.salt_secret, "server key " + name);
  co_return keys;
}

Task<LoginOutcome> Login::proven(std::optional<AccountRecord> account, bool proof_valid, std::string user,
                                 LoginContext context) {
  if (!account || !proof_valid) {
    co_return co_await state_->refuse(LoginRefusal::credentials, std::move(user), std::move(context));
  }
  co_return co_await state_->accept(*std::move(account), State::Checked::now, std::move(user),
                                    std::move(context));
}

}  // namespace postern
