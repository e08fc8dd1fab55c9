#include "protocols/admin/operations.h"

#include "gateway/base/text.h"
#include "protocols/admin/handlers.h"
#include "protocols/http/query.h"

namespace postern::admin {

namespace {

constexpr Operation open(const char* method, const char* path, Body body, Run run) {
  return {method, path, Needs::nothing, Scope::self, body, Repeat::as_it_comes, run};
}
constexpr Operation signed_in(const char* method, const char* path, Body body, Run run) {
  return {method, path, Needs::sign_in, Scope::self, body, Repeat::as_it_comes, run};
}
constexpr Operation get(Scope scope, const char* path, Run run) {
  return {"GET", path, Needs::scope, scope, Body::none, Repeat::as_it_comes, run};
}
constexpr Operation remove(Scope scope, const char* path, Run run) {
  return {"DELETE", path, Needs::scope, scope, Body::none, Repeat::as_it_comes, run};
}
constexpr Operation with_body(Scope scope, const char* method, const char* path, Run run) {
  return {method, path, Needs::scope, scope, Body::object, Repeat::as_it_comes, run};
}
constexpr Operation create(Scope scope, const char* path, Run run) {
  return {"POST", path, Needs::scope, scope, Body::object, Repeat::by_key, run};
}

using enum Scope;

constexpr Operation kOperations[] = {
    open("GET", "/openapi.yaml", Body::none, get_contract),
    get(server_read, "/health", get_health),
    get(server_read, "/server", get_server),

    open("POST", "/session", Body::object, sign_in),
    signed_in("GET", "/session", Body::none, get_session),
    signed_in("DELETE", "/session", Body::none, sign_out),
    signed_in("POST", "/session/second-factor", Body::none, begin_second_factor),
    signed_in("PUT", "/session/second-factor", Body::object, confirm_second_factor),
    signed_in("DELETE", "/session/second-factor", Body::none, remove_second_factor),

    get(self, "/me", get_me),
    get(self, "/me/client-settings", get_my_client_settings),
    with_body(self, "PUT", "/me/password", set_my_password),
    get(self, "/me/app-passwords", list_my_app_passwords),
    with_body(self, "POST", "/me/app-passwords", create_my_app_password),
    remove(self, "/me/app-passwords/{id}", delete_my_app_password),
    get(self, "/me/devices", list_my_devices),
    remove(self, "/me/devices/{device}", forget_my_device),
    with_body(self, "PUT", "/me/devices/{device}/wipe", wipe_my_device),
    remove(self, "/me/devices/{device}/wipe", cancel_my_wipe),

    get(administrators_read, "/administrators", list_administrators),
    create(administrators_write, "/administrators", create_administrator),
    get(administrators_read, "/administrators/{id}", get_administrator),
    with_body(administrators_write, "PATCH", "/administrators/{id}", change_administrator),
    remove(administrators_write, "/administrators/{id}", delete_administrator),
    get(administrators_read, "/administrators/{id}/tokens", list_tokens),
    with_body(administrators_write, "POST", "/administrators/{id}/tokens", create_token),
    remove(administrators_write, "/administrators/{id}/tokens/{token}", delete_token),

    get(directory_read, "/tenants", list_tenants),
    create(tenants_write, "/tenants", create_tenant),
    get(directory_read, "/tenants/{tenant}", get_tenant),
    with_body(tenants_write, "PATCH", "/tenants/{tenant}", change_tenant),
    remove(tenants_write, "/tenants/{tenant}", delete_tenant),
    get(usage_read, "/tenants/{tenant}/licences", get_licences),
    get(directory_read, "/plans", list_plans),
    get(directory_read, "/plans/{plan}", get_plan),
    with_body(tenants_write, "PUT", "/plans/{plan}", put_plan),
    remove(tenants_write, "/plans/{plan}", delete_plan),

    get(directory_read, "/domains", list_domains),
    create(domains_write, "/domains", create_domain),
    get(directory_read, "/domains/{domain}", get_domain),
    with_body(domains_write, "PATCH", "/domains/{domain}", change_domain),
    remove(domains_write, "/domains/{domain}", delete_domain),
    with_body(directory_write, "PUT", "/domains/{domain}/catch-all", set_catch_all),
    remove(directory_write, "/domains/{domain}/catch-all", delete_catch_all),
    get(directory_read, "/domains/{domain}/features", get_domain_features),
    with_body(directory_write, "PATCH", "/domains/{domain}/features", change_domain_features),

    get(directory_read, "/accounts", list_accounts),
    create(directory_write, "/accounts", create_account),
    get(directory_read, "/accounts/{account}", get_account),
    with_body(directory_write, "PATCH", "/accounts/{account}", change_account),
    remove(directory_write, "/accounts/{account}", delete_account),
    with_body(credentials_write, "PUT", "/accounts/{account}/password", set_password),
    get(directory_read, "/accounts/{account}/features", get_account_features),
    with_body(directory_write, "PATCH", "/accounts/{account}/features", change_account_features),
    get(credentials_write, "/accounts/{account}/app-passwords", list_app_passwords),
    with_body(credentials_write, "POST", "/accounts/{account}/app-passwords", create_app_password),
    remove(credentials_write, "/accounts/{account}/app-passwords/{id}", delete_app_password),
    remove(credentials_write, "/accounts/{account}/second-factor", reset_second_factor),

    get(directory_read, "/aliases", list_aliases),
    get(directory_read, "/aliases/{alias}", get_alias),
    with_body(directory_write, "PUT", "/aliases/{alias}", put_alias),
    remove(directory_write, "/aliases/{alias}", delete_alias),

    get(devices_read, "/devices", list_devices),
    get(devices_read, "/accounts/{account}/devices", list_account_devices),
    get(devices_read, "/accounts/{account}/devices/{device}", get_device),
    with_body(devices_write, "PATCH", "/accounts/{account}/devices/{device}", change_device),
    remove(devices_write, "/accounts/{account}/devices/{device}", forget_device),
    with_body(devices_write, "PUT", "/accounts/{account}/devices/{device}/wipe", wipe_device),
    remove(devices_write, "/accounts/{account}/devices/{device}/wipe", cancel_wipe),
    remove(devices_write, "/accounts/{account}/devices/{device}/sync-state", resync_device),

    get(devices_read, "/domains/{domain}/device-rules", list_device_rules),
    with_body(devices_write, "POST", "/domains/{domain}/device-rules", add_device_rule),
    remove(devices_write, "/domains/{domain}/device-rules/{rule}", delete_device_rule),

    get(directory_read, "/domains/{domain}/quota", get_domain_quota),
    with_body(directory_write, "PATCH", "/domains/{domain}/quota", change_domain_quota),
    get(directory_read, "/domains/{domain}/quota-notices", list_quota_notices),
    with_body(directory_write, "PUT", "/domains/{domain}/quota-notices/{level}", put_quota_notice),
    remove(directory_write, "/domains/{domain}/quota-notices/{level}", delete_quota_notice),
    get(server_read, "/quota-recount", get_quota_recount),
    get(directory_read, "/domains/{domain}/retention", get_domain_retention),
    with_body(directory_write, "PATCH", "/domains/{domain}/retention", change_domain_retention),
    get(directory_read, "/plans/{plan}/retention", get_plan_retention),
    with_body(tenants_write, "PATCH", "/plans/{plan}/retention", change_plan_retention),

    get(recovery_read, "/accounts/{account}/removed-messages", list_removed_messages),
    get(recovery_read, "/accounts/{account}/removed-messages/{message}/header", get_removed_header),
    with_body(recovery_write, "POST", "/accounts/{account}/restored-messages", restore_messages),
    get(recovery_read, "/accounts/{account}/removed-folders", list_removed_folders),
    with_body(recovery_write, "POST", "/accounts/{account}/restored-folders", restore_folder),
    get(recovery_read, "/domains/{domain}/deleted-accounts", list_deleted_accounts),
    with_body(recovery_write, "POST", "/domains/{domain}/restored-accounts", restore_account),

    get(server_read, "/backup", get_backup),
    get(server_read, "/backup/evenings", list_evenings),
    {"POST", "/backup/runs", Needs::scope, server_write, Body::none, Repeat::as_it_comes, start_backup},

    get(sessions_read, "/sessions", list_sessions),
    remove(sessions_write, "/sessions/{session}", end_session),

    get(queue_read, "/queue", list_queue),
    get(queue_read, "/queue/{id}", get_queued),
    remove(queue_write, "/queue/{id}", drop_queued),
    {"POST", "/queue/{id}/attempts", Needs::scope, queue_write, Body::none, Repeat::as_it_comes,
     retry_queued},

    get(usage_read, "/usage/{month}", export_usage),
    get(usage_read, "/feature-events", list_feature_events),
    get(audit_read, "/audit", list_audit),
};

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& args) {
  const auto wanted = text::split(pattern, '/');
  const auto given = text::split(path, '/');
  if (wanted.size() != given.size()) return false;
  args.clear();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].starts_with('{')) {
      if (wanted[i] != given[i]) return false;
      continue;
    }
    auto decoded = http::percent_decoded(given[i]);
    if (!decoded || decoded->empty() || decoded->size() > kTextOctetsMax || !text::is_utf8(*decoded) ||
        decoded->find('\0') != std::string::npos) {
      return false;
    }
    args.push_back(*std::move(decoded));
  }
  return true;
}

}  // namespace

std::span<const Operation> operations() {
  return kOperations;
}

const Operation* find_operation(std::string_view method, std::string_view path,
                                std::vector<std::string>& args) {
  for (const Operation& operation : kOperations) {
    if (method == operation.method && fits(operation.path, path, args)) return &operation;
  }
  return nullptr;
}

std::vector<std::string_view> methods_of(std::string_view path) {
  std::vector<std::string_view> methods;
  std::vector<std::string> args;
  for (const Operation& operation : kOperations) {
    if (fits(operation.path, path, args)) methods.emplace_back(operation.method);
  }
  return methods;
}

}  // namespace postern::admin
