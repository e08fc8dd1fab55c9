// /accounts
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"
#include "protocols/admin/passwords.h"
#include "protocols/shared/credentials.h"

namespace postern::admin {

namespace {

Task<Result<Answer>> answer_with(const Call& call, std::string address, int status) {
  CO_TRY(const AccountEntry entry,
         co_await call.store().listings().account(call.who.reach, std::move(address)));
  Answer answer(status, account_json(entry));
  answer.etag = entry.version;
  co_return answer;
}

// What can be changed: a deleted account is for the recovery.
Task<Result<AccountEntry>> living(const Call& call) {
  CO_TRY(AccountEntry entry, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  if (entry.status == AccountStatus::deleted) co_return Error(ErrorKind::not_found, "the account is deleted");
  co_return entry;
}

bool is_label(const std::string& name) {
  constexpr std::size_t kNameOctetsMax = 200;
  return name.size() <= kNameOctetsMax;
}

struct NewAccount {
  NewAccount() = default;
  std::string address;
  std::optional<std::string> password;
  std::optional<std::string> password_hash;
  Profile profile;
  AccountLimits limits;
};

NewAccount read_account(Fields& fields) {
  NewAccount account;
  account.address = fields.need_text("address");
  account.password = fields.text("password");
  account.password_hash = fields.text("password_hash");
  account.profile.display_name = fields.text("name").value_or("");
  account.profile.in_address_book = fields.flag("in_address_book").value_or(true);
  account.limits.quota_octets = fields.limit("quota_octets", 1).value_or(std::nullopt);
  account.limits.quota_messages = fields.limit("quota_messages", 1).value_or(std::nullopt);
  if (account.password.has_value() == account.password_hash.has_value()) {
    fields.wrong("password", "either password or password_hash is wanted");
  }
  const std::string fault = account.password ? password_fault(*account.password) : "";
  if (!fault.empty()) fields.wrong("password", fault);
  if (!account.address.empty() && !parse_address(account.address)) fields.wrong("address", "is none");
  if (!is_label(account.profile.display_name)) fields.wrong("name", "is too long");
  return account;
}

Task<Result<Credentials>> credentials_of(const Call& call, NewAccount account) {
  if (account.password_hash) co_return import_credentials(*account.password_hash);
  Secret password(*std::move(account.password));
  co_return co_await hashed(call, std::move(password));
}

}  // namespace

Task<Result<Answer>> list_accounts(Call& call) {
  Query query(call.exchange.head().query);
  DirectoryFilter filter;
  filter.tenant = query.tenant();
  filter.domain = query.domain();
  filter.begins_with = query.text("q").value_or("");
  filter.feature = query.feature();
  const std::vector<std::string> words{"active", "disabled", "deleted"};
  if (const auto word = query.word("status", words)) {
    const auto place = std::find(words.begin(), words.end(), *word) - words.begin();
    filter.status = static_cast<AccountStatus>(place);
  }
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  PageRange wanted = one_more(range);
  CO_TRY(const std::vector<AccountEntry> entries,
         co_await call.store().listings().accounts(call.who.reach, std::move(filter), std::move(wanted)));
  co_return list_of(entries, range, account_json, [](const AccountEntry& entry) { return entry.address; });
}

Task<Result<Answer>> create_account(Call& call) {
  Fields fields(call.body);
  NewAccount account = read_account(fields);
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const std::string domain = parse_address(account.address)->domain;
  const auto home = co_await call.store().listings().domain(call.who.reach, domain);
  if (!home && home.error().kind == ErrorKind::not_found)
    co_return invalid("address", "there is no such domain");
  if (!home) co_return home.error();
  auto credentials = co_await credentials_of(call, account);
  if (!credentials) co_return invalid("password_hash", "is of no kind that is known");
  const auto acting = call.acting();
  CO_TRY(const AccountRecord created,
         co_await acting->directory().create_account(account.address, *std::move(credentials), account.limits,
                                                     account.profile));
  co_return co_await answer_with(call, created.address, 201);
}

Task<Result<Answer>> get_account(Call& call) {
  co_return co_await answer_with(call, call.arg(0), 200);
}

Task<Result<Answer>> change_account(Call& call) {
  CO_TRY(const AccountEntry entry, co_await living(call));
  Fields fields(call.body);
  AccountChange change;
  change.display_name = fields.text("name");
  change.in_address_book = fields.flag("in_address_book");
  change.quota_octets = fields.limit("quota_octets", 1);
  change.quota_messages = fields.limit("quota_messages", 1);
  if (const auto status = fields.text("status")) {
    const bool active = *status == "active";
    if (!active && *status != "disabled") fields.wrong("status", "active or disabled is wanted");
    change.status = active ? AccountStatus::active : AccountStatus::disabled;
  }
  if (!is_label(change.display_name.value_or(""))) fields.wrong("name", "is too long");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting(RowVersion::Of::account, entry.address);
  CO_TRY_VOID(co_await acting->directory().change_account(entry.id, std::move(change)));
  co_return co_await answer_with(call, entry.address, 200);
}

Task<Result<Answer>> delete_account(Call& call) {
  CO_TRY(const AccountEntry entry, co_await living(call));
  const auto acting = call.acting(RowVersion::Of::account, entry.address);
  CO_TRY_VOID(co_await acting->directory().delete_account(entry.id));
  co_return Answer(204);
}

Task<Result<Answer>> set_password(Call& call) {
  CO_TRY(const AccountEntry entry, co_await living(call));
  Fields fields(call.body);
  std::string password = fields.need_text("password");
  const std::string fault = password_fault(password);
  if (!fault.empty()) fields.wrong("password", fault);
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  Secret secret(std::move(password));
  CO_TRY(Credentials credentials, co_await hashed(call, std::move(secret)));
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->directory().set_credentials(entry.id, std::move(credentials)));
  CO_TRY_VOID(co_await acting->administrators().end_sessions(Owner(entry.id), call.who.session));
  co_return Answer(204);
}

}  // namespace postern::admin
