#include <algorithm>
#include <functional>

#include "config/nearest.h"
#include "config/yaml_node.h"
#include "gateway/cli/desired_files.h"

namespace postern::cli {

namespace {

using Visit = std::function<std::string(const std::string& key, const YamlNode& value)>;

// Each key of a map; what the visitor says about one stands at its line.
void each_key(const YamlNode& map, FileMistakes& mistakes, const Visit& visit) {
  if (map.kind != YamlNode::Kind::map) {
    mistakes.emplace_back(map.line, "expected \"key: value\" lines here");
    return;
  }
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    const std::string mistake = visit(map.keys[i].scalar, map.items[i]);
    if (!mistake.empty()) mistakes.emplace_back(map.keys[i].line, map.keys[i].scalar + ": " + mistake);
  }
}

std::string unknown(const std::string& key, const std::vector<std::string>& known) {
  const auto suggestion = nearest(key, known);
  std::string names;
  for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
  return suggestion ? "unknown; did you mean " + *suggestion + "?" : "unknown; known here: " + names;
}

std::string set_text(const YamlNode& value, std::string& out) {
  if (value.kind != YamlNode::Kind::scalar) return "expected one value";
  out = value.scalar;
  return {};
}

DesiredDomain domain_of(const YamlNode& node, FileMistakes& mistakes) {
  DesiredDomain domain;
  domain.line = node.line;
  each_key(node, mistakes, [&](const std::string& key, const YamlNode& value) -> std::string {
    if (key == "domain") return set_text(value, domain.name);
    if (key == "tenant") return set_text(value, domain.tenant);
    if (key == "plan") return set_text(value, domain.plan);
    if (key != "catch_all") return unknown(key, {"domain", "tenant", "plan", "catch_all"});
    domain.catch_all.emplace();
    return value.kind == YamlNode::Kind::null ? "" : set_text(value, *domain.catch_all);
  });
  const auto address = parse_address("postmaster@" + domain.name);
  if (!address) {
    mistakes.emplace_back(node.line, "domain: expected a domain's name");
  } else {
    domain.name = address->domain;
  }
  return domain;
}

DesiredAccount account_of(const YamlNode& node, FileMistakes& mistakes) {
  DesiredAccount account;
  account.line = node.line;
  const auto set = [&](const std::string& key, const YamlNode& value) -> std::string {
    std::string text;
    const std::string mistake = set_text(value, text);
    return mistake.empty() ? set_field(account, key, text) : mistake;
  };
  each_key(node, mistakes, [&](const std::string& key, const YamlNode& value) -> std::string {
    if (key != "features") return set(key, value);
    each_key(value, mistakes, [&](const std::string& name, const YamlNode& state) {
      return feature_from(name) ? set(name, state) : std::string("not a feature");
    });
    return {};
  });
  return account;
}

std::string add_targets(DesiredAlias& alias, const YamlNode& value) {
  if (value.kind != YamlNode::Kind::list || value.items.empty()) return "expected a list of addresses";
  for (const YamlNode& item : value.items) {
    const auto target = parse_address(item.scalar);
    if (!target) return "not an address: " + item.scalar;
    alias.targets.push_back(target->text());
  }
  return {};
}

DesiredAlias alias_of(const YamlNode& node, FileMistakes& mistakes) {
  DesiredAlias alias;
  alias.line = node.line;
  each_key(node, mistakes, [&](const std::string& key, const YamlNode& value) -> std::string {
    if (key == "targets") return add_targets(alias, value);
    if (key != "alias") return unknown(key, {"alias", "targets"});
    const auto address = parse_address(value.scalar);
    if (!address) return "expected local@domain";
    alias.address = address->text();
    return {};
  });
  if (alias.address.empty()) mistakes.emplace_back(node.line, "alias is missing");
  if (alias.targets.empty()) mistakes.emplace_back(node.line, "targets are missing");
  return alias;
}

}  // namespace

Desired read_desired_yaml(const std::string& text, FileMistakes& mistakes) {
  Desired desired;
  const auto parsed = parse_yaml(text, kDesiredOctetsMax);
  if (const auto* broken = std::get_if<YamlMistake>(&parsed)) {
    mistakes.emplace_back(broken->line, broken->text);
    return desired;
  }
  const std::vector<std::string> known{"domains", "accounts", "aliases"};
  const auto add = [&](const std::string& key, const YamlNode& item) {
    if (key == "domains") desired.domains.push_back(domain_of(item, mistakes));
    if (key == "accounts") desired.accounts.push_back(account_of(item, mistakes));
    if (key == "aliases") desired.aliases.push_back(alias_of(item, mistakes));
  };
  const YamlNode& root = std::get<YamlNode>(parsed);
  each_key(root, mistakes, [&](const std::string& key, const YamlNode& value) -> std::string {
    if (std::find(known.begin(), known.end(), key) == known.end()) return unknown(key, known);
    if (value.kind == YamlNode::Kind::null) return {};
    if (value.kind != YamlNode::Kind::list) return "expected a list here, one \"- \" for each";
    for (const YamlNode& item : value.items) add(key, item);
    return {};
  });
  check_accounts(desired.accounts, mistakes);
  return desired;
}

}  // namespace postern::cli
