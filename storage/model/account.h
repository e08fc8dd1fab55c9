// Accounts and those above them, credentials, features and quota, as values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"
#include "storage/model/ids.h"

namespace postern {

struct Tenant {
  TenantId id{};
  std::string name;
};

// Feature flags. The effective value is the account's override, else the domain's, else the plan's.
enum class Feature : std::uint8_t { pop3, imap, mobile_sync, submission, recovery_for_pop, self_service };
constexpr std::size_t kFeatureCount = 6;
constexpr std::array<Feature, kFeatureCount> kFeatures{
    Feature::pop3,        Feature::imap, Feature::mobile_sync, Feature::submission, Feature::recovery_for_pop,
    Feature::self_service};
std::string_view name_of(Feature feature);  // "mobile_sync"
std::optional<Feature> feature_from(std::string_view name);

enum class FeatureSource : std::uint8_t { plan, domain, account };
std::string_view name_of(FeatureSource source);

struct EffectiveFeature {
  bool enabled = false;
  FeatureSource source = FeatureSource::plan;
};
using EffectiveFeatures = std::array<EffectiveFeature, kFeatureCount>;  // by Feature

// One change of some features at one level; nullopt: no word of its own any more.
using FeatureEdits = std::vector<std::pair<Feature, std::optional<bool>>>;

struct Plan {
  std::string name;
  std::array<bool, kFeatureCount> features{};
  std::optional<std::uint64_t> quota_octets;  // for accounts without their own
  std::uint32_t recovery_days = 14;           // 0 … 90
};

struct Domain {
  DomainId id{};
  TenantId tenant{};
  std::string name;
  std::string plan;
  std::optional<std::string> catch_all;
  std::uint64_t accounts = 0;
};

struct Alias {
  std::string address;
  std::vector<std::string> targets;
};

// What is kept to check a password. Never the password.
struct Credentials {
  std::string password_hash;  // crypt(5): yescrypt of our own; bcrypt and SHA-crypt when imported
  std::string scram_sha256;   // "iterations:salt:stored_key:server_key", base64 fields; empty if not known
};

struct AccountLimits {
  std::optional<std::uint64_t> quota_octets;    // nullopt: the plan's
  std::optional<std::uint64_t> quota_messages;  // nullopt: no limit
};

enum class AccountStatus : std::uint8_t { active, disabled, deleted };
std::string_view name_of(AccountStatus status);

struct QuotaUsage {
  std::uint64_t octets = 0;
  std::uint64_t messages = 0;
  std::optional<std::uint64_t> octets_max;    // effective
  std::optional<std::uint64_t> messages_max;  // effective
};

// How the address book of its domain shows an account.
struct Profile {
  std::string display_name;  // empty: none
  bool in_address_book = true;
  friend bool operator==(const Profile&, const Profile&) = default;
};

// Somebody found in the address book.
struct Person {
  AccountId account{};
  std::string address;
  std::string display_name;  // empty: none
  friend bool operator==(const Person&, const Person&) = default;
};

// Which of those found are wanted.
struct PeopleRange {
  std::uint32_t first = 0;
  std::uint32_t count_max = 100;  // at most kPeopleMax
};
constexpr std::uint32_t kPeopleMax = 100;

struct People {
  std::vector<Person> found;  // by display name and address
  std::uint64_t total = 0;    // of whom the range is a part; unknown, hence 0, if it lies beyond them
};

// What an administrator changes of an account at once; what is absent stays as it is.
struct AccountChange {
  AccountChange() = default;
  std::optional<std::string> display_name;
  std::optional<bool> in_address_book;
  std::optional<AccountStatus> status;                         // active or disabled
  std::optional<std::optional<std::uint64_t>> quota_octets;    // the inner nullopt: the plan's
  std::optional<std::optional<std::uint64_t>> quota_messages;  // … no limit
};

// A password that was made for one program, long and random, which opens some doors.
struct AppPasswordHash {
  std::string sha256;     // 32 octets
  std::uint16_t doors{};  // bit n: Feature n
  bool opens(Feature door) const { return (doors >> static_cast<unsigned>(door) & 1U) != 0; }
};

struct AccountRecord {
  AccountId id{};
  DomainId domain{};
  std::string address;  // local@domain, lower case
  AccountStatus status = AccountStatus::active;
  Credentials credentials;
  EffectiveFeatures features{};
  QuotaUsage quota;
  Profile profile;
  std::vector<AppPasswordHash> app_passwords;

  bool allows(Feature feature) const { return features[static_cast<std::size_t>(feature)].enabled; }
};

// One account that a delivery address leads to.
struct Recipient {
  AccountId account{};
  bool over_quota = false;  // already full when asked
  bool absent = false;      // may want to be answered for: Absences knows
  bool files = false;       // some conversations elsewhere than in INBOX: Conversations knows
};

// local@domain, split, checked and normalised (lower case, A-labels). ErrorKind::invalid.
struct Address {
  std::string local;
  std::string domain;
  std::string text() const { return local + '@' + domain; }
  // The local part before the first `separator`, if there is one that is not in front.
  std::optional<Address> without_detail(char separator) const;
};
Result<Address> parse_address(std::string_view text);

}  // namespace postern
