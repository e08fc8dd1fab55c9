#include "storage/postgres/quotas.h"

#include "gateway/base/text.h"
#include "storage/model/account.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kDomain{"quota_of_domain", R"sql(
  SELECT quota.pool_octets, quota.pool_messages, coalesce(quota.when_full, 0::smallint),
         coalesce(quota.administrator, '')
    FROM domains domain LEFT JOIN domain_quotas quota USING (domain_id)
   WHERE domain.name = $1::text)sql"};

constexpr Statement kSetDomain{"set_quota_of_domain", R"sql(
  INSERT INTO domain_quotas (domain_id, pool_octets, pool_messages, when_full, administrator)
  SELECT domain_id, $2::bigint, $3::bigint, $4::smallint, $5::text FROM domains WHERE name = $1::text
  ON CONFLICT (domain_id) DO UPDATE
     SET pool_octets = excluded.pool_octets, pool_messages = excluded.pool_messages,
         when_full = excluded.when_full, administrator = excluded.administrator)sql"};

constexpr Statement kUsage{"usage_of_domain", R"sql(
  SELECT coalesce(sum(usage.octets), 0)::bigint, coalesce(sum(usage.messages), 0)::bigint, count(usage.account_id)
    FROM domains domain
    LEFT JOIN accounts account ON account.domain_id = domain.domain_id AND account.deleted_at IS NULL
    LEFT JOIN account_usage usage USING (account_id)
   WHERE domain.name = $1::text
   GROUP BY domain.domain_id)sql"};

constexpr Statement kNotice{"quota_notice", R"sql(
  SELECT notice.subject, notice.body
    FROM domains domain
    LEFT JOIN quota_notices notice ON notice.domain_id = domain.domain_id AND notice.level = $2::smallint
   WHERE domain.name = $1::text)sql"};

constexpr Statement kSetNotice{"set_quota_notice", R"sql(
  INSERT INTO quota_notices (domain_id, level, subject, body)
  SELECT domain_id, $2::smallint, $3::text, $4::text FROM domains WHERE name = $1::text
  ON CONFLICT (domain_id, level) DO UPDATE SET subject = excluded.subject, body = excluded.body)sql"};

constexpr Statement kDropNotice{"drop_quota_notice", R"sql(
  DELETE FROM quota_notices
   WHERE level = $2::smallint AND domain_id = (SELECT domain_id FROM domains WHERE name = $1::text))sql"};

constexpr Statement kWhenFull{"quota_when_full", R"sql(
  SELECT coalesce(quota.when_full, 0::smallint)
    FROM accounts account LEFT JOIN domain_quotas quota USING (domain_id)
   WHERE account.account_id = $1::bigint)sql"};

constexpr Statement kRecountRun{"quota_recount_run", R"sql(
  SELECT ended_at FROM job_runs WHERE job = 'recount')sql"};

constexpr Statement kDrifts{"quota_drifts", R"sql(
  SELECT account_id, what, stored, counted FROM quota_drifts ORDER BY account_id, what)sql"};

const Error kNoDomain(ErrorKind::not_found, "no such domain");

Result<void> check(const DomainQuota& quota) {
  if (quota.pool_octets == 0u || quota.pool_messages == 0u)
    return Error(ErrorKind::invalid, "a pool is above zero");
  if (!quota.administrator.empty()) TRY_VOID(parse_address(quota.administrator));
  return {};
}

Result<void> check(const QuotaNotice& notice) {
  const bool too_large =
      notice.subject.size() > kNoticeSubjectOctetsMax || notice.text.size() > kNoticeTextOctetsMax;
  if (too_large) return Error(ErrorKind::too_large, "a notice of 64 KiB at most, its subject of 500 octets");
  const bool is_text = text::is_utf8(notice.subject) && text::is_utf8(notice.text) &&
                       notice.text.find('\0') == std::string::npos;
  if (!is_text) return Error(ErrorKind::invalid, "not UTF-8");
  if (notice.subject.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    return Error(ErrorKind::invalid, "a subject is one line");
  return {};
}

}  // namespace

Task<Result<DomainQuota>> PostgresQuotas::domain(std::string name) {
  CO_TRY(const std::string normal, normal_domain(name));
  Params params(normal);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kDomain, std::move(params)));
  if (rows.empty()) co_return kNoDomain;
  DomainQuota quota;
  quota.pool_octets = rows[0].get<std::optional<std::uint64_t>>(0);
  quota.pool_messages = rows[0].get<std::optional<std::uint64_t>>(1);
  quota.when_full = static_cast<WhenFull>(rows[0].get<std::int16_t>(2));
  quota.administrator = rows[0].get<std::string>(3);
  co_return quota;
}

Task<Result<void>> PostgresQuotas::set_domain(std::string name, DomainQuota quota) {
  CO_TRY(const std::string normal, normal_domain(name));
  CO_TRY_VOID(check(quota));
  Params params(normal, quota.pool_octets, quota.pool_messages, static_cast<std::int16_t>(quota.when_full),
                quota.administrator);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kSetDomain, std::move(params)));
  if (rows.affected() == 0) co_return kNoDomain;
  co_return Result<void>();
}

Task<Result<DomainUsage>> PostgresQuotas::usage(std::string name) {
  CO_TRY(const std::string normal, normal_domain(name));
  Params params(normal);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kUsage, std::move(params)));
  if (rows.empty()) co_return kNoDomain;
  DomainUsage usage;
  usage.octets = rows[0].get<std::uint64_t>(0);
  usage.messages = rows[0].get<std::uint64_t>(1);
  usage.accounts = rows[0].get<std::uint64_t>(2);
  co_return usage;
}

Task<Result<QuotaNotice>> PostgresQuotas::notice(std::string domain, QuotaLevel level) {
  CO_TRY(const std::string normal, normal_domain(domain));
  Params params(normal, static_cast<std::int16_t>(level));
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kNotice, std::move(params)));
  if (rows.empty()) co_return kNoDomain;
  if (rows[0].is_null(0)) co_return usual_notice(level);
  QuotaNotice notice;
  notice.subject = rows[0].get<std::string>(0);
  notice.text = rows[0].get<std::string>(1);
  co_return notice;
}

Task<Result<void>> PostgresQuotas::set_notice(std::string domain, QuotaLevel level,
                                              std::optional<QuotaNotice> notice) {
  CO_TRY(const std::string normal, normal_domain(domain));
  Params params(normal, static_cast<std::int16_t>(level));
  if (!notice) {
    CO_TRY_VOID(co_await this->notice(normal, level));  // not_found
    CO_TRY_VOID(co_await database_.query(Lane::write, kDropNotice, std::move(params)));
    co_return Result<void>();
  }
  CO_TRY_VOID(check(*notice));
  params.add(notice->subject).add(notice->text);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kSetNotice, std::move(params)));
  if (rows.affected() == 0) co_return kNoDomain;
  co_return Result<void>();
}

Task<Result<WhenFull>> PostgresQuotas::when_full(AccountId account) {
  Params params(account);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kWhenFull, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
  co_return static_cast<WhenFull>(rows[0].get<std::int16_t>(0));
}

Task<Result<Quotas::Recount>> PostgresQuotas::last_recount() {
  std::vector<Query> queries;
  queries.emplace_back(kRecountRun, Params());
  queries.emplace_back(kDrifts, Params());
  CO_TRY(const std::vector<Rows> rows, co_await database_.batch(Lane::read, std::move(queries)));
  Recount recount;
  if (!rows[0].empty()) recount.at = rows[0][0].get<std::optional<WallTime>>(0);
  for (std::size_t i = 0; i < rows[1].size(); ++i) {
    const Row row = rows[1][i];
    recount.drifts.push_back(QuotaDrift{row.get<AccountId>(0), row.get<std::string>(1),
                                        row.get<std::int64_t>(2), row.get<std::int64_t>(3)});
  }
  co_return recount;
}

}  // namespace postern::postgres
