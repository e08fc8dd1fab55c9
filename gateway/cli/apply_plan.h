// The difference between what should be so and what is: the steps of `postern apply` and `postern account
// import`, in the order they can be done. Pure: the same files and the same directory give the same plan, and
// a plan that was carried out leaves none.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/cli/desired.h"
#include "gateway/cli/output.h"

namespace postern::cli {

// What there is, of the domains that a file speaks of.
struct Present {
  std::map<std::string, Domain> domains;
  std::map<std::string, AccountRecord> accounts;
  std::map<std::string, std::vector<std::string>> aliases;
};

// Of one account, done in this order.
struct AccountSteps {
  const DesiredAccount* wanted = nullptr;
  AccountId id{};
  bool make = false;
  bool set_name = false;
  bool set_limits = false;
  std::vector<Feature> features;
  std::optional<AccountStatus> status;

  bool nothing() const { return !make && !set_name && !set_limits && features.empty() && !status; }
};

struct ApplyPlan {
  std::vector<const DesiredDomain*> domains;  // to make
  std::vector<AccountSteps> accounts;
  std::vector<const DesiredAlias*> aliases;
  std::vector<const DesiredDomain*> catch_alls;
  std::vector<AccountRecord> accounts_to_delete;  // if asked to prune
  std::vector<std::string> aliases_to_delete;     // likewise
  FileMistakes mistakes;                          // then nothing is done
  std::size_t unchanged = 0;                      // accounts

  std::size_t steps() const;
};

enum class Prune : std::uint8_t { no, yes };

// `desired` outlives the plan. Prune: what the file's own domains have beyond it goes (accounts, recoverably,
// and aliases).
ApplyPlan plan_of(const Desired& desired, const Present& present, Prune prune);

// A row for each step: what, whose, how.
std::vector<Json> plan_rows(const ApplyPlan& plan);

}  // namespace postern::cli
