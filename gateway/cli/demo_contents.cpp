#include "gateway/cli/demo_contents.h"

#include "gateway/async/worker.h"
#include "gateway/cli/demo_messages.h"
#include "protocols/shared/credentials.h"

namespace postern::cli {

namespace {

constexpr int kBulkMessages = 6;
// A few short messages, then the mailbox is full.
constexpr std::uint64_t kRoomLeftOctets = 8 * 1024;

Task<Result<void>> make_domain(Directory& directory) {
  auto found = co_await directory.find_domain(kDemoDomain);
  if (found) co_return Result<void>();
  if (found.error().kind != ErrorKind::not_found) co_return std::move(found).error();
  auto tenant = co_await directory.find_tenant("demo");
  if (!tenant) tenant = co_await directory.create_tenant("demo");
  if (!tenant) co_return std::move(tenant).error();
  CO_TRY_VOID(co_await directory.create_domain(tenant->id, kDemoDomain, "standard"));
  co_return Result<void>();
}

Task<Result<AccountRecord>> make_account(StoreSession& session, DemoAccount account) {
  Directory& directory = session.store.directory();
  auto found = co_await directory.find_account(account.address);
  if (found || found.error().kind != ErrorKind::not_found) co_return found;
  const Secret password(account.password);
  const std::uint32_t cost = session.settings.login.yescrypt_cost;
  auto work = [password, cost] { return make_credentials(password, cost); };
  CO_TRY(Credentials credentials, co_await in_worker(session.loop, std::move(work)));
  AccountLimits limits;
  co_return co_await directory.create_account(account.address, std::move(credentials), limits);
}

Task<Result<void>> make_administrator(StoreSession& session, Secret password) {
  Administrators& administrators = session.store.administrators();
  const auto found = co_await administrators.find_name(kDemoAdministrator);
  if (found) co_return Result<void>();
  if (found.error().kind != ErrorKind::not_found) co_return found.error();
  const std::uint32_t cost = session.settings.login.yescrypt_cost;
  auto work = [password, cost] { return make_credentials(password, cost); };
  CO_TRY(const Credentials credentials, co_await in_worker(session.loop, std::move(work)));
  Administrator administrator;
  administrator.name = kDemoAdministrator;
  administrator.role = Role::provider;
  administrator.password_hash = credentials.password_hash;
  CO_TRY_VOID(co_await administrators.create(std::move(administrator)));
  co_return Result<void>();
}

Task<Result<void>> deliver(Store& store, AccountRecord account, DemoMessage message) {
  std::string trace = "Return-Path: <" + message.reverse_path + ">\r\n";
  const auto sink = store.messages().receive(account.id, std::move(trace));
  CO_TRY_VOID(co_await sink->write(message.octets));
  CO_TRY(const StagedMessage staged, co_await sink->finish());
  Delivery delivery;
  delivery.account = account.id;
  delivery.reverse_path = message.reverse_path;
  delivery.recipient = account.address;
  CO_TRY_VOID(co_await store.messages().deliver(staged, std::move(delivery)));
  co_return Result<void>();
}

Task<Result<void>> fill_account(Store& store, AccountRecord account, std::vector<DemoMessage> messages) {
  for (const DemoMessage& message : messages) CO_TRY_VOID(co_await deliver(store, account, message));
  co_return Result<void>();
}

// Alice may use everything, bob has no Mobile Sync, carol is nearly full.
Task<Result<void>> distinguish(Directory& directory, AccountRecord account, std::string local) {
  if (local == "alice") {
    for (Feature feature : kFeatures) {
      CO_TRY_VOID(co_await directory.set_account_feature(account.id, feature, true));
    }
  } else if (local == "bob") {
    CO_TRY_VOID(co_await directory.set_account_feature(account.id, Feature::mobile_sync, false));
  } else if (local == "carol") {
    CO_TRY(const QuotaUsage usage, co_await directory.quota(account.id));
    AccountLimits limits;
    limits.quota_octets = usage.octets + kRoomLeftOctets;
    CO_TRY_VOID(co_await directory.set_limits(account.id, limits));
  }
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> fill_demo(StoreSession& session, DemoDirectory& demo) {
  Directory& directory = session.store.directory();
  CO_TRY_VOID(co_await make_domain(directory));
  Secret password(demo.administrator_password);
  CO_TRY_VOID(co_await make_administrator(session, std::move(password)));
  const WallTime today = std::chrono::floor<std::chrono::days>(Clock().now());
  for (const DemoAccount& account : demo.accounts) {
    CO_TRY(const AccountRecord record, co_await make_account(session, account));
    if (demo.filled) continue;
    const std::string local = account.address.substr(0, account.address.find('@'));
    std::vector<DemoMessage> messages = demo_messages(local, today);
    if (local == "carol") {
      for (DemoMessage& report : demo_bulk(local, today, kBulkMessages))
        messages.push_back(std::move(report));
    }
    CO_TRY_VOID(co_await fill_account(session.store, record, std::move(messages)));
    CO_TRY_VOID(co_await distinguish(directory, record, local));
  }
  if (demo.filled) co_return Result<void>();
  demo.filled = true;
  co_return save_accounts(demo);
}

}  // namespace postern::cli
