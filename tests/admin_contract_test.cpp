// The contract against the running server: the table of operations is the contract's, and every status that
// stands there is really given, with a body as its schema says.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "gateway/base/text.h"
#include "protocols/admin/contract.h"
#include "protocols/admin/operations.h"
#include "protocols/admin/totp.h"
#include "tests/support/admin_fixture.h"
#include "tests/support/json_schema.h"
#include "tests/support/transcript_client.h"

namespace postern::tests {
namespace {

const std::vector<std::string> kMethods = {"get", "post", "put", "patch", "delete"};

struct Described {
  std::string path;
  std::string method;  // "GET"
  json operation;

  std::string id() const { return operation["operationId"]; }
  bool says(int status) const { return operation["responses"].contains(std::to_string(status)); }
};

const json& document() {
  static const json whole = json_from_yaml(admin::contract());
  return whole;
}

const json& resolved(const json& value) {
  if (!value.contains("$ref")) return value;
  return document().at(json::json_pointer(value["$ref"].get<std::string>().substr(1)));
}

std::vector<Described> described() {
  std::vector<Described> all;
  for (const auto& [path, item] : document()["paths"].items()) {
    for (const std::string& method : kMethods) {
      if (item.contains(method)) all.push_back({path, text::to_upper(method), item[method]});
    }
  }
  return all;
}

bool takes_key(const Described& operation) {
  const json parameters = operation.operation.value("parameters", json::array());
  return std::any_of(parameters.begin(), parameters.end(),
                     [](const json& one) { return resolved(one)["name"] == "Idempotency-Key"; });
}

TEST(AdminContract, IsTheTableOfOperations) {
  const std::vector<Described> all = described();
  EXPECT_EQ(all.size(), admin::operations().size());
  for (const Described& one : all) {
    const auto found = std::find_if(
        admin::operations().begin(), admin::operations().end(),
        [&](const admin::Operation& row) { return one.method == row.method && one.path == row.path; });
    ASSERT_NE(found, admin::operations().end()) << one.method << " " << one.path;
    const bool open = one.operation.contains("security") && one.operation["security"].empty();
    EXPECT_EQ(open, found->needs == admin::Needs::nothing) << one.id();
    const bool scoped = found->needs == admin::Needs::scope;
    EXPECT_EQ(one.operation.value("x-scope", ""), scoped ? std::string(name_of(found->scope)) : "")
        << one.id();
    EXPECT_EQ(one.operation.contains("requestBody"), found->body == admin::Body::object) << one.id();
    EXPECT_EQ(takes_key(one), found->repeat == admin::Repeat::by_key) << one.id();
  }
}

class AdminContractWalk : public AdminFixture {
 protected:
  void SetUp() override {
    AdminFixture::SetUp();
    for (Described& one : described()) operations_.emplace(one.id(), std::move(one));
    provider_ = administrator("ann", "provider");
    joe_ = nobody_.signed_in("joe@example.test", kPassword);
  }

  // One request; its status and body are held to the contract.
  ApiAnswer ask(const ApiClient& who, const std::string& id, const std::string& path, const std::string& body,
                int status) {
    const Described& operation = operations_.at(id);
    const ApiAnswer answer = who.ask(operation.method, path, body);
    EXPECT_EQ(answer.status, status) << id << " " << path << " " << body << "\n" << answer.octets;
    EXPECT_TRUE(operation.says(answer.status)) << id << " " << answer.status;
    if (!operation.says(answer.status)) return answer;
    seen_[id].insert(answer.status);
    const json& response = resolved(operation.operation["responses"][std::to_string(answer.status)]);
    if (!response.contains("content")) {
      EXPECT_TRUE(answer.octets.empty()) << id << " " << answer.octets;
      return answer;
    }
    const auto field = answer.fields.find("content-type");
    const std::string type =
        field == answer.fields.end() ? "" : field->second.substr(0, field->second.find(';'));
    EXPECT_TRUE(response["content"].contains(type)) << id << " " << answer.status << " " << type;
    if (response["content"].contains(type) && type.ends_with("json")) {
      EXPECT_EQ(schema_fault(document(), response["content"][type]["schema"], answer.body), "")
          << id << " " << answer.status << "\n"
          << answer.octets;
    }
    const json headers = response.value("headers", json::object());
    for (const auto& [name, schema] : headers.items()) {
      EXPECT_TRUE(answer.fields.contains(text::to_lower(name))) << id << " lacks " << name;
    }
    return answer;
  }
  ApiAnswer ask(const ApiClient& client, const std::string& id, const std::string& path, const char* body,
                int status) {
    return ask(client, id, path, std::string(body), status);
  }
  ApiAnswer ask(const ApiClient& who, const std::string& id, const std::string& path, const json& body,
                int status) {
    return ask(who, id, path, body.dump(), status);
  }
  ApiAnswer ask(const std::string& id, const std::string& path, int status) {
    return ask(who(id), id, path, std::string(), status);
  }
  ApiAnswer ask(const std::string& id, const std::string& path, const json& body, int status) {
    return ask(who(id), id, path, body.dump(), status);
  }

  bool is_own(const std::string& id) const {
    return operations_.at(id).operation.value("x-scope", "") == "self";
  }
  const ApiClient& who(const std::string& id) const { return is_own(id) ? joe_ : provider_; }

  // A path of the operation with things that are there, or that are not.
  std::string path_of(const Described& operation, bool there) {
    std::map<std::string, std::string> args = {{"tenant", std::to_string(raw(tenant_))},
                                               {"plan", "standard"},
                                               {"domain", "example.test"},
                                               {"account", "joe@example.test"},
                                               {"alias", "info@example.test"},
                                               {"device", kDevice},
                                               {"token", "999999"},
                                               {"month", "2026-11"},
                                               {"message", "1-1-1"},
                                               {"level", "95"},
                                               {"rule", "999999"},
                                               {"session", "1-1"},
                                               {"id", std::to_string(administrators_.at("ann"))}};
    if (operation.path.starts_with("/queue")) args["id"] = std::to_string(queued_["example.test"]);
    if (!there) {
      args = {{"tenant", "999999"},        {"plan", "none"},
              {"domain", "none.test"},     {"account", "none@example.test"},
              {"alias", "none@none.test"}, {"device", "NONE"},
              {"token", "999999"},         {"id", "999999"},
              {"message", "1-1-1"},        {"level", "95"},
              {"session", "1-1"},          {"rule", "999999"}};
    }
    std::string path = operation.path;
    for (const auto& [name, value] : args) {
      const std::size_t at = path.find("{" + name + "}");
      if (at != std::string::npos) path.replace(at, name.size() + 2, value);
    }
    return path;
  }

  // What every operation refuses in the same way.
  void walk_refusals() {
    const ApiClient biller = administrator("bill", "billing");
    const ApiClient scopeless = with_token("ann", {"server:read"});
    for (const auto& [id, operation] : operations_) {
      const bool scoped = operation.operation.contains("x-scope");
      const bool has_body = operation.operation.contains("requestBody");
      const std::string path = path_of(operation, true);
      const std::string body = has_body ? R"({"no_such_member":1})" : "";
      const bool open = operation.operation.contains("security");
      if (operation.says(401) && !open) ask(nobody_, id, path, body, 401);
      const bool reads_server = operation.operation.value("x-scope", "") == "server:read";
      if (scoped) ask(reads_server ? biller : scopeless, id, path, body, 403);
      if (has_body && operation.says(400)) ask(who(id), id, path, "{", 400);
      if (!has_body && operation.says(400)) ask(who(id), id, path + "?limit=0", "", 400);
      if (has_body && operation.says(422)) ask(who(id), id, path, body, 422);
      if (operation.says(404)) ask(who(id), id, path_of(operation, false), has_body ? "{}" : "", 404);
    }
  }

  void walk_recovery() {
    const AccountId joe = account("joe@example.test");
    const std::string path = "/accounts/joe@example.test";
    const auto limit = [&](const json& octets) {
      ask("changeAccount", path, json{{"quota_octets", octets}}, 200);
    };
    add_removed(joe, "lost");
    const ApiAnswer removed =
        ask("listRemovedMessages", path + "/removed-messages?limit=1&subject=LOST&door=imap", 200);
    ASSERT_EQ(removed.body["items"].size(), 1u);
    const std::string message = removed.body["items"][0]["id"];
    ask("getRemovedHeader", path + "/removed-messages/" + message + "/header", 200);
    limit(1);
    ask("restoreMessages", path + "/restored-messages", json{{"messages", {message}}}, 409);
    limit(nullptr);
    ask("restoreMessages", path + "/restored-messages", json{{"matching", json::object()}}, 200);
    add_removed_folder(joe, "Old");
    const ApiAnswer folders = ask("listRemovedFolders", path + "/removed-folders", 200);
    const json folder = {{"folder", folders.body["items"][0]["id"]}};
    limit(1);
    ask("restoreFolder", path + "/restored-folders", folder, 409);
    limit(nullptr);
    ask("restoreFolder", path + "/restored-folders", folder, 200);
  }

  void walk_room() {
    const std::string domain = "/domains/example.test";
    ask("getDomainQuota", domain + "/quota", 200);
    const json quota = {
        {"pool_octets", 1000000000}, {"when_full", "reject"}, {"administrator", "ann@example.test"}};
    ask("changeDomainQuota", domain + "/quota", quota, 200);
    ask("listQuotaNotices", domain + "/quota-notices", 200);
    const json notice = {{"subject", "Nearly full"}, {"text", "{percent} per cent.\nDelete something."}};
    ask("putQuotaNotice", domain + "/quota-notices/95", notice, 200);
    ask("deleteQuotaNotice", domain + "/quota-notices/95", 204);
    ask("getQuotaRecount", "/quota-recount", 200);
    ask("getDomainRetention", domain + "/retention", 200);
    ask("changeDomainRetention", domain + "/retention", json{{"trash_days", 30}}, 200);
    ask("getPlanRetention", "/plans/standard/retention", 200);
    ask("changePlanRetention", "/plans/standard/retention", json{{"junk_days", 7}, {"trash_days", nullptr}},
        200);
    const json rule = {{"pattern", "iPhone*"}, {"access", "allowed"}, {"position", -1}};
    const ApiAnswer made = ask("addDeviceRule", domain + "/device-rules", rule, 201);
    ask("listDeviceRules", domain + "/device-rules", 200);
    ask("deleteDeviceRule", domain + "/device-rules/" + made.body["id"].dump(), 204);
  }

  void walk_sessions() {
    TranscriptClient pop3(gateway_->port(0, "pop3", false));
    pop3.line();
    pop3.send("USER joe@other.test\r\nPASS " + std::string(kPassword) + "\r\n");
    ApiAnswer listed;
    for (int i = 0; i < 500 && (i == 0 || listed.body["items"].empty()); ++i) {
      await(sleep(loop_, Milliseconds(10)));
      listed = provider_.ask("GET", "/sessions?door=pop3");
    }
    listed = ask("listSessions", "/sessions?door=pop3&domain=other.test&limit=1", 200);
    ASSERT_EQ(listed.body["items"].size(), 1u);
    const std::string id = listed.body["items"][0]["id"];
    ask("endSession", "/sessions/" + id, 202);
  }

  void walk_backup() {
    SavedEvening evening;
    evening.date = "2026-11-22";
    must(await(store_->evenings().note(evening, 14)));
    ask("getBackup", "/backup", 200);
    ask("listEvenings", "/backup/evenings", 200);
    ask("startBackup", "/backup/runs", 202);
    EXPECT_TRUE(must(await(store_->nightly_jobs().take(kBackupJob, true))));
    ask("startBackup", "/backup/runs", 409);
    must(await(store_->nightly_jobs().done(kBackupJob)));
  }

  void expect_every_status() {
    for (const auto& [id, operation] : operations_) {
      for (const auto& [status, response] : operation.operation["responses"].items()) {
        EXPECT_TRUE(seen_[id].contains(std::stoi(status))) << id << " never answered " << status;
      }
    }
  }

  std::map<std::string, Described> operations_;  // by operationId
  std::map<std::string, std::set<int>> seen_;
  ApiClient provider_;
  ApiClient joe_;
};

TEST_F(AdminContractWalk, EveryStatusIsGiven) {
  walk_refusals();
  const std::string tenant = tenant_path(tenant_);
  const ApiClient stale = provider_.with("If-Match", "\"0\"");

  // What only reads.
  ask(nobody_, "getContract", "/openapi.yaml", std::string(), 200);
  for (const auto& [id, path] : std::vector<std::pair<std::string, std::string>>{
           {"getHealth", "/health"},
           {"getServer", "/server"},
           {"getSession", "/session"},
           {"getMe", "/me"},
           {"getMyClientSettings", "/me/client-settings"},
           {"listMyAppPasswords", "/me/app-passwords"},
           {"listMyDevices", "/me/devices"},
           {"listAdministrators", "/administrators?limit=1"},
           {"listTenants", "/tenants?limit=1"},
           {"getTenant", tenant},
           {"getLicences", tenant + "/licences"},
           {"listPlans", "/plans"},
           {"getPlan", "/plans/standard"},
           {"listDomains", "/domains?q=exa&limit=1"},
           {"getDomain", "/domains/example.test"},
           {"getDomainFeatures", "/domains/example.test/features"},
           {"listAccounts", "/accounts?domain=example.test&status=active&feature=imap&limit=1"},
           {"getAccount", "/accounts/joe@example.test"},
           {"getAccountFeatures", "/accounts/joe@example.test/features"},
           {"listAppPasswords", "/accounts/joe@example.test/app-passwords"},
           {"listAliases", "/aliases?domain=example.test"},
           {"getAlias", "/aliases/info@example.test"},
           {"listDevices", "/devices?limit=1"},
           {"listAccountDevices", "/accounts/joe@example.test/devices"},
           {"getDevice", "/accounts/joe@example.test/devices/PHONE1"},
           {"listQueue", "/queue?account=joe@example.test"},
           {"getQueued", "/queue/" + std::to_string(queued_["example.test"])}}) {
    ask(id, path, 200);
  }

  // The page's session, with a second factor.
  json sign_in = {{"name", "joe@example.test"}, {"password", kPassword}};
  ask(nobody_, "signIn", "/session", sign_in, 201);
  ask(nobody_, "signIn", "/session", json{{"name", "joe@example.test"}, {"password", "wrong"}}, 401);
  ask(nobody_.with("Origin", "https://evil.test"), "signIn", "/session", sign_in, 403);
  ask(root_, "beginSecondFactor", "/session/second-factor", std::string(), 409);
  ask(root_, "confirmSecondFactor", "/session/second-factor", json{{"code", "000000"}}, 409);
  const ApiAnswer begun = ask(joe_, "beginSecondFactor", "/session/second-factor", std::string(), 200);
  const auto factor = must(await(store_->administrators().second_factor(Owner(account("joe@example.test")))));
  EXPECT_EQ(begun.body["secret"], admin::base32(factor->secret));
  const std::string code = admin::totp_code(factor->secret, admin::totp_step(clock_.now()));
  ask(joe_, "confirmSecondFactor", "/session/second-factor", json{{"code", code}}, 204);
  EXPECT_EQ(ask(nobody_, "signIn", "/session", sign_in, 401).body["type"],
            "urn:postern:problem:second-factor");
  sign_in["code"] = code;  // it has been used
  ask(nobody_, "signIn", "/session", sign_in, 401);
  ask(joe_, "removeSecondFactor", "/session/second-factor", std::string(), 204);
  ask("resetSecondFactor", "/accounts/joe@example.test/second-factor", 204);

  // One's own account.
  ask("setMyPassword", "/me/password", json{{"current", "wrong"}, {"password", "another password"}}, 422);
  ask("setMyPassword", "/me/password", json{{"current", kPassword}, {"password", "another password"}}, 204);
  const ApiAnswer mine = ask("createMyAppPassword", "/me/app-passwords", json{{"name", "phone"}}, 201);
  ask("listMyAppPasswords", "/me/app-passwords", 200);
  ask("deleteMyAppPassword", "/me/app-passwords/" + mine.body["id"].dump(), 204);
  ask("wipeMyDevice", "/me/devices/PHONE1/wipe", json{{"of", "account"}}, 200);
  ask("cancelMyWipe", "/me/devices/PHONE1/wipe", 204);
  ask("forgetMyDevice", "/me/devices/PHONE1", 204);
  add_device(account("joe@example.test"), kDevice);

  // Administrators and their tokens.
  const json help = {
      {"name", "kim"}, {"password", kPassword}, {"role", "help_desk"}, {"domain", "example.test"}};
  const std::string kim =
      "/administrators/" + ask("createAdministrator", "/administrators", help, 201).body["id"].dump();
  ask("createAdministrator", "/administrators", help, 409);
  ask("getAdministrator", kim, 200);
  ask("changeAdministrator", kim, json{{"locked", true}, {"password", "another password"}}, 200);
  ask("listTokens", kim + "/tokens", 200);
  const json token = {{"name", "script"}, {"expires_in_days", 3}, {"scopes", {"directory:read"}}};
  const ApiAnswer made = ask("createToken", kim + "/tokens", token, 201);
  ask("deleteToken", kim + "/tokens/" + made.body["id"].dump(), 204);
  ask("deleteAdministrator", kim, 204);

  // Tenants, plans, domains.
  const ApiAnswer third =
      ask("createTenant", "/tenants", json{{"name", "third"}, {"mobile_sync_max", 0}}, 201);
  const std::string third_path = "/tenants/" + third.body["id"].dump();
  ask("createTenant", "/tenants", json{{"name", "third"}}, 409);
  ask(stale, "changeTenant", third_path, json{{"name", "drei"}}, 412);
  ask("changeTenant", third_path, json{{"name", "other"}}, 409);
  ask(provider_.with("If-Match", third.fields.at("etag")), "changeTenant", third_path, json{{"name", "drei"}},
      200);
  const json plan = {{"features", {{"imap", true}, {"mobile_sync", false}}}, {"quota_octets", 1000000}};
  const json syncing = {{"features", {{"imap", true}, {"mobile_sync", true}}}};
  ask("putPlan", "/plans/small", plan, 200);
  ask("putPlan", "/plans/sync", syncing, 200);
  ask(stale, "putPlan", "/plans/small", plan, 412);
  ask(stale, "deletePlan", "/plans/sync", std::string(), 412);
  ask("deletePlan", "/plans/standard", 409);
  const json domain = {{"name", "third.test"}, {"plan", "small"}, {"tenant", third.body["id"]}};
  ask("createDomain", "/domains", domain, 201);
  ask("createDomain", "/domains", domain, 409);
  ask(stale, "changeDomain", "/domains/third.test", json{{"plan", "sync"}}, 412);
  ask("deleteTenant", third_path, 409);
  ask("setCatchAll", "/domains/third.test/catch-all", json{{"address", "all@third.test"}}, 200);
  ask("deleteCatchAll", "/domains/third.test/catch-all", 204);

  // Accounts; the tenant may have no Mobile Sync user.
  const json new_account = {{"address", "sue@third.test"}, {"password", kPassword}, {"name", "Sue"}};
  const ApiAnswer sue = ask("createAccount", "/accounts", new_account, 201);
  ask("createAccount", "/accounts", new_account, 409);
  ask(stale, "changeAccount", "/accounts/sue@third.test", json{{"name", "Susan"}}, 412);
  ask(provider_.with("If-Match", sue.fields.at("etag")), "changeAccount", "/accounts/sue@third.test",
      json{{"name", "Susan"}, {"status", "disabled"}, {"quota_octets", 5000}}, 200);
  ask("setPassword", "/accounts/sue@third.test/password", json{{"password", "another password"}}, 204);
  ask("changeAccountFeatures", "/accounts/sue@third.test/features", json{{"pop3", true}, {"imap", nullptr}},
      200);
  ask("changeAccountFeatures", "/accounts/sue@third.test/features", json{{"mobile_sync", true}}, 409);
  ask("changeDomainFeatures", "/domains/third.test/features?overrides=clear", json{{"pop3", true}}, 200);
  ask("changeDomainFeatures", "/domains/third.test/features", json{{"mobile_sync", true}}, 409);
  ask("changeDomain", "/domains/third.test", json{{"plan", "sync"}}, 409);
  ask("putPlan", "/plans/small", syncing, 409);
  const ApiAnswer app = ask("createAppPassword", "/accounts/sue@third.test/app-passwords",
                            json{{"name", "laptop"}, {"doors", {"imap"}}}, 201);
  ask("deleteAppPassword", "/accounts/sue@third.test/app-passwords/" + app.body["id"].dump(), 204);
  ask("putAlias", "/aliases/info@third.test", json{{"targets", {"sue@third.test"}}}, 200);
  ask("putAlias", "/aliases/sue@third.test", json{{"targets", {"joe@example.test"}}}, 409);
  ask(stale, "putAlias", "/aliases/info@third.test", json{{"targets", {"sue@third.test"}}}, 412);
  ask(stale, "deleteAlias", "/aliases/info@third.test", std::string(), 412);
  ask("deleteAlias", "/aliases/info@third.test", 204);
  ask(stale, "deleteAccount", "/accounts/sue@third.test", std::string(), 412);
  ask("changeTenant", third_path, json{{"mobile_sync_max", 1}}, 200);
  ask("changeAccountFeatures", "/accounts/sue@third.test/features", json{{"mobile_sync", true}}, 200);
  ask("deleteAccount", "/accounts/sue@third.test", 204);
  ask("listDeletedAccounts", "/domains/third.test/deleted-accounts", 200);
  ask("changeTenant", third_path, json{{"mobile_sync_max", 0}}, 200);
  const json lost = {{"account", "sue@third.test"}};
  ask("restoreAccount", "/domains/third.test/restored-accounts", lost, 409);
  ask("changeTenant", third_path, json{{"mobile_sync_max", 1}}, 200);
  ask("restoreAccount", "/domains/third.test/restored-accounts", lost, 200);
  ask("restoreAccount", "/domains/third.test/restored-accounts", lost, 422);
  ask("deleteAccount", "/accounts/sue@third.test", 204);
  ask("deleteDomain", "/domains/third.test", 409);  // she can be brought back

  walk_recovery();
  walk_room();
  walk_sessions();
  walk_backup();

  // Devices and the queue.
  const std::string phone = "/accounts/joe@example.test/devices/PHONE1";
  ask("changeDevice", phone, json{{"access", "blocked"}, {"trace_minutes", 5}}, 200);
  ask("changeDevice", phone, json{{"access", nullptr}}, 200);
  ask("wipeDevice", phone + "/wipe", json{{"of", "everything"}}, 200);
  ask("cancelWipe", phone + "/wipe", 204);
  ask("resyncDevice", phone + "/sync-state", 204);
  ask("forgetDevice", phone, 204);
  const std::string message = "/queue/" + std::to_string(queued_["example.test"]);
  ask("retryQueued", message + "/attempts", 202);
  ask("dropQueued", message, 204);
  ask("dropQueued", message, 409);
  ask("retryQueued", message + "/attempts", 409);

  // Records, and what can go now.
  must(await(store_->records().count_usage()));
  ask("exportUsage", "/usage/2026-13", 400);
  ask("exportUsage", "/usage/2026-11", 200);
  ask(provider_.with("Accept", "text/csv"), "exportUsage", "/usage/2026-11", std::string(), 200);
  ask("listFeatureEvents", "/feature-events?limit=1&feature=pop3", 200);
  ask("listAudit", "/audit?limit=2&since=2026-01-01T00:00:00Z", 200);
  ask("listAudit", "/audit?limit=500", 200);
  ask("createDomain", "/domains", json{{"name", "fourth.test"}, {"plan", "small"}, {"tenant", raw(tenant_)}},
      201);
  ask(stale, "deleteDomain", "/domains/fourth.test", std::string(), 412);
  ask("changeDomain", "/domains/fourth.test", json{{"plan", "sync"}}, 200);
  ask("deleteDomain", "/domains/fourth.test", 204);
  ask("deletePlan", "/plans/sync", 204);
  const std::string empty =
      "/tenants/" + ask("createTenant", "/tenants", json{{"name", "e"}}, 201).body["id"].dump();
  ask(stale, "deleteTenant", empty, std::string(), 412);
  ask("deleteTenant", empty, 204);
  ask(joe_, "signOut", "/session", std::string(), 204);
  ask(joe_, "getSession", "/session", std::string(), 401);
  expect_every_status();
}

}  // namespace
}  // namespace postern::tests
