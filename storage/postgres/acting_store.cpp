#include "storage/postgres/acting_store.h"

namespace postern::postgres {

namespace {

constexpr Statement kAct{"say_who_acts", R"sql(
 SELECT set_config('postern.act',
                   json_build_object('who', $1::text, 'via', $2::text, 'from', $3::text)::text, true))sql"};

constexpr Statement kExpectTenant{"expect_tenant", R"sql(
 SELECT expect_version((SELECT xmin::text FROM tenants WHERE tenant_id::text = $1::text FOR NO KEY UPDATE),
                       $2::text))sql"};
constexpr Statement kExpectPlan{"expect_plan", R"sql(
 SELECT expect_version((SELECT xmin::text FROM plans WHERE name = $1::text FOR NO KEY UPDATE), $2::text))sql"};
constexpr Statement kExpectDomain{"expect_domain", R"sql(
 SELECT expect_version((SELECT xmin::text FROM domains WHERE name = $1::text FOR NO KEY UPDATE), $2::text))sql"};
constexpr Statement kExpectAccount{"expect_account", R"sql(
 SELECT expect_version((SELECT xmin::text FROM accounts WHERE address = $1::text FOR NO KEY UPDATE),
                       $2::text))sql"};
constexpr Statement kExpectAlias{"expect_alias", R"sql(
 SELECT expect_version((SELECT xmin::text FROM aliases WHERE address = $1::text FOR NO KEY UPDATE),
                       $2::text))sql"};

const Statement& expectation(RowVersion::Of of) {
  switch (of) {
    case RowVersion::Of::tenant: return kExpectTenant;
    case RowVersion::Of::plan: return kExpectPlan;
    case RowVersion::Of::domain: return kExpectDomain;
    case RowVersion::Of::account: return kExpectAccount;
    case RowVersion::Of::alias: break;
  }
  return kExpectAlias;
}

}  // namespace

std::vector<Query> preamble_of(const Act& act, const std::optional<RowVersion>& unchanged) {
  std::vector<Query> preamble;
  preamble.emplace_back(kAct, Params(act.who, act.via, act.from));
  if (unchanged)
    preamble.emplace_back(expectation(unchanged->of), Params(unchanged->name, unchanged->version));
  return preamble;
}

}  // namespace postern::postgres
