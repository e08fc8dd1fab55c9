// What an administrator changes of accounts at once, and the features of accounts and domains.
#include "storage/name_words.h"
#include "storage/postgres/directory.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kChangeAccount{"change_account", R"sql(
 UPDATE accounts
    SET display_name = coalesce($2::text, display_name),
        name_words = CASE WHEN $2::text IS NULL THEN name_words ELSE $3::text[] END,
        in_address_book = coalesce($4::boolean, in_address_book),
        status = coalesce($5::smallint, status),
        deleted_at = CASE WHEN $5::smallint IS NULL THEN deleted_at END,
        quota_octets = CASE WHEN $6::boolean THEN $7::bigint ELSE quota_octets END,
        quota_messages = CASE WHEN $8::boolean THEN $9::bigint ELSE quota_messages END
  WHERE account_id = $1::bigint)sql"};

// A plan that changes now is waited for, and waits for us: the quota below is the plan's last word.
constexpr Statement kLockPlan{"lock_plan_of_changed_account", R"sql(
 SELECT plan.plan_id
   FROM accounts account JOIN domains domain USING (domain_id) JOIN plans plan USING (plan_id)
  WHERE account.account_id = $1::bigint
    FOR SHARE OF plan)sql"};

constexpr Statement kFollowLimits{"follow_account_limits", R"sql(
 UPDATE account_usage usage
    SET octets_max = coalesce(account.quota_octets, plan.quota_octets), messages_max = account.quota_messages
   FROM accounts account JOIN domains domain USING (domain_id) JOIN plans plan USING (plan_id)
  WHERE account.account_id = $1::bigint AND usage.account_id = account.account_id
    AND (usage.octets_max, usage.messages_max)
        IS DISTINCT FROM (coalesce(account.quota_octets, plan.quota_octets), account.quota_messages))sql"};

constexpr Statement kSetAccountFeatures{"set_account_features", R"sql(
 UPDATE accounts SET features_set = (features_set & ~$2::smallint) | $3::smallint,
                     features_value = (features_value & ~$2::smallint) | $4::smallint
  WHERE account_id = $1::bigint)sql"};

constexpr Statement kSetDomainFeatures{"set_domain_features", R"sql(
 UPDATE domains SET features_set = (features_set & ~$2::smallint) | $3::smallint,
                    features_value = (features_value & ~$2::smallint) | $4::smallint
  WHERE name = $1::text
 RETURNING domain_id)sql"};

constexpr Statement kClearOverrides{"clear_feature_overrides", R"sql(
 UPDATE accounts SET features_set = features_set & ~$2::smallint,
                     features_value = features_value & ~$2::smallint
  WHERE domain_id = (SELECT domain_id FROM domains WHERE name = $1::text) AND features_set & $2::smallint <> 0)sql"};

constexpr Statement kAccountsOfDomain{"accounts_with_domain_features", R"sql(
 SELECT account.account_id
   FROM domains domain JOIN accounts account USING (domain_id)
  WHERE domain.name = $1::text)sql"};

}  // namespace

Task<Result<void>> PostgresDirectory::change_account(AccountId id, AccountChange change) {
  const auto zero = [](const std::optional<std::optional<std::uint64_t>>& limit) {
    return limit && *limit == std::uint64_t{0};
  };
  if (zero(change.quota_octets) || zero(change.quota_messages)) {
    co_return Error(ErrorKind::invalid, "a quota is above zero");
  }
  const std::string name = change.display_name.value_or("");
  if (!name.empty()) CO_TRY_VOID(check_label(name));
  std::optional<std::int16_t> status;
  if (change.status) status = static_cast<std::int16_t>(*change.status);
  Params params(id, change.display_name, name_words(name), change.in_address_book, status);
  params.add(change.quota_octets.has_value()).add(change.quota_octets.value_or(std::nullopt));
  params.add(change.quota_messages.has_value()).add(change.quota_messages.value_or(std::nullopt));
  std::vector<Query> queries;
  queries.emplace_back(kLockPlan, Params(id));
  queries.emplace_back(kChangeAccount, std::move(params));
  queries.emplace_back(kFollowLimits, Params(id));
  CO_TRY(const std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  if (results[1].affected() == 0) co_return Error(ErrorKind::not_found, "no such account");
  doorbell_.ring_account(id);
  co_return Result<void>();
}

Task<Result<void>> PostgresDirectory::set_account_features(AccountId id, FeatureEdits edits) {
  const FeatureEdit edit = feature_edit(edits);
  Params params(id, edit.clear, edit.set, edit.value);
  co_return co_await change_account(kSetAccountFeatures, id, std::move(params));
}

Task<Result<void>> PostgresDirectory::set_account_feature(AccountId id, Feature feature,
                                                          std::optional<bool> enabled) {
  FeatureEdits edits;
  edits.emplace_back(feature, enabled);
  co_return co_await set_account_features(id, std::move(edits));
}

void PostgresDirectory::ring_accounts(const Rows& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) doorbell_.ring_account(rows[i].get<AccountId>(0));
}

// The domain's word first: what accounts then lose of their own has been counted by the licences already.
Task<Result<void>> PostgresDirectory::set_domain_features(std::string domain, FeatureEdits edits,
                                                          bool clear_overrides) {
  CO_TRY(const std::string normal, normal_domain(domain));
  const FeatureEdit edit = feature_edit(edits);
  std::vector<Query> queries;
  queries.emplace_back(kSetDomainFeatures, Params(normal, edit.clear, edit.set, edit.value));
  if (clear_overrides) queries.emplace_back(kClearOverrides, Params(normal, edit.clear));
  queries.emplace_back(kAccountsOfDomain, Params(normal));
  // Of many accounts it takes a while: no delivery should wait behind it in a connection's pipeline.
  CO_TRY(Transaction transaction, co_await database_.begin());
  CO_TRY(const std::vector<Rows> results, co_await transaction.batch(std::move(queries)));
  if (results.front().empty()) co_return Error(ErrorKind::not_found, "no such domain");
  CO_TRY_VOID(co_await transaction.commit());
  ring_accounts(results.back());
  co_return Result<void>();
}

Task<Result<void>> PostgresDirectory::set_domain_feature(std::string domain, Feature feature,
                                                         std::optional<bool> enabled) {
  FeatureEdits edits;
  edits.emplace_back(feature, enabled);
  co_return co_await set_domain_features(std::move(domain), std::move(edits), false);
}

}  // namespace postern::postgres
