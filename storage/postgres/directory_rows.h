// Rows of the directory's statements as domain values, and the bits in which features are kept.
#pragma once

#include "storage/model/account.h"
#include "storage/postgres/statement.h"

namespace postern::postgres {

// The columns account_from_row reads, of the view account_records, in its order.
#define POSTERN_ACCOUNT_COLUMNS                                                                  \
  "account_id, domain_id, address, status, password_hash, scram_sha256, plan_features, "         \
  "domain_features_set, domain_features_value, features_set, features_value, octets, messages, " \
  "octets_max, messages_max, display_name, in_address_book, "                                    \
  "ARRAY(SELECT doors || ':' || encode(hash, 'hex') FROM app_passwords"                          \
  " WHERE app_passwords.account_id = account_records.account_id)"

AccountRecord account_from_row(const Row& row);

// octets, messages, octets_max, messages_max from `first_column` on.
QuotaUsage quota_from_row(const Row& row, int first_column);

constexpr std::int16_t bit_of(Feature feature) {
  return static_cast<std::int16_t>(1 << static_cast<unsigned>(feature));
}

// One level of overrides: `set` says which features this level decides, `value` how.
struct FeatureOverrides {
  std::int16_t set = 0;
  std::int16_t value = 0;
};
EffectiveFeatures effective_features(std::int16_t plan, FeatureOverrides domain, FeatureOverrides account);

// What an override of one feature does to (set, value): both lose `clear`, then gain their bit.
struct FeatureEdit {
  std::int16_t clear = 0;
  std::int16_t set = 0;
  std::int16_t value = 0;
};
FeatureEdit feature_edit(Feature feature, std::optional<bool> enabled);
FeatureEdit feature_edit(const FeatureEdits& edits);

// "Example.TEST" → "example.test"; U-labels become A-labels. ErrorKind::invalid.
Result<std::string> normal_domain(std::string_view name);

// A tenant's or plan's name: 1 to 200 octets of UTF-8 without control octets. ErrorKind::invalid.
Result<void> check_label(std::string_view name);

}  // namespace postern::postgres
