// A store with one tenant and the domain example.test on plan "standard".
#pragma once

#include "tests/support/store_fixture.h"

namespace postern::tests {

class DirectoryFixture : public StoreFixture {
 protected:
  void SetUp() override {
    StoreFixture::SetUp();
    tenant_ = must(await(directory().create_tenant("tenant"))).id;
    must(await(directory().create_domain(tenant_, "example.test", "standard")));
  }

  Directory& directory() { return store_->directory(); }

  template <class T>
  static T must(Result<T> result) {
    if (!result)
      throw std::runtime_error(std::string(name_of(result.error().kind)) + ": " + result.error().detail);
    return *std::move(result);
  }
  static void must(Result<void> result) {
    if (!result)
      throw std::runtime_error(std::string(name_of(result.error().kind)) + ": " + result.error().detail);
  }

  template <class T>
  static std::optional<ErrorKind> refusal(const Result<T>& result) {
    if (result) return std::nullopt;
    return result.error().kind;
  }

  Result<AccountRecord> try_create(std::string address, AccountLimits limits = {}) {
    return await(directory().create_account(std::move(address), Credentials(), limits));
  }
  AccountRecord create(std::string address) { return must(try_create(std::move(address))); }

  // The feature as told, every other one the opposite.
  static Plan plan_with(Feature feature, bool enabled) {
    Plan plan;
    plan.name = "standard";
    plan.features.fill(!enabled);
    plan.features[static_cast<std::size_t>(feature)] = enabled;
    return plan;
  }

  template <class T>
  static Task<Result<void>> only_outcome(Task<Result<T>> task) {
    CO_TRY_VOID(co_await std::move(task));
    co_return Result<void>();
  }

  TenantId tenant_{};
};

}  // namespace postern::tests
