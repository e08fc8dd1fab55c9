#include "storage/postgres/administrators.h"

namespace postern::postgres {

namespace {

// The domain brings its tenant with it.
constexpr Statement kCreate{"create_administrator", R"sql(
 INSERT INTO administrators (name, role, tenant_id, domain_id, password_hash)
 SELECT $1::text, $2::smallint, coalesce(domain.tenant_id, $3::bigint), domain.domain_id, $5::text
   FROM (SELECT) nothing
   LEFT JOIN domains domain ON domain.domain_id = $4::bigint
  WHERE $4::bigint IS NULL OR domain.domain_id IS NOT NULL
 RETURNING administrator_id)sql"};

#define POSTERN_ADMINISTRATOR                                             \
  "SELECT " POSTERN_ADMINISTRATOR_COLUMNS                                 \
  " FROM administrators admin LEFT JOIN domains domain USING (domain_id)" \
  " WHERE "
#define POSTERN_ADMINISTRATOR_IN_REACH                   \
  "($1::bigint IS NULL OR admin.tenant_id = $1::bigint)" \
  " AND ($2::bigint IS NULL OR admin.domain_id = $2::bigint)"

constexpr Statement kList{"list_administrators", POSTERN_ADMINISTRATOR POSTERN_ADMINISTRATOR_IN_REACH
                          " AND admin.name COLLATE \"C\" > $3::text"
                          " ORDER BY admin.name COLLATE \"C\" LIMIT $4::bigint"};
constexpr Statement kFind{"find_administrator", POSTERN_ADMINISTRATOR POSTERN_ADMINISTRATOR_IN_REACH
                          " AND admin.administrator_id = $3::bigint"};
constexpr Statement kFindName{"find_administrator_by_name", POSTERN_ADMINISTRATOR "admin.name = $1::text"};

constexpr Statement kChange{"change_administrator", R"sql(
 UPDATE administrators SET locked = coalesce($2::boolean, locked),
                           password_hash = coalesce($3::text, password_hash)
  WHERE administrator_id = $1::bigint)sql"};
constexpr Statement kEndSessions{"end_sessions_of_administrator", R"sql(
 DELETE FROM page_sessions WHERE administrator_id = $1::bigint)sql"};
constexpr Statement kRemove{"remove_administrator", R"sql(
 DELETE FROM administrators WHERE administrator_id = $1::bigint)sql"};

constexpr std::size_t kNameOctetsMax = 64;

bool is_name(const std::string& name) {
  if (name.empty() || name.size() > kNameOctetsMax) return false;
  constexpr std::string_view kOthers = ".-_";
  for (const char c : name) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || kOthers.find(c) != kOthers.npos;
    if (!fits) return false;
  }
  return true;
}

}  // namespace

Administrator administrator_from_row(const Row& row, int column) {
  Administrator administrator;
  administrator.id = row.get<AdministratorId>(column);
  administrator.name = row.get<std::string>(column + 1);
  administrator.role = row.get<Role>(column + 2);
  administrator.reach.tenant = row.get<std::optional<TenantId>>(column + 3);
  administrator.reach.domain = row.get<std::optional<DomainId>>(column + 4);
  administrator.domain = row.get<std::optional<std::string>>(column + 5);
  administrator.password_hash = row.get<std::string>(column + 6);
  administrator.locked = row.get<bool>(column + 7);
  administrator.second_factor = row.get<bool>(column + 8);
  administrator.created_at = row.get<WallTime>(column + 9);
  return administrator;
}

Task<Result<void>> PostgresAdministrators::change_one(const Statement& statement, Params params,
                                                      Error refusal) {
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, statement, std::move(params)));
  if (rows.affected() == 0) co_return refusal;
  co_return Result<void>();
}

Task<Result<Administrator>> PostgresAdministrators::create(Administrator administrator) {
  if (!is_name(administrator.name)) co_return Error(ErrorKind::invalid, "not an administrator's name");
  std::vector<Query> queries;
  queries.emplace_back(
      kCreate, Params(administrator.name, static_cast<std::int16_t>(administrator.role),
                      administrator.reach.tenant, administrator.reach.domain, administrator.password_hash));
  queries.emplace_back(kFindName, Params(administrator.name));
  auto results = co_await database_.batch(Lane::write, std::move(queries));
  const bool no_tenant = !results && results.error().detail == "administrators_tenant_id_fkey";
  if (no_tenant) co_return Error(ErrorKind::not_found, "no such tenant");
  if (!results) co_return std::move(results).error();
  if (results->front().empty()) co_return Error(ErrorKind::not_found, "no such domain");
  co_return administrator_from_row(results->back()[0], 0);
}

Task<Result<std::vector<Administrator>>> PostgresAdministrators::list(Reach reach, PageRange range) {
  Params params(reach.tenant, reach.domain, range.after, range.items_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kList, std::move(params)));
  std::vector<Administrator> administrators;
  for (std::size_t i = 0; i < rows.size(); ++i) administrators.push_back(administrator_from_row(rows[i], 0));
  co_return administrators;
}

Task<Result<Administrator>> PostgresAdministrators::find(Reach reach, AdministratorId id) {
  Params params(reach.tenant, reach.domain, id);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFind, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such administrator");
  co_return administrator_from_row(rows[0], 0);
}

Task<Result<Administrator>> PostgresAdministrators::find_name(std::string name) {
  if (!is_name(name)) co_return Error(ErrorKind::not_found, "no such administrator");
  Params params(name);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFindName, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such administrator");
  co_return administrator_from_row(rows[0], 0);
}

Task<Result<void>> PostgresAdministrators::change(AdministratorId id, std::optional<bool> locked,
                                                  std::optional<std::string> password_hash) {
  std::vector<Query> queries;
  queries.emplace_back(kChange, Params(id, locked, password_hash));
  queries.emplace_back(kEndSessions, Params(id));
  CO_TRY(const std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  if (results[0].affected() == 0) co_return Error(ErrorKind::not_found, "no such administrator");
  co_return Result<void>();
}

Task<Result<void>> PostgresAdministrators::remove(AdministratorId id) {
  Params params(id);
  Error none(ErrorKind::not_found, "no such administrator");
  co_return co_await change_one(kRemove, std::move(params), std::move(none));
}

}  // namespace postern::postgres
