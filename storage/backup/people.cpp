#include "storage/backup/people.h"

#include "gateway/async/worker.h"
#include "storage/backup/people_json.h"

namespace postern::backup {

namespace {

class Saving {
 public:
  Saving(Loop& loop, Store& store, std::unique_ptr<ZstdWriter> out)
      : loop_(loop), store_(store), out_(std::move(out)) {}

  Task<Result<void>> run() {
    CO_TRY_VOID(co_await save_tenants());
    CO_TRY(const std::vector<PlanEntry> plans, co_await store_.listings().plans());
    for (const PlanEntry& plan : plans) {
      CO_TRY(const RetentionRules rules, co_await store_.retention().of_plan(plan.plan.name));
      put(json_of(plan.plan, rules));
    }
    CO_TRY_VOID(co_await save_domains());
    CO_TRY_VOID(co_await save_accounts());
    CO_TRY_VOID(co_await save_aliases());
    put(end_record());
    CO_TRY_VOID(co_await flush(0));
    auto end = [this] { return out_->finish(); };
    co_return co_await in_worker(loop_, end);
  }

 private:
  void put(const Json& record) { text_ += line_of(record); }

  Task<Result<void>> flush(std::size_t octets_min) {
    if (text_.size() <= octets_min) co_return Result<void>();
    auto write = [this, text = std::exchange(text_, std::string())] { return out_->write(text); };
    co_return co_await in_worker(loop_, std::move(write));
  }

  Task<Result<void>> save_tenants() {
    PageRange range;
    range.items_max = kPageItemsMax;
    for (;;) {
      CO_TRY(const std::vector<TenantEntry> page, co_await store_.listings().tenants(Reach(), range));
      for (const TenantEntry& entry : page) {
        tenants_[entry.tenant.id] = entry.tenant.name;
        put(json_of(entry));
      }
      if (page.size() < range.items_max) co_return Result<void>();
      range.after = page.back().tenant.name;
    }
  }

  Task<Result<void>> save_domains() {
    PageRange range;
    range.items_max = kPageItemsMax;
    for (;;) {
      CO_TRY(const std::vector<DomainEntry> page,
             co_await store_.listings().domains(Reach(), DirectoryFilter(), range));
      for (const DomainEntry& entry : page) {
        CO_TRY(const RetentionRules rules, co_await store_.retention().of_domain(entry.domain.name));
        CO_TRY(const DomainQuota quota, co_await store_.quotas().domain(entry.domain.name));
        put(json_of(entry, tenants_[entry.domain.tenant], rules, quota));
        domains_.push_back(entry.domain.name);
      }
      if (page.size() < range.items_max) co_return Result<void>();
      range.after = page.back().domain.name;
    }
  }

  // Two listings of one domain: only the directory's own knows what checks passwords.
  Task<Result<void>> save_accounts() {
    for (const std::string& domain : domains_) {
      CO_TRY(const std::vector<AccountRecord> records, co_await store_.directory().list_accounts(domain));
      std::map<std::string, Credentials> credentials;
      for (const AccountRecord& record : records) credentials[record.address] = record.credentials;
      DirectoryFilter filter;
      filter.domain = domain;
      PageRange range;
      range.items_max = kPageItemsMax;
      for (bool last = false; !last;) {
        CO_TRY(const std::vector<AccountEntry> page,
               co_await store_.listings().accounts(Reach(), filter, range));
        for (const AccountEntry& entry : page) {
          const auto known = credentials.find(entry.address);
          if (known != credentials.end()) put(json_of(entry, known->second));
        }
        last = page.size() < range.items_max;
        if (!last) range.after = page.back().address;
        CO_TRY_VOID(co_await flush(kFlushOctets));
      }
    }
    co_return Result<void>();
  }

  Task<Result<void>> save_aliases() {
    for (const std::string& domain : domains_) {
      CO_TRY(const std::vector<Alias> aliases, co_await store_.directory().list_aliases(domain));
      for (const Alias& alias : aliases) put(json_of(alias));
      CO_TRY_VOID(co_await flush(kFlushOctets));
    }
    co_return Result<void>();
  }

  static constexpr std::size_t kFlushOctets = 256 * 1024;
  Loop& loop_;
  Store& store_;
  const std::unique_ptr<ZstdWriter> out_;
  std::string text_;
  std::map<TenantId, std::string> tenants_;
  std::vector<std::string> domains_;
};

}  // namespace

Task<Result<void>> save_people(Loop& loop, Store& store, Repository& repository, std::string run) {
  auto create = [&repository, &run] { return repository.create_people(run); };
  CO_TRY(std::unique_ptr<ZstdWriter> out, co_await in_worker(loop, create));
  Saving saving(loop, store, std::move(out));
  co_return co_await saving.run();
}

}  // namespace postern::backup
