// What the API promises beside its contract: proofs and their ends, the page's defences, repeated requests,
// what is heard on the bell, and what the audit keeps.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "tests/support/admin_fixture.h"
#include "tests/support/transcript_client.h"

namespace postern::tests {
namespace {

class AdminApi : public AdminFixture {
 protected:
  json audit_of(const std::string& object) {
    return root_.ask("GET", "/audit?object=" + object).body["items"];
  }
};

TEST_F(AdminApi, TheSocketIsRootAndForItsOwnerAlone) {
  EXPECT_EQ(root_.ask("GET", "/session").body["role"], "root");
  EXPECT_EQ(root_.ask("GET", "/me").status, 403);
  struct stat found {};
  ASSERT_EQ(stat(root_.socket.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(AdminApi, WhatIsNotProvenIsNobody) {
  for (const char* field : {"Bearer wrong", "Bearer ", "Basic am9lOmpvZQ==", "wrong"}) {
    EXPECT_EQ(nobody_.with("Authorization", field).ask("GET", "/session").status, 401) << field;
  }
  EXPECT_EQ(nobody_.with("Cookie", "__Host-postern=wrong").ask("GET", "/session").status, 401);
  EXPECT_EQ(nobody_.with("X-Forwarded-For", "127.0.0.1").ask("GET", "/accounts").status, 401);
}

TEST_F(AdminApi, AWriteOfThePageNeedsItsToken) {
  const ApiClient joe = nobody_.signed_in("joe@example.test", kPassword);
  EXPECT_EQ(joe.ask("GET", "/me").status, 200);
  EXPECT_EQ(joe.with("X-CSRF-Token", "").ask("DELETE", "/session").status, 403);
  EXPECT_EQ(joe.with("X-CSRF-Token", "0123").ask("POST", "/me/app-passwords", json{{"name", "x"}}).status,
            403);
  EXPECT_EQ(joe.with("Origin", "https://evil.test").ask("DELETE", "/session").status, 403);
  EXPECT_EQ(joe.with("Origin", "null").ask("DELETE", "/session").status, 403);
  EXPECT_EQ(joe.with("Origin", "https://mail.example.test").ask("DELETE", "/session").status, 204);
  EXPECT_EQ(joe.ask("GET", "/me").status, 401);
}

TEST_F(AdminApi, TheCookieIsForTheServerAlone) {
  const ApiAnswer answer =
      nobody_.ask("POST", "/session", json{{"name", "joe@example.test"}, {"password", kPassword}});
  const std::string cookie = answer.fields.at("set-cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-postern="));
  for (const char* word : {"; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"}) {
    EXPECT_NE(cookie.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(answer.octets.find(cookie.substr(15, 64)), std::string::npos);
  const ApiAnswer again =
      nobody_.ask("POST", "/session", json{{"name", "joe@example.test"}, {"password", kPassword}});
  EXPECT_NE(again.fields.at("set-cookie"), cookie);
}

TEST_F(AdminApi, UnknownNamesLookLikeWrongPasswords) {
  const auto refusal = [&](const std::string& name) {
    const ApiAnswer answer = nobody_.ask("POST", "/session", json{{"name", name}, {"password", "wrong"}});
    return std::to_string(answer.status) + answer.octets;
  };
  administrator("ann", "provider");
  const std::string wrong = refusal("ann");
  for (const char* name :
       {"nobody", "joe@example.test", "nobody@example.test", "joe@nowhere.test", "x@y@z", ""}) {
    EXPECT_EQ(refusal(name), wrong) << name;
  }
}

TEST_F(AdminApi, AnAdministratorWhoIsLockedIsOutAtOnce) {
  const ApiClient ann = administrator("ann", "provider");
  const ApiClient page = nobody_.signed_in("ann", kPassword);
  EXPECT_EQ(page.ask("GET", "/session").body["name"], "ann");
  const std::string path = "/administrators/" + std::to_string(administrators_["ann"]);
  EXPECT_EQ(root_.ask("PATCH", path, json{{"locked", true}}).status, 200);
  EXPECT_EQ(ann.ask("GET", "/session").status, 401);
  EXPECT_EQ(page.ask("GET", "/session").status, 401);
  EXPECT_EQ(nobody_.ask("POST", "/session", json{{"name", "ann"}, {"password", kPassword}}).status, 401);
}

TEST_F(AdminApi, AnAppPasswordOpensItsDoorsAndNothingElse) {
  const ApiClient joe = nobody_.signed_in("joe@example.test", kPassword);
  const ApiAnswer made = joe.ask("POST", "/me/app-passwords", json{{"name", "phone"}, {"doors", {"imap"}}});
  ASSERT_EQ(made.status, 201) << made.octets;
  const std::string password = made.body["password"];
  EXPECT_EQ(
      nobody_.ask("POST", "/session", json{{"name", "joe@example.test"}, {"password", password}}).status,
      401);
  EXPECT_EQ(audit_of("joe@example.test")[0]["object"], "joe@example.test/phone");
  TranscriptClient imap(gateway_->port(0, "imap", false));
  imap.line();
  imap.send("a LOGIN joe@example.test " + password + "\r\n");
  EXPECT_TRUE(imap.line().value_or("").starts_with("a OK"));
  TranscriptClient pop3(gateway_->port(0, "pop3", false));
  pop3.line();
  pop3.send("USER joe@example.test\r\nPASS " + password + "\r\n");
  pop3.line();
  EXPECT_TRUE(pop3.line().value_or("").starts_with("-ERR"));
}

TEST_F(AdminApi, ARepeatedCreationIsDoneOnce) {
  const ApiClient keyed = root_.with("Idempotency-Key", "k1");
  const json kim = {{"address", "kim@example.test"}, {"password", kPassword}};
  const ApiAnswer first = keyed.ask("POST", "/accounts", kim);
  const ApiAnswer again = keyed.ask("POST", "/accounts", kim);
  EXPECT_EQ(first.status, 201) << first.octets;
  EXPECT_EQ(again.status, 201) << again.octets;
  EXPECT_EQ(again.octets, first.octets);
  EXPECT_EQ(again.fields.at("etag"), first.fields.at("etag"));
  json other = kim;
  other["address"] = "sue@example.test";
  EXPECT_EQ(keyed.ask("POST", "/accounts", other).status, 409);
  // What was refused may be tried again under the same key.
  const ApiClient second = root_.with("Idempotency-Key", "k2");
  EXPECT_EQ(second.ask("POST", "/accounts", kim).status, 409);
  EXPECT_EQ(root_.ask("DELETE", "/accounts/kim@example.test").status, 204);
  EXPECT_EQ(second.ask("POST", "/accounts", kim).body["type"], "urn:postern:problem:exists");
  EXPECT_EQ(root_.with("Idempotency-Key", std::string(101, 'k')).ask("POST", "/accounts", kim).status, 400);
}

TEST_F(AdminApi, PagesFollowEachOtherToTheEnd) {
  for (int i = 0; i < 7; ++i) create("a" + std::to_string(i) + "@example.test");
  std::vector<std::string> found;
  std::string after;
  while (true) {
    const ApiAnswer page = root_.ask("GET", "/accounts?domain=example.test&limit=3" + after);
    for (const json& item : page.body["items"]) found.push_back(item["address"]);
    if (page.body["next"].is_null()) break;
    after = "&after=" + page.body["next"].get<std::string>();
  }
  EXPECT_EQ(found.size(), 8u);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
  EXPECT_EQ(root_.ask("GET", "/accounts?after=zz").status, 400);
  EXPECT_EQ(root_.ask("GET", "/accounts?limit=501").status, 400);
  EXPECT_EQ(root_.ask("GET", "/accounts?dommain=example.test").status, 400);
}

TEST_F(AdminApi, AFeatureThatIsSwitchedRingsTheBell) {
  int rings = 0;
  const Subscription heard = store_->changes().listen_account(account("joe@example.test"), [&] { ++rings; });
  const ApiAnswer answer =
      root_.ask("PATCH", "/accounts/joe@example.test/features", json{{"mobile_sync", true}});
  EXPECT_EQ(answer.body["mobile_sync"]["enabled"], true);
  EXPECT_EQ(answer.body["mobile_sync"]["from"], "account");
  EXPECT_EQ(answer.body["mobile_sync"]["plan"], false);
  for (int i = 0; i < 500 && rings == 0; ++i) await(sleep(loop_, Milliseconds(10)));
  EXPECT_GT(rings, 0);
  const json event = root_.ask("GET", "/feature-events").body["items"][0];
  EXPECT_EQ(event["of"], "joe@example.test");
  EXPECT_EQ(event["who"], "root");
  EXPECT_EQ(event["after"], true);
}

TEST_F(AdminApi, ALicenceThatIsMissingIsExplained) {
  EXPECT_EQ(root_.ask("PATCH", tenant_path(tenant_), json{{"mobile_sync_max", 0}}).status, 200);
  const ApiAnswer answer =
      root_.ask("PATCH", "/accounts/joe@example.test/features", json{{"mobile_sync", true}});
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body["type"], "urn:postern:problem:licences");
  EXPECT_EQ(root_.ask("GET", tenant_path(tenant_) + "/licences").body["mobile_sync"]["used"], 0);
}

TEST_F(AdminApi, TheAuditKnowsWhoAndFromWhere) {
  const ApiClient ann = administrator("ann", "provider");
  ann.ask("PATCH", "/accounts/joe@example.test", json{{"name", "Joe"}});
  const json entry = audit_of("joe@example.test")[0];
  EXPECT_EQ(entry["who"], "ann");
  EXPECT_EQ(entry["via"], "token");
  EXPECT_EQ(entry["from"], "127.0.0.1");
  EXPECT_EQ(entry["before"]["display_name"], "");
  EXPECT_EQ(entry["after"]["display_name"], "Joe");
  const std::string message = "/queue/" + std::to_string(queued_["example.test"]);
  ann.ask("DELETE", message);
  EXPECT_EQ(audit_of("joe@example.test")[0]["kind"], "queue");
  nobody_.signed_in("ann", kPassword);
  EXPECT_EQ(audit_of("ann")[0]["action"], "sign_in");
}

TEST_F(AdminApi, NothingIsHalfApplied) {
  const json change = {{"name", "Joe"}, {"quota_octets", 0}, {"status", "gone"}};
  const ApiAnswer answer = root_.ask("PATCH", "/accounts/joe@example.test", change);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body["errors"].size(), 2u);
  EXPECT_EQ(root_.ask("GET", "/accounts/joe@example.test").body["name"], "");
}

TEST_F(AdminApi, HostileTextsComeBackAsTexts) {
  const std::string hostile = "<script>alert(1)</script>\"'\xE2\x80\xAE";
  const ApiAnswer answer = root_.ask("PATCH", "/accounts/joe@example.test", json{{"name", hostile}});
  EXPECT_EQ(answer.body["name"], hostile);
  EXPECT_EQ(answer.fields.at("content-type"), "application/json");
  EXPECT_EQ(answer.fields.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.fields.at("cache-control"), "no-store");
  for (const char* path :
       {"/accounts/%00@example.test", "/accounts/%ff", "/accounts/%zz", "/accounts/a%2Fb", "/domains/..",
        "/tenants/-1", "/tenants/99999999999999999999", "/queue/1x", "/accounts//features"}) {
    EXPECT_EQ(root_.ask("GET", path).status, 404) << path;
  }
  const std::string deep(100'000, '[');
  EXPECT_EQ(root_.ask("PATCH", "/accounts/joe@example.test", deep).status, 400);
  EXPECT_EQ(root_.ask("PATCH", "/accounts/joe@example.test", std::string(300'000, ' ')).status, 413);
  EXPECT_EQ(root_.ask("PATCH", "/accounts/joe@example.test", std::string("{\"name\":\"a\\u0000b\"}")).status,
            422);
}

TEST_F(AdminApi, AnotherMethodIsToldWhichThereAre) {
  const ApiAnswer answer = root_.ask("PUT", "/accounts/joe@example.test");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.fields.at("allow"), "GET, PATCH, DELETE");
}

TEST_F(AdminApi, UsageIsExportedAsAWhole) {
  must(await(store_->records().count_usage()));
  const postgres::Rows now =
      sql(postgres::Statement{"this_month", "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM')"},
          postgres::Params());
  const std::string path = "/usage/" + now[0].get<std::string>(0);
  const ApiAnswer whole = root_.ask("GET", path);
  ASSERT_EQ(whole.body["items"].size(), 2u);
  EXPECT_EQ(whole.body["items"][0]["account"], "joe@example.test");
  EXPECT_EQ(whole.body["items"][0]["devices"], 1);
  const ApiAnswer part = root_.ask("GET", path + "?tenant=" + std::to_string(raw(other_tenant_)));
  EXPECT_EQ(part.body["items"].size(), 1u);
  const ApiAnswer csv = root_.with("Accept", "text/csv").ask("GET", path);
  EXPECT_EQ(text::split(csv.octets, '\n').size(), 4u);
  EXPECT_TRUE(csv.octets.starts_with("day,tenant,domain,account,plan,features,octets,messages,devices\r\n"));
}

}  // namespace
}  // namespace postern::tests
