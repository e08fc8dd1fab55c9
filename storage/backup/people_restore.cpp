// People come back in the order in which they were written, so that everybody finds whom he belongs to. What
// the directory refuses is told, and the others are made all the same.
#include "gateway/async/worker.h"
#include "storage/backup/people.h"
#include "storage/backup/people_json.h"

namespace postern::backup {

namespace {

constexpr std::size_t kBatchRecords = 100;

struct Batch {
  std::vector<Json> records;
  bool last = false;
};

Result<Batch> read_batch(ZstdReader& in) {
  Batch batch;
  while (batch.records.size() < kBatchRecords) {
    TRY(const auto line, in.line());
    if (!line) return Error(ErrorKind::invalid, "the file of people is torn");
    Json record = Json::parse(*line, nullptr, false);
    if (!record.is_object() || !record.contains("kind"))
      return Error(ErrorKind::invalid, "the file of people has a line that says nothing");
    batch.last = record["kind"] == "end";
    if (batch.last) break;
    batch.records.push_back(std::move(record));
  }
  return batch;
}

class Restoring {
 public:
  Restoring(Store& store, PeopleReport& report) : store_(store), report_(report) {}

  Task<Result<void>> make(const Json& record) {
    const std::string kind = record.at("kind").get<std::string>();
    Result<void> made;
    std::string name;
    if (kind == "tenant") {
      name = record.at("name").get<std::string>();
      made = co_await make_tenant(record);
    } else if (kind == "plan") {
      SavedPlan plan = plan_from(record);
      name = plan.plan.name;
      made = co_await make_plan(std::move(plan));
    } else if (kind == "domain") {
      SavedDomain domain = domain_from(record);
      name = domain.name;
      made = co_await make_domain(std::move(domain));
    } else if (kind == "account") {
      SavedAccount account = account_from(record);
      name = account.address;
      made = co_await make_account(std::move(account));
    } else if (kind == "alias") {
      Alias alias = alias_from(record);
      name = alias.address;
      made = co_await store_.directory().set_alias(std::move(alias.address), std::move(alias.targets));
      if (made) ++report_.aliases;
    }
    co_return told(kind + " " + name, std::move(made));
  }

  // A catch-all's account may be of a domain that comes later.
  Task<Result<void>> finish() {
    for (const auto& [domain, address] : catch_alls_) {
      auto set = co_await store_.directory().set_catch_all(domain, address);
      CO_TRY_VOID(told("catch-all of " + domain, std::move(set)));
    }
    co_return Result<void>();
  }

 private:
  Result<void> told(const std::string& what, Result<void> made) {
    if (made || made.error().kind == ErrorKind::already_exists) return {};
    const ErrorKind kind = made.error().kind;
    const bool all_would_fail =
        kind == ErrorKind::unavailable || kind == ErrorKind::timed_out || kind == ErrorKind::closed;
    if (all_would_fail) return made;
    report_.refused.push_back(what + ": " + made.error().detail);
    return {};
  }

  Task<Result<void>> make_tenant(const Json& record) {
    const auto most = optional_from<std::uint64_t>(record, "mobile_sync_max");
    std::string name = record.at("name").get<std::string>();
    auto made = co_await store_.directory().create_tenant(std::move(name), most);
    if (!made) co_return made.error();
    ++report_.tenants;
    co_return Result<void>();
  }

  // Without its rules a plan is there already: the one that every installation begins with.
  Task<Result<void>> make_plan(SavedPlan saved) {
    const std::string name = saved.plan.name;
    CO_TRY_VOID(co_await store_.directory().put_plan(std::move(saved.plan)));
    ++report_.plans;
    co_return co_await store_.retention().set_plan(name, saved.rules);
  }

  Task<Result<void>> make_domain(SavedDomain saved) {
    CO_TRY(const Tenant tenant, co_await store_.directory().find_tenant(saved.tenant));
    CO_TRY_VOID(co_await store_.directory().create_domain(tenant.id, saved.name, saved.plan));
    ++report_.domains;
    if (!saved.features.empty())
      CO_TRY_VOID(
          co_await store_.directory().set_domain_features(saved.name, std::move(saved.features), false));
    CO_TRY_VOID(co_await store_.retention().set_domain(saved.name, saved.rules));
    const bool usual = saved.quota == DomainQuota();
    if (!usual) CO_TRY_VOID(co_await store_.quotas().set_domain(saved.name, std::move(saved.quota)));
    if (saved.catch_all) catch_alls_.emplace_back(saved.name, *saved.catch_all);
    co_return Result<void>();
  }

  Task<Result<void>> make_account(SavedAccount saved) {
    CO_TRY(const AccountRecord made,
           co_await store_.directory().create_account(std::move(saved.address), std::move(saved.credentials),
                                                      saved.limits, std::move(saved.profile)));
    ++report_.accounts;
    if (!saved.features.empty())
      CO_TRY_VOID(co_await store_.directory().set_account_features(made.id, std::move(saved.features)));
    const bool active = saved.status == AccountStatus::active;
    if (!active) CO_TRY_VOID(co_await store_.directory().set_status(made.id, saved.status));
    co_return Result<void>();
  }

  Store& store_;
  PeopleReport& report_;
  std::vector<std::pair<std::string, std::string>> catch_alls_;
};

}  // namespace

Task<Result<void>> restore_people(Loop& loop, Store& store, const Repository& repository, std::string run,
                                  PeopleReport& report) {
  auto open = [&repository, &run] { return repository.people(run); };
  CO_TRY(const std::unique_ptr<ZstdReader> in, co_await in_worker(loop, open));
  Restoring restoring(store, report);
  for (bool last = false; !last;) {
    auto read = [&in] { return read_batch(*in); };
    CO_TRY(const Batch batch, co_await in_worker(loop, read));
    last = batch.last;
    for (const Json& record : batch.records) CO_TRY_VOID(co_await restoring.make(record));
  }
  co_return co_await restoring.finish();
}

}  // namespace postern::backup
