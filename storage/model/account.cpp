#include "storage/model/account.h"

#include <idn2.h>

#include <cstdlib>

#include "gateway/base/text.h"

namespace postern {

namespace {
constexpr std::array<std::string_view, kFeatureCount> kFeatureNames{
    "pop3", "imap", "mobile_sync", "submission", "recovery_for_pop", "self_service"};
}

std::string_view name_of(Feature feature) {
  return kFeatureNames[static_cast<std::size_t>(feature)];
}

std::optional<Feature> feature_from(std::string_view name) {
  for (Feature feature : kFeatures) {
    if (name_of(feature) == name) return feature;
  }
  return std::nullopt;
}

std::string_view name_of(FeatureSource source) {
  switch (source) {
    case FeatureSource::plan: return "plan";
    case FeatureSource::domain: return "domain";
    case FeatureSource::account: return "account";
  }
  return "plan";
}

std::string_view name_of(AccountStatus status) {
  switch (status) {
    case AccountStatus::active: return "active";
    case AccountStatus::disabled: return "disabled";
    case AccountStatus::deleted: return "deleted";
  }
  return "deleted";
}

std::optional<Address> Address::without_detail(char separator) const {
  const auto at = local.find(separator);
  if (at == std::string::npos || at == 0) return std::nullopt;
  return Address{local.substr(0, at), domain};
}

Result<Address> parse_address(std::string_view input) {
  const auto at = input.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == input.size()) {
    return Error(ErrorKind::invalid, "an address is local@domain");
  }
  const std::string_view local = input.substr(0, at);
  if (local.size() > 64 || input.size() > 254) return Error(ErrorKind::invalid, "address too long");
  if (!text::is_utf8(input)) return Error(ErrorKind::invalid, "address is not UTF-8");
  for (unsigned char c : input) {
    if (c <= ' ' || c == 0x7F) return Error(ErrorKind::invalid, "blank or control octet in address");
  }
  char* ascii = nullptr;
  const std::string domain(input.substr(at + 1));
  if (idn2_to_ascii_8z(domain.c_str(), &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK) {
    return Error(ErrorKind::invalid, "not a domain name");
  }
  Address address{text::to_lower(local), text::to_lower(ascii)};
  std::free(ascii);  // NOLINT: libidn2 allocates with malloc
  if (address.domain.find_first_of("\"\\,;:<>()[]/'*%") != std::string::npos) {
    return Error(ErrorKind::invalid, "not a domain name");
  }
  return address;
}

}  // namespace postern
