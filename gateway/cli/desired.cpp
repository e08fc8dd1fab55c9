#include "gateway/cli/desired.h"

#include <unordered_map>

#include "config/nearest.h"
#include "gateway/base/text.h"
#include "gateway/cli/passwords.h"
#include "protocols/shared/credentials.h"

namespace postern::cli {

namespace {

constexpr const char* kFields[] = {"address", "password", "password_hash", "name",
                                   "quota",   "messages", "status"};

std::optional<AccountStatus> status_from(const std::string& name) {
  for (const AccountStatus status :
       {AccountStatus::active, AccountStatus::disabled, AccountStatus::deleted}) {
    if (name_of(status) == name) return status;
  }
  return std::nullopt;
}

std::string set_feature(DesiredAccount& account, Feature feature, const std::string& value) {
  if (value == "true" || value == "false") {
    account.features[feature] = value == "true";
  } else if (value == "inherit") {
    account.features[feature] = std::nullopt;
  } else {
    return "expected true, false or inherit";
  }
  return {};
}

std::string unknown(const std::string& key) {
  const auto suggestion = nearest(key, account_fields());
  return "unknown; " +
         (suggestion ? "did you mean " + *suggestion + "?" : "see `postern account import --help`");
}

}  // namespace

std::vector<std::string> account_fields() {
  std::vector<std::string> fields(std::begin(kFields), std::end(kFields));
  for (const Feature feature : kFeatures) fields.emplace_back(name_of(feature));
  return fields;
}

std::optional<std::uint64_t> parse_octets(std::string_view text) {
  std::uint64_t unit = 1;
  if (!text.empty()) {
    const std::size_t place = std::string_view("KMGT").find(text::upper(text.back()));
    if (place != std::string_view::npos) {
      unit = std::uint64_t{1} << (10 * (place + 1));
      text.remove_suffix(1);
    }
  }
  const auto count = text::number(text, INT64_MAX / unit);
  if (!count || *count == 0) return std::nullopt;
  return *count * unit;
}

std::string set_field(DesiredAccount& account, const std::string& key, const std::string& value) {
  if (key == "address") {
    const auto address = parse_address(value);
    if (!address) return "expected local@domain";
    account.address = address->text();
  } else if (key == "password") {
    if (value.size() < kPasswordOctetsMin)
      return "a password has at least " + std::to_string(kPasswordOctetsMin) + " characters";
    account.password = Secret(value);
  } else if (key == "password_hash") {
    if (const auto known = import_credentials(value); !known) return known.error().detail;
    account.password_hash = value;
  } else if (key == "name") {
    account.name = value;
  } else if (key == "quota") {
    account.quota_octets = parse_octets(value);
    if (!account.quota_octets) return "expected octets above zero, e.g. 5G";
  } else if (key == "messages") {
    account.quota_messages = text::number(value, INT64_MAX);
    if (account.quota_messages.value_or(0) == 0) return "expected a number above zero";
  } else if (key == "status") {
    account.status = status_from(value);
    if (!account.status) return "expected active, disabled or deleted";
  } else if (const auto feature = feature_from(key)) {
    return set_feature(account, *feature, value);
  } else {
    return unknown(key);
  }
  return {};
}

void check_accounts(const std::vector<DesiredAccount>& accounts, FileMistakes& mistakes) {
  std::unordered_map<std::string_view, int> seen;
  for (const DesiredAccount& one : accounts) {
    if (one.address.empty()) {
      mistakes.emplace_back(one.line, "address is missing");
      continue;
    }
    if (one.password && one.password_hash)
      mistakes.emplace_back(one.line, "password and password_hash are both given; keep one");
    const auto [place, fresh] = seen.emplace(one.address, one.line);
    if (!fresh)
      mistakes.emplace_back(one.line,
                            one.address + " stands in line " + std::to_string(place->second) + ", too");
  }
}

}  // namespace postern::cli
