// What domains say about room: /domains/{domain}/quota and quota-notices; and what the nightly recount has
// found. What one account may keep stands with the account.
#include <algorithm>

#include "protocols/admin/handlers.h"
#include "protocols/admin/times.h"

namespace postern::admin {

namespace {

constexpr std::size_t kDriftsShownMax = 100;  // there should be none at all

Task<Result<std::string>> name_within_reach(const Call& call) {
  CO_TRY(const DomainEntry entry, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  co_return entry.domain.name;
}

Json count_json(const std::optional<std::uint64_t>& count) {
  return count ? Json(*count) : Json();
}

Task<Result<Answer>> answer_with_quota(const Call& call, std::string domain) {
  CO_TRY(const DomainQuota quota, co_await call.store().quotas().domain(domain));
  CO_TRY(const DomainUsage usage, co_await call.store().quotas().usage(domain));
  Json body;
  body["pool_octets"] = count_json(quota.pool_octets);
  body["pool_messages"] = count_json(quota.pool_messages);
  body["when_full"] = name_of(quota.when_full);
  body["administrator"] = quota.administrator;
  body["accounts"] = usage.accounts;
  body["octets"] = usage.octets;
  body["messages"] = usage.messages;
  co_return Answer(200, std::move(body));
}

Json notice_json(QuotaLevel level, const QuotaNotice& notice) {
  Json json;
  json["level"] = static_cast<int>(level);
  json["subject"] = notice.subject;
  json["text"] = notice.text;
  json["usual"] = notice == usual_notice(level);
  return json;
}

// The path's last argument. nullopt: no notice has it.
std::optional<QuotaLevel> level_of(const Call& call) {
  for (const QuotaLevel level : kQuotaLevels) {
    if (call.arg(1) == std::to_string(static_cast<int>(level))) return level;
  }
  return std::nullopt;
}

}  // namespace

Task<Result<Answer>> get_domain_quota(Call& call) {
  CO_TRY(const std::string domain, co_await name_within_reach(call));
  co_return co_await answer_with_quota(call, domain);
}

Task<Result<Answer>> change_domain_quota(Call& call) {
  CO_TRY(const std::string domain, co_await name_within_reach(call));
  CO_TRY(DomainQuota quota, co_await call.store().quotas().domain(domain));
  Fields fields(call.body);
  const auto octets = fields.limit("pool_octets", 1);
  const auto messages = fields.limit("pool_messages", 1);
  const auto when_full = fields.text("when_full");
  const auto administrator = fields.text("administrator");
  if (octets) quota.pool_octets = *octets;
  if (messages) quota.pool_messages = *messages;
  if (when_full) {
    const auto known = when_full_from(*when_full);
    if (!known) fields.wrong("when_full", "settings, defer or reject is wanted");
    quota.when_full = known.value_or(quota.when_full);
  }
  if (administrator) {
    if (!administrator->empty() && !parse_address(*administrator))
      fields.wrong("administrator", "is no address");
    quota.administrator = *administrator;
  }
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  // A domain's administrator divides the pool among the accounts; how large it is others say.
  const bool of_pool = octets.has_value() || messages.has_value();
  if (of_pool && !call.who.scopes.has(Scope::domains_write))
    co_return denied("A pool needs the scope " + std::string(name_of(Scope::domains_write)));
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->quotas().set_domain(domain, std::move(quota)));
  co_return co_await answer_with_quota(call, domain);
}

Task<Result<Answer>> list_quota_notices(Call& call) {
  CO_TRY(const std::string domain, co_await name_within_reach(call));
  Json body;
  body["items"] = Json::array();
  for (const QuotaLevel level : kQuotaLevels) {
    CO_TRY(const QuotaNotice notice, co_await call.store().quotas().notice(domain, level));
    body["items"].push_back(notice_json(level, notice));
  }
  body["next"] = Json();
  co_return Answer(200, std::move(body));
}

Task<Result<Answer>> put_quota_notice(Call& call) {
  CO_TRY(const std::string domain, co_await name_within_reach(call));
  const auto level = level_of(call);
  if (!level) co_return not_found();
  Fields fields(call.body);
  QuotaNotice notice;
  notice.subject = fields.need_text("subject");
  notice.text = fields.need_long_text("text", kNoticeTextOctetsMax);
  if (notice.subject.size() > kNoticeSubjectOctetsMax) fields.wrong("subject", "is too long");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->quotas().set_notice(domain, *level, notice));
  co_return Answer(200, notice_json(*level, notice));
}

Task<Result<Answer>> delete_quota_notice(Call& call) {
  CO_TRY(const std::string domain, co_await name_within_reach(call));
  const auto level = level_of(call);
  if (!level) co_return not_found();
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->quotas().set_notice(domain, *level, std::nullopt));
  co_return Answer(204);
}

Task<Result<Answer>> get_quota_recount(Call& call) {
  CO_TRY(const Quotas::Recount recount, co_await call.store().quotas().last_recount());
  Json body;
  body["at"] = time_json(recount.at);
  body["drifts"] = Json::array();
  const std::size_t shown = std::min(recount.drifts.size(), kDriftsShownMax);
  for (std::size_t i = 0; i < shown; ++i) {
    const QuotaDrift& drift = recount.drifts[i];
    const auto account = co_await call.store().directory().account(drift.account);
    Json one;
    one["account"] = account ? Json(account->address) : Json();
    one["counter"] = drift.what;
    one["stored"] = drift.stored;
    one["counted"] = drift.counted;
    body["drifts"].push_back(std::move(one));
  }
  body["found"] = recount.drifts.size();
  co_return Answer(200, std::move(body));
}

}  // namespace postern::admin
