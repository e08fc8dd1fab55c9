// What somebody wants to be so: domains, accounts and aliases out of a file, before anybody has looked at
// what there is. Both forms of a file (desired_yaml.h, desired_csv.h) fill the same values by the same names.
// What a file does not say is left as it is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/secret.h"
#include "storage/model/account.h"

namespace postern::cli {

struct DesiredDomain {
  std::string name;
  std::string tenant = "default";
  std::string plan = "standard";
  std::optional<std::string> catch_all;  // empty: none
  int line = 0;
};

struct DesiredAccount {
  std::string address;                       // normalised
  std::optional<Secret> password;            // for an account that is made; one that is there keeps its own
  std::optional<std::string> password_hash;  // likewise
  std::optional<std::string> name;
  std::optional<std::uint64_t> quota_octets;
  std::optional<std::uint64_t> quota_messages;
  std::optional<AccountStatus> status;
  std::map<Feature, std::optional<bool>> features;  // nullopt: as domain or plan say
  int line = 0;
};

struct DesiredAlias {
  std::string address;
  std::vector<std::string> targets;
  int line = 0;
};

struct Desired {
  std::vector<DesiredDomain> domains;
  std::vector<DesiredAccount> accounts;
  std::vector<DesiredAlias> aliases;
};

// Something about a file's line that must be mended first; 0: about all of it.
struct FileMistake {
  FileMistake(int l, std::string t) : line(l), text(std::move(t)) {}
  int line = 0;
  std::string text;
};
using FileMistakes = std::vector<FileMistake>;

constexpr std::size_t kDesiredOctetsMax = std::size_t{64} << 20;

// Sets what a column or key says. Empty: fine; else what is wrong with it.
// address, password, password_hash, name, quota, messages, status, and each feature's name.
std::string set_field(DesiredAccount& account, const std::string& key, const std::string& value);
std::vector<std::string> account_fields();

// "5G", "512M", "1048576": powers of 1024. nullopt: not such a thing, or none at all.
std::optional<std::uint64_t> parse_octets(std::string_view text);

// What only the whole file shows: an account without an address, an address twice, both forms of a password.
void check_accounts(const std::vector<DesiredAccount>& accounts, FileMistakes& mistakes);

}  // namespace postern::cli
