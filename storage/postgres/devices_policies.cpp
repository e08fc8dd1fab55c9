// What plans, domains and accounts say of the device policy. Who it concerns is rung: open requests look
// again, and a device whose policy has changed is told to fetch the new one.
#include "config/policy_values.h"
#include "storage/postgres/devices.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

struct LevelStatements {
  Statement get;
  Statement set;  // gives the accounts that it concerns, or one NULL if there are none
};
constexpr LevelStatements kOfPlan{{"policy_of_plan", "SELECT policy FROM plans WHERE name = $1::text"},
                                  {"set_policy_of_plan", R"sql(
 WITH changed AS (UPDATE plans SET policy = $2::text[] WHERE name = $1::text RETURNING plan_id)
 SELECT account_id
   FROM changed
   LEFT JOIN domains USING (plan_id)
   LEFT JOIN accounts USING (domain_id))sql"}};
constexpr LevelStatements kOfDomain{{"policy_of_domain", "SELECT policy FROM domains WHERE name = $1::text"},
                                    {"set_policy_of_domain", R"sql(
 WITH changed AS (UPDATE domains SET policy = $2::text[] WHERE name = $1::text RETURNING domain_id)
 SELECT account_id FROM changed LEFT JOIN accounts USING (domain_id))sql"}};
constexpr LevelStatements kOfAccount{
    {"policy_of_account", "SELECT policy FROM accounts WHERE address = $1::text"},
    {"set_policy_of_account",
     "UPDATE accounts SET policy = $2::text[] WHERE address = $1::text RETURNING account_id"}};

const LevelStatements& statements_of(PolicyLevel level) {
  switch (level) {
    case PolicyLevel::plan: return kOfPlan;
    case PolicyLevel::domain: return kOfDomain;
    case PolicyLevel::account: return kOfAccount;
  }
  return kOfAccount;
}

// As the rows have it. invalid.
Result<std::string> normal_name(PolicyLevel level, const std::string& of) {
  if (level == PolicyLevel::domain) return normal_domain(of);
  if (level == PolicyLevel::plan) return of;
  TRY(const Address address, parse_address(of));
  return address.text();
}

}  // namespace

Task<Result<std::vector<std::string>>> PostgresDevices::policy_values(PolicyLevel level, std::string of) {
  CO_TRY(const std::string name, normal_name(level, of));
  Params params(name);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, statements_of(level).get, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such plan, domain or account");
  co_return rows[0].get<std::vector<std::string>>(0);
}

Task<Result<void>> PostgresDevices::set_policy_values(PolicyLevel level, std::string of,
                                                      std::vector<std::string> values) {
  CO_TRY(const std::string name, normal_name(level, of));
  if (values.size() > kPolicyValuesMax) co_return Error(ErrorKind::invalid, "too many policy values");
  PolicySettings checked;
  for (const std::string& value : values) CO_TRY_VOID(apply_policy_value(checked, value));
  Params params(name, values);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, statements_of(level).set, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such plan, domain or account");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].is_null(0)) doorbell_.ring_account(rows[i].get<AccountId>(0));
  }
  co_return Result<void>();
}

}  // namespace postern::postgres
