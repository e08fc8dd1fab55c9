#include "storage/postgres/directory_rows.h"

#include "gateway/base/text.h"

namespace postern::postgres {

namespace {

constexpr std::size_t kLabelOctetsMax = 200;

std::optional<std::uint64_t> limit_from(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return static_cast<std::uint64_t>(row.get<std::int64_t>(column));
}

}  // namespace

AccountRecord account_from_row(const Row& row) {
  AccountRecord account;
  account.id = AccountId{row.get<std::int64_t>(0)};
  account.domain = DomainId{row.get<std::int64_t>(1)};
  account.address = row.get<std::string>(2);
  account.status = static_cast<AccountStatus>(row.get<std::int16_t>(3));
  account.credentials.password_hash = row.get<std::string>(4);
  account.credentials.scram_sha256 = row.get<std::string>(5);
  const FeatureOverrides of_domain{row.get<std::int16_t>(7), row.get<std::int16_t>(8)};
  const FeatureOverrides of_account{row.get<std::int16_t>(9), row.get<std::int16_t>(10)};
  account.features = effective_features(row.get<std::int16_t>(6), of_domain, of_account);
  account.quota = quota_from_row(row, 11);
  account.profile = {row.get<std::string>(15), row.get<bool>(16)};
  for (const std::string& kept : row.get<std::vector<std::string>>(17)) {
    const std::size_t colon = kept.find(':');
    const auto doors = text::number(std::string_view(kept).substr(0, colon));
    account.app_passwords.push_back({text::unhex(std::string_view(kept).substr(colon + 1)).value_or(""),
                                     static_cast<std::uint16_t>(doors.value_or(0))});
  }
  return account;
}

QuotaUsage quota_from_row(const Row& row, int first_column) {
  QuotaUsage usage;
  usage.octets = static_cast<std::uint64_t>(row.get<std::int64_t>(first_column));
  usage.messages = static_cast<std::uint64_t>(row.get<std::int64_t>(first_column + 1));
  usage.octets_max = limit_from(row, first_column + 2);
  usage.messages_max = limit_from(row, first_column + 3);
  return usage;
}

EffectiveFeatures effective_features(std::int16_t plan, FeatureOverrides domain, FeatureOverrides account) {
  EffectiveFeatures features;
  for (Feature feature : kFeatures) {
    const std::int16_t bit = bit_of(feature);
    EffectiveFeature& effective = features[static_cast<std::size_t>(feature)];
    if (account.set & bit) {
      effective = {(account.value & bit) != 0, FeatureSource::account};
    } else if (domain.set & bit) {
      effective = {(domain.value & bit) != 0, FeatureSource::domain};
    } else {
      effective = {(plan & bit) != 0, FeatureSource::plan};
    }
  }
  return features;
}

FeatureEdit feature_edit(Feature feature, std::optional<bool> enabled) {
  const std::int16_t bit = bit_of(feature);
  constexpr std::int16_t kNone = 0;
  return {bit, enabled ? bit : kNone, enabled.value_or(false) ? bit : kNone};
}

FeatureEdit feature_edit(const FeatureEdits& edits) {
  FeatureEdit all;
  for (const auto& [feature, enabled] : edits) {
    const FeatureEdit one = feature_edit(feature, enabled);
    all.clear = static_cast<std::int16_t>(all.clear | one.clear);
    all.set = static_cast<std::int16_t>((all.set & ~one.clear) | one.set);
    all.value = static_cast<std::int16_t>((all.value & ~one.clear) | one.value);
  }
  return all;
}

Result<std::string> normal_domain(std::string_view name) {
  if (name.find('@') != std::string_view::npos) return Error(ErrorKind::invalid, "not a domain name");
  TRY(Address address, parse_address("postmaster@" + std::string(name)));
  return std::move(address.domain);
}

Result<void> check_label(std::string_view name) {
  if (name.empty() || name.size() > kLabelOctetsMax || !text::is_utf8(name)) {
    return Error(ErrorKind::invalid, "a name is 1 to 200 octets of UTF-8");
  }
  for (unsigned char c : name) {
    if (c < ' ' || c == 0x7F) return Error(ErrorKind::invalid, "control octet in a name");
  }
  return {};
}

}  // namespace postern::postgres
