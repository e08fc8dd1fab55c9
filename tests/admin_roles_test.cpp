// The matrix: every role against every operation, on what is theirs and on what is another tenant's. What
// lies beyond the reach is answered, to the octet, as what does not exist.
#include <gtest/gtest.h>

#include "gateway/base/text.h"
#include "protocols/admin/operations.h"
#include "tests/support/admin_fixture.h"

namespace postern::tests {
namespace {

enum class Whose : std::uint8_t { own, foreign, nobodys };

struct Cast {
  std::string name;
  Role role;
  ApiClient client;
};

class AdminRoles : public AdminFixture {
 protected:
  void SetUp() override {
    AdminFixture::SetUp();
    const json in_tenant = {{"tenant", raw(tenant_)}};
    const json in_domain = {{"domain", "example.test"}};
    cast_ = {
        {"provider", Role::provider, administrator("provider", "provider")},
        {"reseller", Role::reseller, administrator("reseller", "reseller", in_tenant)},
        {"domain_admin", Role::domain_admin, administrator("domain_admin", "domain_admin", in_domain)},
        {"domain_reader", Role::domain_reader, administrator("domain_reader", "domain_reader", in_domain)},
        {"help_desk", Role::help_desk, administrator("help_desk", "help_desk", in_domain)},
        {"tenant_help_desk", Role::help_desk, administrator("tenant_help_desk", "help_desk", in_tenant)},
        {"billing", Role::billing, administrator("billing", "billing", in_tenant)},
        {"user", Role::user, nobody_.signed_in("joe@example.test", kPassword)}};
    administrator("victim", "domain_admin", in_domain);
    administrator("stranger", "domain_admin", json{{"domain", "other.test"}});
  }

  // With things of `whose`. Single things of a plan belong to everybody.
  std::string path_of(const admin::Operation& operation, Whose whose) {
    std::map<std::string, std::string> args;
    const std::string path = operation.path;
    const bool queue = path.starts_with("/queue");
    const auto own_id = [&](const char* domain, const char* name) {
      return std::to_string(queue ? queued_[domain] : administrators_.at(name));
    };
    if (whose == Whose::own) {
      args = {{"tenant", std::to_string(raw(tenant_))},
              {"domain", "example.test"},
              {"account", "joe@example.test"},
              {"alias", "info@example.test"},
              {"id", own_id("example.test", "victim")}};
    } else if (whose == Whose::foreign) {
      args = {{"tenant", std::to_string(raw(other_tenant_))},
              {"domain", "other.test"},
              {"account", "joe@other.test"},
              {"alias", "info@other.test"},
              {"id", own_id("other.test", "stranger")}};
    } else {
      args = {{"tenant", "999999"},
              {"domain", "none.test"},
              {"account", "joe@none.test"},
              {"alias", "info@none.test"},
              {"id", "999999"}};
    }
    args["plan"] = "standard";
    args["device"] = kDevice;
    args["token"] = "999999";
    args["session"] = "1-1";
    args["message"] = "1-1-1";
    args["level"] = "95";
    args["rule"] = "999999";
    args["month"] = "2026-11";
    std::string filled = path;
    for (const auto& [name, value] : args) {
      const std::size_t at = filled.find("{" + name + "}");
      if (at != std::string::npos) filled.replace(at, name.size() + 2, value);
    }
    return filled;
  }

  static bool names_an_object(const admin::Operation& operation) {
    const std::string path = operation.path;
    for (const char* arg : {"{tenant}", "{domain}", "{account}", "{alias}", "{id}"}) {
      if (path.find(arg) != std::string::npos && !path.starts_with("/me/")) return true;
    }
    return false;
  }

  ApiAnswer ask(const ApiClient& client, const admin::Operation& operation, Whose whose) {
    // A member that nobody knows: what may be written is refused at the last moment, so that the cells do not
    // disturb each other.
    const std::string body = operation.body == admin::Body::object ? R"({"no_such_member":1})" : "";
    return client.with("If-Match", "\"0\"").ask(operation.method, path_of(operation, whose), body);
  }

  // Restores what a deletion that was allowed has taken.
  void restore() {
    const AccountId joe = account("joe@example.test");
    add_device(joe, kDevice);
    queued_["example.test"] = add_queued(joe);
    if (root_.ask("GET", "/administrators/" + std::to_string(administrators_["victim"])).status == 404) {
      administrator("victim", "domain_admin", json{{"domain", "example.test"}});
    }
  }

  std::vector<Cast> cast_;
};

TEST_F(AdminRoles, EveryCellOfTheMatrix) {
  std::size_t cells = 0;
  for (const Cast& one : cast_) {
    const Scopes scopes = scopes_of(one.role);
    for (const admin::Operation& operation : admin::operations()) {
      if (operation.needs != admin::Needs::scope) continue;
      const std::string cell = one.name + " " + operation.method + " " + operation.path;
      const bool may = scopes.has(operation.scope);
      const ApiAnswer own = ask(one.client, operation, Whose::own);
      ++cells;
      if (!may) {
        EXPECT_EQ(own.status, 403) << cell << "\n" << own.octets;
      } else {
        EXPECT_NE(own.status, 401) << cell;
        EXPECT_NE(own.status, 403) << cell << "\n" << own.octets;
        EXPECT_LT(own.status, 500) << cell << "\n" << own.octets;
      }
      if (may && operation.method != std::string("GET")) restore();
      if (!names_an_object(operation)) continue;
      const ApiAnswer foreign = ask(one.client, operation, Whose::foreign);
      const ApiAnswer nobodys = ask(one.client, operation, Whose::nobodys);
      ++cells;
      if (!may) {
        EXPECT_EQ(foreign.status, 403) << cell;
      } else if (one.role == Role::provider) {
        EXPECT_NE(foreign.status, 403) << cell << "\n" << foreign.octets;
        EXPECT_EQ(nobodys.status, 404) << cell << "\n" << nobodys.octets;
      } else {
        EXPECT_EQ(foreign.status, 404) << cell << "\n" << foreign.octets;
        EXPECT_EQ(foreign.octets, nobodys.octets) << cell;
      }
    }
  }
  EXPECT_GT(cells, 800u);
}

TEST_F(AdminRoles, ListsShowNothingOfAnotherTenant) {
  for (const Cast& one : cast_) {
    if (one.role == Role::provider) continue;
    for (const admin::Operation& operation : admin::operations()) {
      const std::string path = operation.path;
      if (operation.method != std::string("GET") || path.find('{') != std::string::npos) continue;
      if (path == "/openapi.yaml") continue;
      const ApiAnswer answer = one.client.ask("GET", path);
      for (const char* theirs : {"other.test", "\"other\""}) {
        EXPECT_EQ(answer.octets.find(theirs), std::string::npos) << one.name << " " << path << "\n"
                                                                 << answer.octets;
      }
    }
    for (const char* filter :
         {"/accounts?domain=other.test", "/aliases?domain=other.test", "/queue?account=joe@other.test"}) {
      const ApiAnswer answer = one.client.ask("GET", filter);
      if (answer.status == 200) {
        EXPECT_TRUE(answer.body["items"].empty()) << one.name << " " << filter;
      }
    }
  }
}

TEST_F(AdminRoles, NobodyGivesWhatHeDoesNotHave) {
  const auto asked = [&](const std::string& role, json reach) {
    reach["name"] = "new-" + role;
    reach["role"] = role;
    reach["password"] = kPassword;
    return reach;
  };
  const ApiClient& reseller = cast_[1].client;
  EXPECT_EQ(reseller.ask("POST", "/administrators", asked("provider", {})).status, 422);  // it has a tenant
  EXPECT_EQ(
      reseller.ask("POST", "/administrators", asked("reseller", {{"tenant", raw(other_tenant_)}})).status,
      422);
  EXPECT_EQ(reseller.ask("POST", "/administrators", asked("domain_admin", {{"domain", "other.test"}})).status,
            422);
  EXPECT_EQ(reseller.ask("POST", "/administrators", asked("root", {})).status, 422);
  EXPECT_EQ(reseller.ask("POST", "/administrators", asked("user", {})).status, 422);
  const ApiAnswer biller = reseller.ask("POST", "/administrators", asked("billing", {}));
  ASSERT_EQ(biller.status, 201) << biller.octets;
  EXPECT_EQ(biller.body["tenant"], raw(tenant_));  // no further than its maker
  // A token with few scopes makes nobody who has more.
  const ApiClient narrow = with_token("provider", {"administrators:write", "administrators:read"});
  EXPECT_EQ(narrow.ask("POST", "/administrators", asked("help_desk", {})).status, 403);
  const std::string provider = "/administrators/" + std::to_string(administrators_["provider"]);
  const json token = {{"name", "more"}, {"expires_in_days", 1}};
  EXPECT_EQ(narrow.ask("POST", provider + "/tokens", token).status, 403);
  EXPECT_EQ(narrow.ask("PATCH", provider, json{{"password", "another password"}}).status, 403);
  EXPECT_EQ(narrow.ask("DELETE", provider).status, 403);
  json beyond = token;
  beyond["scopes"] = {"tenants:write"};
  const std::string victim = "/administrators/" + std::to_string(administrators_["victim"]);
  EXPECT_EQ(reseller.ask("POST", victim + "/tokens", beyond).status, 422);
}

}  // namespace
}  // namespace postern::tests
