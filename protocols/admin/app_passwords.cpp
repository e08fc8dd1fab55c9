// /accounts/{account}/app-passwords and /me/app-passwords
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"
#include "protocols/admin/passwords.h"

namespace postern::admin {

namespace {

constexpr Feature kDoors[] = {Feature::pop3, Feature::imap, Feature::mobile_sync, Feature::submission};

std::uint16_t bit_of(Feature door) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(door));
}

std::uint16_t doors_from(Fields& fields) {
  std::uint16_t doors = 0;
  for (const Feature door : kDoors) doors = static_cast<std::uint16_t>(doors | bit_of(door));
  const auto names = fields.texts("doors", std::size(kDoors));
  if (!names || names->empty()) return doors;
  std::uint16_t named = 0;
  for (const std::string& name : *names) {
    const auto door = feature_from(name);
    if (door && (doors & bit_of(*door)) != 0) {
      named = static_cast<std::uint16_t>(named | bit_of(*door));
    } else {
      fields.wrong("doors", "one of them is no door");
    }
  }
  return named;
}

Task<Result<Answer>> list(Call& call, AccountId account) {
  CO_TRY(const std::vector<AppPassword> passwords,
         co_await call.store().administrators().app_passwords(account));
  co_return whole_list_of(passwords, app_password_json);
}

Task<Result<Answer>> create(Call& call, AccountId account) {
  Fields fields(call.body);
  std::string name = fields.need_text("name");
  if (name.empty()) fields.wrong("name", "is empty");
  const std::uint16_t doors = doors_from(fields);
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const std::string password = new_app_password();
  const auto acting = call.acting();
  CO_TRY(const AppPassword made, co_await acting->administrators().create_app_password(
                                     account, app_password_hash(password), std::move(name), doors));
  Answer answer(201, app_password_json(made));
  answer.body["password"] = password;
  co_return answer;
}

Task<Result<Answer>> remove(Call& call, AccountId account, AppPasswordId id) {
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->administrators().remove_app_password(account, id));
  co_return Answer(204);
}

Task<Result<AccountId>> account_of(const Call& call) {
  CO_TRY(const AccountEntry entry, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  if (entry.status == AccountStatus::deleted) co_return Error(ErrorKind::not_found, "the account is deleted");
  co_return entry.id;
}

}  // namespace

Task<Result<Answer>> list_app_passwords(Call& call) {
  CO_TRY(const AccountId account, co_await account_of(call));
  co_return co_await list(call, account);
}
Task<Result<Answer>> create_app_password(Call& call) {
  CO_TRY(const AccountId account, co_await account_of(call));
  co_return co_await create(call, account);
}
Task<Result<Answer>> delete_app_password(Call& call) {
  CO_TRY(const AccountId account, co_await account_of(call));
  co_return co_await remove(call, account, AppPasswordId(call.number(1)));
}

Task<Result<Answer>> list_my_app_passwords(Call& call) {
  co_return co_await list(call, *call.who.owner.account);
}
Task<Result<Answer>> create_my_app_password(Call& call) {
  co_return co_await create(call, *call.who.owner.account);
}
Task<Result<Answer>> delete_my_app_password(Call& call) {
  co_return co_await remove(call, *call.who.owner.account, AppPasswordId(call.number(0)));
}

}  // namespace postern::admin
