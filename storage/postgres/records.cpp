#include "storage/postgres/records.h"

#include "gateway/base/text.h"
#include "storage/postgres/directory_rows.h"
#include "storage/postgres/listings.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

#define POSTERN_RECORD_FILTER                                     \
  " WHERE ($1::bigint IS NULL OR entry.tenant_id = $1::bigint)"   \
  " AND ($2::bigint IS NULL OR entry.domain_id = $2::bigint)"     \
  " AND ($3::text IS NULL OR domain.name = $3::text)"             \
  " AND ($4::timestamptz IS NULL OR entry.at >= $4::timestamptz)" \
  " AND ($5::timestamptz IS NULL OR entry.at < $5::timestamptz)"

constexpr Statement kAudit{"list_audit", R"sql(
 SELECT entry.audit_id, entry.at, entry.who, entry.via, entry.source, entry.action, entry.kind, entry.object,
        entry.tenant_id, domain.name, coalesce(entry.before::text, ''), coalesce(entry.after::text, '')
   FROM audit entry LEFT JOIN domains domain ON domain.domain_id = entry.domain_id)sql" POSTERN_RECORD_FILTER
                                         R"sql(
    AND ($6::text IS NULL OR entry.who = $6::text)
    AND ($7::text IS NULL OR entry.object = $7::text OR entry.object ^@ ($7::text || '/'))
    AND entry.audit_id < $8::bigint
  ORDER BY entry.audit_id DESC LIMIT $9::bigint)sql"};

constexpr Statement kFeatureEvents{"list_feature_events", R"sql(
 SELECT entry.event_id, entry.at, entry.who, entry.source, entry.level, entry.name, entry.tenant_id,
        domain.name, entry.feature, entry.before, entry.after
   FROM feature_events entry LEFT JOIN domains domain ON domain.domain_id = entry.domain_id)sql" POSTERN_RECORD_FILTER
                                                          R"sql(
    AND ($6::smallint IS NULL OR entry.feature = $6::smallint)
    AND entry.event_id < $7::bigint
  ORDER BY entry.event_id DESC LIMIT $8::bigint)sql"};

constexpr Statement kUsage{"list_usage", R"sql(
 SELECT entry.day::text, entry.account_id, entry.tenant_id, split_part(entry.address, '@', 2), entry.address,
        entry.plan, entry.features, entry.octets, entry.messages, entry.devices::bigint
   FROM usage_days entry
  WHERE ($1::bigint IS NULL OR entry.tenant_id = $1::bigint)
    AND ($2::bigint IS NULL OR entry.domain_id = $2::bigint)
    AND ($3::text IS NULL OR split_part(entry.address, '@', 2) = $3::text)
    AND entry.day >= ($4::text || '-01')::date AND entry.day < ($4::text || '-01')::date + interval '1 month'
    AND (entry.day, entry.account_id) > ($5::text::date, $6::bigint)
  ORDER BY entry.day, entry.account_id LIMIT $7::bigint)sql"};

// A step of the day's count. A feature that was on at some time of the day, be it for minutes, stands there.
constexpr Statement kCount{"count_usage", R"sql(
 WITH today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day,
                       date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS begun),
 step AS (
     SELECT account_id FROM accounts WHERE account_id > $1::bigint ORDER BY account_id LIMIT $2::bigint),
 counted AS (
     INSERT INTO usage_days (day, account_id, tenant_id, domain_id, address, plan, features, octets, messages, devices)
     SELECT today.day, account.account_id, domain.tenant_id, domain.domain_id, account.address, plan.name,
            effective_features(plan.features, domain.features_set, domain.features_value,
                               account.features_set, account.features_value)
              | coalesce((SELECT bit_or((1 << event.feature)::smallint) FROM feature_events event
                           WHERE event.account_id = account.account_id AND event.at >= today.begun
                             AND event.after), 0::smallint),
            usage.octets, usage.messages,
            (SELECT count(*) FROM devices device
              WHERE device.account_id = account.account_id AND device.last_seen >= today.begun)
       FROM step JOIN accounts account USING (account_id) JOIN domains domain USING (domain_id)
       JOIN plans plan USING (plan_id) JOIN account_usage usage USING (account_id) CROSS JOIN today
      WHERE account.status <> 2 OR account.deleted_at >= today.begun
     ON CONFLICT (day, account_id) DO UPDATE
        SET plan = excluded.plan, features = usage_days.features | excluded.features,
            octets = greatest(usage_days.octets, excluded.octets),
            messages = greatest(usage_days.messages, excluded.messages),
            devices = greatest(usage_days.devices, excluded.devices))
 SELECT max(account_id) FROM step)sql"};
constexpr std::int64_t kCountedAtOnce = 2000;

constexpr Statement kForgetAudit{"forget_audit", R"sql(
 DELETE FROM audit WHERE at < now() - $1::bigint * interval '1 day')sql"};
constexpr Statement kForgetSessions{"forget_page_sessions", R"sql(
 DELETE FROM page_sessions WHERE begun_at < now() - $1::bigint * interval '1 second')sql"};
constexpr Statement kForgetAnswers{"forget_request_answers", R"sql(
 DELETE FROM request_answers WHERE asked_at < now() - interval '1 day')sql"};

std::int64_t before(const PageRange& range) {
  return static_cast<std::int64_t>(text::number(range.after, INT64_MAX).value_or(INT64_MAX));
}

Params filter_params(const Reach& reach, const RecordFilter& filter) {
  return Params(reach.tenant, reach.domain, filter.domain, filter.since, filter.until);
}

}  // namespace

Task<Result<std::vector<AuditEntry>>> PostgresRecords::audit(Reach reach, RecordFilter filter,
                                                             PageRange range) {
  std::vector<AuditEntry> entries;
  const auto within = narrowed(reach, filter.tenant);
  if (!within) co_return entries;
  Params params = filter_params(*within, filter);
  params.add(filter.who).add(filter.object).add(before(range)).add(range.items_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kAudit, std::move(params)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    AuditEntry& entry = entries.emplace_back();
    entry.id = row.get<std::int64_t>(0);
    entry.at = row.get<WallTime>(1);
    entry.who = row.get<std::string>(2);
    entry.via = row.get<std::string>(3);
    entry.from = row.get<std::string>(4);
    entry.action = row.get<std::string>(5);
    entry.kind = row.get<std::string>(6);
    entry.object = row.get<std::string>(7);
    entry.tenant = row.get<std::optional<TenantId>>(8);
    entry.domain = row.get<std::optional<std::string>>(9);
    entry.before = row.get<std::string>(10);
    entry.after = row.get<std::string>(11);
  }
  co_return entries;
}

Task<Result<std::vector<FeatureEvent>>> PostgresRecords::feature_events(Reach reach, RecordFilter filter,
                                                                        PageRange range) {
  std::vector<FeatureEvent> events;
  const auto within = narrowed(reach, filter.tenant);
  if (!within) co_return events;
  std::optional<std::int16_t> feature;
  if (filter.feature) feature = static_cast<std::int16_t>(*filter.feature);
  Params params = filter_params(*within, filter);
  params.add(feature).add(before(range)).add(range.items_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFeatureEvents, std::move(params)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    FeatureEvent& event = events.emplace_back();
    event.id = row.get<std::int64_t>(0);
    event.at = row.get<WallTime>(1);
    event.who = row.get<std::string>(2);
    event.from = row.get<std::string>(3);
    event.level = row.get<std::string>(4);
    event.name = row.get<std::string>(5);
    event.tenant = row.get<std::optional<TenantId>>(6);
    event.domain = row.get<std::optional<std::string>>(7);
    event.feature = row.get<Feature>(8);
    event.before = row.get<std::optional<bool>>(9);
    event.after = row.get<std::optional<bool>>(10);
  }
  co_return events;
}

Task<Result<std::vector<UsageDay>>> PostgresRecords::usage(Reach reach, RecordFilter filter,
                                                           std::string month, UsagePlace place,
                                                           std::uint32_t rows_max) {
  std::vector<UsageDay> days;
  const auto within = narrowed(reach, filter.tenant);
  if (!within) co_return days;
  const std::string day = place.day.empty() ? month + "-01" : place.day;
  Params params(within->tenant, within->domain, filter.domain, month, day, place.account, rows_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::bulk, kUsage, std::move(params)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    UsageDay& entry = days.emplace_back();
    entry.day = row.get<std::string>(0);
    entry.account = row.get<AccountId>(1);
    entry.tenant = row.get<TenantId>(2);
    entry.domain = row.get<std::string>(3);
    entry.address = row.get<std::string>(4);
    entry.plan = row.get<std::string>(5);
    const auto bits = row.get<std::int16_t>(6);
    for (const Feature feature : kFeatures) {
      if ((bits & bit_of(feature)) != 0) entry.features.push_back(feature);
    }
    entry.octets = row.get<std::uint64_t>(7);
    entry.messages = row.get<std::uint64_t>(8);
    entry.devices = row.get<std::uint32_t>(9);
  }
  co_return days;
}

Task<Result<void>> PostgresRecords::count_usage() {
  std::optional<std::int64_t> counted = 0;
  while (counted) {
    Params params(*counted, kCountedAtOnce);
    CO_TRY(const Rows rows, co_await query_repeatable(database_, Lane::write, kCount, std::move(params)));
    counted = rows[0].get<std::optional<std::int64_t>>(0);
  }
  co_return Result<void>();
}

Task<Result<void>> PostgresRecords::forget_old(std::uint32_t audit_days, std::uint32_t session_life_s) {
  std::vector<Query> queries;
  queries.emplace_back(kForgetAudit, Params(audit_days));
  queries.emplace_back(kForgetSessions, Params(session_life_s));
  queries.emplace_back(kForgetAnswers, Params());
  CO_TRY_VOID(co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  co_return Result<void>();
}

}  // namespace postern::postgres
