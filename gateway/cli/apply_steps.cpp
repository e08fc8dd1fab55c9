#include "gateway/cli/apply_steps.h"

#include <set>

#include "gateway/async/task_scope.h"
#include "gateway/async/worker.h"
#include "gateway/cli/progress.h"
#include "protocols/shared/credentials.h"

namespace postern::cli {

namespace {

// More would only wait for each other in the database; hashing has four threads.
constexpr std::size_t kLanes = 16;

class Applying {
 public:
  Applying(StoreSession& session, const ApplyPlan& plan)
      : session_(session), plan_(plan), progress_("Applying", plan.steps()) {}

  Task<Applied> run() {
    for (const DesiredDomain* one : plan_.domains) {
      auto made = co_await make_domain(*one);
      note(one->name, std::move(made));
    }
    TaskScope lanes(session_.loop);
    for (std::size_t i = 0; i < kLanes; ++i) lanes.start(account_lane());
    co_await lanes.drained();
    for (const DesiredAlias* one : plan_.aliases) {
      auto set = co_await directory().set_alias(one->address, one->targets);
      note(one->address, std::move(set));
    }
    for (const DesiredDomain* one : plan_.catch_alls) {
      std::optional<std::string> address;
      if (!one->catch_all->empty()) address = one->catch_all;
      auto set = co_await directory().set_catch_all(one->name, std::move(address));
      note(one->name, std::move(set));
    }
    for (const AccountRecord& one : plan_.accounts_to_delete) {
      auto deleted = co_await directory().delete_account(one.id);
      note(one.address, std::move(deleted));
    }
    for (const std::string& one : plan_.aliases_to_delete) {
      auto deleted = co_await directory().delete_alias(one);
      note(one, std::move(deleted));
    }
    co_return std::move(applied_);
  }

 private:
  Directory& directory() { return session_.store.directory(); }

  void note(const std::string& object, Result<void> outcome) {
    progress_.step();
    if (outcome) {
      ++applied_.done;
    } else {
      applied_.failures.emplace_back(object, std::move(outcome).error());
    }
  }

  Task<Result<void>> make_domain(const DesiredDomain& wanted) {
    auto tenant = co_await directory().find_tenant(wanted.tenant);
    const bool is_new = !tenant && tenant.error().kind == ErrorKind::not_found;
    if (is_new) tenant = co_await directory().create_tenant(wanted.tenant);
    if (!tenant) co_return std::move(tenant).error();
    CO_TRY_VOID(co_await directory().create_domain(tenant->id, wanted.name, wanted.plan));
    co_return Result<void>();
  }

  Task<void> account_lane() {
    while (next_ < plan_.accounts.size()) {
      const AccountSteps& steps = plan_.accounts[next_++];
      auto done = co_await take(steps);
      note(steps.wanted->address, std::move(done));
    }
  }

  Task<Result<void>> take(const AccountSteps& steps) {
    const DesiredAccount& wanted = *steps.wanted;
    AccountId id = steps.id;
    AccountLimits limits;
    limits.quota_octets = wanted.quota_octets;
    limits.quota_messages = wanted.quota_messages;
    if (steps.make) {
      CO_TRY(Credentials credentials, co_await credentials_of(wanted));
      CO_TRY(const AccountRecord made,
             co_await directory().create_account(wanted.address, std::move(credentials), limits));
      id = made.id;
    } else if (steps.set_limits) {
      CO_TRY_VOID(co_await directory().set_limits(id, limits));
    }
    if (steps.set_name) {
      CO_TRY(const AccountRecord now, co_await directory().account(id));
      Profile profile = now.profile;
      profile.display_name = *wanted.name;
      CO_TRY_VOID(co_await directory().set_profile(id, std::move(profile)));
    }
    for (const Feature feature : steps.features) {
      const std::optional<bool> value = wanted.features.at(feature);
      CO_TRY_VOID(co_await directory().set_account_feature(id, feature, value));
    }
    if (steps.status) CO_TRY_VOID(co_await directory().set_status(id, *steps.status));
    co_return Result<void>();
  }

  Task<Result<Credentials>> credentials_of(const DesiredAccount& wanted) {
    if (wanted.password_hash) co_return import_credentials(*wanted.password_hash);
    const std::uint32_t cost = session_.settings.login.yescrypt_cost;
    auto work = [password = *wanted.password, cost] { return make_credentials(password, cost); };
    co_return co_await in_worker(session_.loop, std::move(work));
  }

  StoreSession& session_;
  const ApplyPlan& plan_;
  Progress progress_;
  Applied applied_;
  std::size_t next_ = 0;
};

}  // namespace

Task<Result<Present>> read_present(StoreSession& session, const Desired& desired) {
  Directory& directory = session.store.directory();
  std::set<std::string> names;
  const auto add = [&names](const std::string& address) {
    names.insert(address.substr(address.rfind('@') + 1));
  };
  for (const DesiredDomain& one : desired.domains) names.insert(one.name);
  for (const DesiredAccount& one : desired.accounts) add(one.address);
  for (const DesiredAlias& one : desired.aliases) add(one.address);
  Present present;
  for (const std::string& name : names) {
    auto domain = co_await directory.find_domain(name);
    if (!domain && domain.error().kind == ErrorKind::not_found) continue;
    if (!domain) co_return std::move(domain).error();
    CO_TRY(std::vector<AccountRecord> accounts, co_await directory.list_accounts(name));
    CO_TRY(std::vector<Alias> aliases, co_await directory.list_aliases(name));
    present.domains.emplace(name, *std::move(domain));
    for (AccountRecord& one : accounts) {
      std::string address = one.address;
      present.accounts.emplace(std::move(address), std::move(one));
    }
    for (Alias& one : aliases) present.aliases.emplace(std::move(one.address), std::move(one.targets));
  }
  co_return present;
}

Task<Applied> apply(StoreSession& session, const ApplyPlan& plan) {
  Applying applying(session, plan);
  co_return co_await applying.run();
}

}  // namespace postern::cli
