#include "gateway/cli/apply_plan.h"

#include <algorithm>
#include <set>

namespace postern::cli {

namespace {

std::string domain_of(const std::string& address) {
  return address.substr(address.rfind('@') + 1);
}

class Planner {
 public:
  Planner(const Desired& desired, const Present& present) : desired_(desired), present_(present) {
    for (const auto& entry : present.domains) domains_.insert(entry.first);
    for (const DesiredDomain& one : desired.domains) domains_.insert(one.name);
  }

  ApplyPlan make(Prune prune) {
    for (const DesiredDomain& one : desired_.domains) plan(one);
    for (const DesiredAccount& one : desired_.accounts) plan(one);
    for (const DesiredAlias& one : desired_.aliases) plan(one);
    if (prune == Prune::yes) plan_deletions();
    return std::move(plan_);
  }

 private:
  bool known_domain(const std::string& address, int line) {
    const std::string domain = domain_of(address);
    if (domains_.contains(domain)) return true;
    plan_.mistakes.emplace_back(line, address + ": there is no domain " + domain);
    return false;
  }

  void plan(const DesiredDomain& wanted) {
    const auto found = present_.domains.find(wanted.name);
    const bool is_new = found == present_.domains.end();
    if (is_new) {
      plan_.domains.push_back(&wanted);
    } else if (found->second.plan != wanted.plan) {
      plan_.mistakes.emplace_back(wanted.line, wanted.name + " is on plan " + found->second.plan +
                                                   ", and stays there: change it or the file");
    }
    if (!wanted.catch_all) return;
    const std::string now = is_new ? "" : found->second.catch_all.value_or("");
    if (now != *wanted.catch_all) plan_.catch_alls.push_back(&wanted);
  }

  void plan(const DesiredAccount& wanted) {
    if (!known_domain(wanted.address, wanted.line)) return;
    AccountSteps steps;
    steps.wanted = &wanted;
    const auto found = present_.accounts.find(wanted.address);
    if (found == present_.accounts.end()) {
      plan_new(wanted, steps);
    } else {
      plan_change(wanted, found->second, steps);
    }
    if (steps.nothing()) {
      ++plan_.unchanged;
    } else {
      plan_.accounts.push_back(std::move(steps));
    }
  }

  void plan_new(const DesiredAccount& wanted, AccountSteps& steps) {
    if (!wanted.password && !wanted.password_hash) {
      plan_.mistakes.emplace_back(wanted.line,
                                  wanted.address + " is new and needs a password or password_hash");
    }
    if (present_.aliases.contains(wanted.address)) {
      plan_.mistakes.emplace_back(wanted.line, wanted.address + " is an alias");
    }
    steps.make = true;
    steps.set_name = wanted.name && !wanted.name->empty();
    for (const auto& [feature, value] : wanted.features) {
      if (value) steps.features.push_back(feature);
    }
    if (wanted.status && *wanted.status != AccountStatus::active) steps.status = wanted.status;
  }

  static void plan_change(const DesiredAccount& wanted, const AccountRecord& now, AccountSteps& steps) {
    steps.id = now.id;
    steps.set_name = wanted.name && *wanted.name != now.profile.display_name;
    const bool other_octets = wanted.quota_octets && wanted.quota_octets != now.quota.octets_max;
    const bool other_messages = wanted.quota_messages && wanted.quota_messages != now.quota.messages_max;
    steps.set_limits = other_octets || other_messages;
    for (const auto& [feature, value] : wanted.features) {
      const EffectiveFeature& is = now.features[static_cast<std::size_t>(feature)];
      const bool has_own_word = is.source == FeatureSource::account;
      const bool as_wanted = value ? has_own_word && is.enabled == *value : !has_own_word;
      if (!as_wanted) steps.features.push_back(feature);
    }
    // Who stands in the file is to be there.
    std::optional<AccountStatus> status = wanted.status;
    if (!status && now.status == AccountStatus::deleted) status = AccountStatus::active;
    if (status && *status != now.status) steps.status = status;
  }

  void plan(const DesiredAlias& wanted) {
    if (!known_domain(wanted.address, wanted.line)) return;
    std::vector<std::string> targets = wanted.targets;
    std::sort(targets.begin(), targets.end());
    const auto found = present_.aliases.find(wanted.address);
    std::vector<std::string> now;
    if (found != present_.aliases.end()) now = found->second;
    std::sort(now.begin(), now.end());
    if (now != targets) plan_.aliases.push_back(&wanted);
  }

  void plan_deletions() {
    std::set<std::string> domains;
    std::set<std::string> kept;
    for (const DesiredDomain& one : desired_.domains) domains.insert(one.name);
    for (const DesiredAccount& one : desired_.accounts) kept.insert(one.address);
    for (const DesiredAlias& one : desired_.aliases) kept.insert(one.address);
    const auto goes = [&](const std::string& address) {
      return domains.contains(domain_of(address)) && !kept.contains(address);
    };
    for (const auto& [address, account] : present_.accounts) {
      if (goes(address) && account.status != AccountStatus::deleted)
        plan_.accounts_to_delete.push_back(account);
    }
    for (const auto& [address, targets] : present_.aliases) {
      if (goes(address)) plan_.aliases_to_delete.push_back(address);
    }
  }

  const Desired& desired_;
  const Present& present_;
  std::set<std::string> domains_;
  ApplyPlan plan_;
};

std::string changes_of(const AccountSteps& steps) {
  std::string text;
  const auto add = [&text](const std::string& change) { text += (text.empty() ? "" : ", ") + change; };
  if (steps.set_name) add("name \"" + *steps.wanted->name + "\"");
  const bool limits = steps.set_limits || steps.make;
  if (limits && steps.wanted->quota_octets) add("quota " + octets_text(*steps.wanted->quota_octets));
  if (limits && steps.wanted->quota_messages)
    add(std::to_string(*steps.wanted->quota_messages) + " messages");
  for (const Feature feature : steps.features) {
    const std::optional<bool> value = steps.wanted->features.at(feature);
    add(std::string(name_of(feature)) + (!value ? " inherited" : *value ? " on" : " off"));
  }
  if (steps.status) add(std::string(name_of(*steps.status)));
  return text;
}

}  // namespace

std::size_t ApplyPlan::steps() const {
  return domains.size() + accounts.size() + aliases.size() + catch_alls.size() + accounts_to_delete.size() +
         aliases_to_delete.size();
}

ApplyPlan plan_of(const Desired& desired, const Present& present, Prune prune) {
  return Planner(desired, present).make(prune);
}

std::vector<Json> plan_rows(const ApplyPlan& plan) {
  std::vector<Json> rows;
  const auto add = [&rows](const char* action, const std::string& object, const std::string& change) {
    Json row;
    row["action"] = action;
    row["object"] = object;
    row["change"] = change;
    rows.push_back(std::move(row));
  };
  for (const DesiredDomain* one : plan.domains) add("add domain", one->name, "plan " + one->plan);
  for (const AccountSteps& one : plan.accounts) {
    add(one.make ? "add account" : "change account", one.wanted->address, changes_of(one));
  }
  for (const DesiredAlias* one : plan.aliases) {
    std::string targets;
    for (const std::string& target : one->targets) targets += (targets.empty() ? "" : ", ") + target;
    add("set alias", one->address, "to " + targets);
  }
  for (const DesiredDomain* one : plan.catch_alls) {
    add("set catch-all", one->name, one->catch_all->empty() ? "nobody" : *one->catch_all);
  }
  for (const AccountRecord& one : plan.accounts_to_delete) add("delete account", one.address, "recoverable");
  for (const std::string& one : plan.aliases_to_delete) add("delete alias", one, "");
  return rows;
}

}  // namespace postern::cli
