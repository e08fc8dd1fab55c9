#include "protocols/admin/entry_json.h"

#include "protocols/admin/times.h"

namespace postern::admin {

namespace {

constexpr Feature kDoors[] = {Feature::pop3, Feature::imap, Feature::mobile_sync, Feature::submission};

Json plan_features_json(const Plan& plan) {
  Json features;
  for (const Feature feature : kFeatures) {
    features[std::string(name_of(feature))] = plan.features[static_cast<std::size_t>(feature)];
  }
  return features;
}

Json quota_json(const AccountEntry& entry) {
  Json quota;
  quota["octets"] = entry.quota.octets;
  quota["octets_max"] = or_null(entry.quota.octets_max);
  quota["from"] = entry.own_quota ? "account" : "plan";
  quota["messages"] = entry.quota.messages;
  quota["messages_max"] = or_null(entry.quota.messages_max);
  return quota;
}

}  // namespace

Json tenant_json(const TenantEntry& entry) {
  Json json;
  json["id"] = raw(entry.tenant.id);
  json["name"] = entry.tenant.name;
  json["domains"] = entry.domains;
  json["mobile_sync_max"] = or_null(entry.mobile_sync_max);
  json["created_at"] = time_text(entry.created_at);
  return json;
}

Json plan_json(const PlanEntry& entry) {
  Json json;
  json["name"] = entry.plan.name;
  json["features"] = plan_features_json(entry.plan);
  json["quota_octets"] = or_null(entry.plan.quota_octets);
  json["recovery_days"] = entry.plan.recovery_days;
  return json;
}

Json domain_json(const DomainEntry& entry) {
  Json json;
  json["name"] = entry.domain.name;
  json["tenant"] = raw(entry.domain.tenant);
  json["plan"] = entry.domain.plan;
  json["catch_all"] = or_null(entry.domain.catch_all);
  json["accounts"] = entry.domain.accounts;
  json["created_at"] = time_text(entry.created_at);
  return json;
}

Json features_json(const AllFeatureLevels& features, Levels levels) {
  Json json;
  for (const Feature feature : kFeatures) {
    const FeatureLevels& level = features[static_cast<std::size_t>(feature)];
    const FeatureSource from = level.account  ? FeatureSource::account
                               : level.domain ? FeatureSource::domain
                                              : FeatureSource::plan;
    Json& value = json[std::string(name_of(feature))];
    value["enabled"] = level.account.value_or(level.domain.value_or(level.plan));
    value["from"] = name_of(from);
    value["plan"] = level.plan;
    value["domain"] = or_null(level.domain);
    if (levels == Levels::of_account) value["account"] = or_null(level.account);
  }
  return json;
}

Json account_json(const AccountEntry& entry) {
  Json json;
  json["address"] = entry.address;
  json["domain"] = entry.address.substr(entry.address.find('@') + 1);
  json["tenant"] = raw(entry.tenant);
  json["name"] = entry.profile.display_name;
  json["in_address_book"] = entry.profile.in_address_book;
  json["status"] = name_of(entry.status);
  json["quota"] = quota_json(entry);
  json["features"] = features_json(entry.features, Levels::of_account);
  json["created_at"] = time_text(entry.created_at);
  return json;
}

Json alias_json(const AliasEntry& entry) {
  Json json;
  json["address"] = entry.alias.address;
  json["targets"] = entry.alias.targets;
  return json;
}

Json queued_json(const QueueEntry& entry) {
  const QueuedMessage& message = entry.message;
  Json json;
  json["id"] = raw(message.key.id);
  json["account"] = entry.account;
  json["sender"] = message.envelope.reverse_path;
  json["recipients"] = Json::array();
  for (const QueuedRecipient& recipient : message.recipients) {
    Json one;
    one["address"] = recipient.who.address;
    one["state"] = name_of(recipient.state);
    one["answer"] = recipient.answer;
    json["recipients"].push_back(std::move(one));
  }
  json["octets"] = message.size;
  json["queued_at"] = time_text(message.queued_at);
  json["expires_at"] = time_text(message.expires_at);
  json["next_attempt_at"] = time_json(message.next_attempt);
  json["attempts"] = message.attempts;
  json["state"] = !message.next_attempt ? "finished" : message.held ? "sending" : "waiting";
  return json;
}

Json administrator_json(const Administrator& administrator) {
  Json json;
  json["id"] = raw(administrator.id);
  json["name"] = administrator.name;
  json["role"] = name_of(administrator.role);
  json["tenant"] = or_null(administrator.reach.tenant);
  json["domain"] = or_null(administrator.domain);
  json["locked"] = administrator.locked;
  json["second_factor"] = administrator.second_factor;
  json["created_at"] = time_text(administrator.created_at);
  return json;
}

Json token_json(const Token& token) {
  Json json;
  json["id"] = raw(token.id);
  json["name"] = token.name;
  json["scopes"] = token.scopes.names();
  json["created_at"] = time_text(token.created_at);
  json["expires_at"] = time_text(token.expires_at);
  json["last_used_at"] = time_json(token.last_used_at);
  return json;
}

Json app_password_json(const AppPassword& password) {
  Json json;
  json["id"] = raw(password.id);
  json["name"] = password.name;
  json["doors"] = Json::array();
  for (const Feature door : kDoors) {
    if ((password.doors >> static_cast<unsigned>(door) & 1U) != 0) json["doors"].push_back(name_of(door));
  }
  json["created_at"] = time_text(password.created_at);
  return json;
}

Json audit_json(const AuditEntry& entry) {
  const auto values = [](const std::string& text) { return text.empty() ? Json() : Json::parse(text); };
  Json json;
  json["id"] = entry.id;
  json["at"] = time_text(entry.at);
  json["who"] = entry.who;
  json["via"] = entry.via;
  json["from"] = entry.from;
  json["action"] = entry.action;
  json["kind"] = entry.kind;
  json["object"] = entry.object;
  json["tenant"] = or_null(entry.tenant);
  json["domain"] = or_null(entry.domain);
  json["before"] = values(entry.before);
  json["after"] = values(entry.after);
  return json;
}

Json feature_event_json(const FeatureEvent& event) {
  Json json;
  json["id"] = event.id;
  json["at"] = time_text(event.at);
  json["who"] = event.who;
  json["from"] = event.from;
  json["level"] = event.level;
  json["of"] = event.name;
  json["tenant"] = or_null(event.tenant);
  json["domain"] = or_null(event.domain);
  json["feature"] = name_of(event.feature);
  json["before"] = or_null(event.before);
  json["after"] = or_null(event.after);
  return json;
}

Json usage_json(const UsageDay& day) {
  Json json;
  json["day"] = day.day;
  json["tenant"] = raw(day.tenant);
  json["domain"] = day.domain;
  json["account"] = day.address;
  json["plan"] = day.plan;
  json["features"] = Json::array();
  for (const Feature feature : day.features) json["features"].push_back(name_of(feature));
  json["octets"] = day.octets;
  json["messages"] = day.messages;
  json["devices"] = day.devices;
  return json;
}

}  // namespace postern::admin
