// Deleted mail by the API: who finds what, how it comes back page by page, and what the audit says of it; and
// what domains say about room and devices.
#include <gtest/gtest.h>

#include "tests/support/admin_fixture.h"

namespace postern::tests {
namespace {

constexpr const char* kJoe = "/accounts/joe@example.test";

class AdminRecovery : public AdminFixture {
 protected:
  void SetUp() override {
    AdminFixture::SetUp();
    joe_ = account("joe@example.test");
    help_ = administrator("kim", "help_desk", json{{"domain", "example.test"}});
  }

  json removed(const std::string& query = "") {
    const ApiAnswer answer = help_.ask("GET", std::string(kJoe) + "/removed-messages" + query);
    EXPECT_EQ(answer.status, 200) << answer.octets;
    return answer.body;
  }
  std::vector<std::string> subjects(const std::string& query = "") {
    std::vector<std::string> all;
    const json page = removed(query);
    for (const json& one : page["items"]) all.push_back(one["subject"]);
    return all;
  }
  ApiAnswer restore(const json& what) {
    return help_.ask("POST", std::string(kJoe) + "/restored-messages", what);
  }
  std::uint32_t messages_in(const std::string& mailbox) {
    return must(await(store_->mailboxes().find(joe_, name(mailbox)))).status.messages;
  }
  json audit_of(const std::string& object) {
    return root_.ask("GET", "/audit?object=" + object).body["items"];
  }

  AccountId joe_{};
  ApiClient help_;
};

TEST_F(AdminRecovery, WhatIsFoundSaysWhoTookItAway) {
  add_removed(joe_, "by himself");
  add_removed(joe_, "by his phone", Removal(Door::mobile_sync, "PHONE1"));
  EXPECT_EQ(subjects(), (std::vector<std::string>{"by his phone", "by himself"}));
  EXPECT_EQ(subjects("?door=mobile_sync"), std::vector<std::string>{"by his phone"});
  EXPECT_EQ(subjects("?by=PHONE1&sender=BOB&mailbox=INBOX"), std::vector<std::string>{"by his phone"});
  EXPECT_TRUE(subjects("?until=2026-01-01T00:00:00Z").empty());
  const json one = removed("?subject=himself")["items"][0];
  EXPECT_EQ(one["by"], "joe@example.test");
  EXPECT_EQ(one["mailbox"], "INBOX");
  const std::string id = one["id"];
  const ApiAnswer header = help_.ask("GET", std::string(kJoe) + "/removed-messages/" + id + "/header");
  EXPECT_NE(header.body["header"].get<std::string>().find("Subject: by himself\r\n"), std::string::npos);
  EXPECT_EQ(header.octets.find("Hello."), std::string::npos);  // its body
}

TEST_F(AdminRecovery, WhatCannotBeAskedIsRefused) {
  for (const char* query : {"?door=smtp", "?since=yesterday", "?after=zz", "?after=7a7a",
                            "?mailbox=", "?limit=501", "?sendr=bob"}) {
    EXPECT_EQ(help_.ask("GET", std::string(kJoe) + "/removed-messages" + query).status, 400) << query;
  }
  const json too_many = std::vector<std::string>(257, "1-1-1");
  for (const json& what : std::vector<json>{json::object(),
                                            {{"messages", {"x"}}},
                                            {{"messages", too_many}},
                                            {{"messages", {"1-1-1"}}, {"matching", json::object()}},
                                            {{"messages", {"1-1-1"}}, {"after", "00"}},
                                            {{"matching", {{"door", "smtp"}}}},
                                            {{"matching", {{"subjct", "x"}}}},
                                            {{"matching", json::object()}, {"after", "7a7a"}},
                                            {{"messages", {"1-1-1"}}, {"to", "elsewhere"}},
                                            {{"messages", {"1-1-1"}}, {"mailbox", ""}}}) {
    EXPECT_EQ(restore(what).status, 422) << what;
  }
  EXPECT_EQ(restore(json{{"messages", {"1-1-1"}}}).body["gone"], 1);
}

TEST_F(AdminRecovery, NobodysMessageIsFoundInAnotherAccount) {
  const AccountId other = account("joe@other.test");
  add_removed(other, "not theirs");
  const json theirs = root_.ask("GET", "/accounts/joe@other.test/removed-messages").body["items"][0];
  const std::string id = theirs["id"];
  EXPECT_EQ(help_.ask("GET", std::string(kJoe) + "/removed-messages/" + id + "/header").status, 404);
  EXPECT_EQ(restore(json{{"messages", {id}}}).body["restored"], 0);
  EXPECT_EQ(help_.ask("GET", "/accounts/joe@other.test/removed-messages").status, 404);
}

TEST_F(AdminRecovery, MuchComesBackPageByPage) {
  for (int i = 0; i < 5; ++i) add_removed(joe_, "no " + std::to_string(i));
  add_message(joe_, "stays");
  const json first = removed("?limit=2");
  ASSERT_EQ(first["items"].size(), 2u);
  const json rest = removed("?limit=50&after=" + first["next"].get<std::string>());
  EXPECT_EQ(rest["items"].size(), 3u);
  EXPECT_TRUE(rest["next"].is_null());
  const ApiAnswer answer = restore(json{{"matching", {{"subject", "no "}}}, {"to", "dated"}});
  EXPECT_EQ(answer.body["restored"], 5);
  EXPECT_TRUE(answer.body["next"].is_null());
  EXPECT_EQ(messages_in("INBOX"), 1u);
  EXPECT_TRUE(removed()["items"].empty());
}

TEST_F(AdminRecovery, TheAuditSaysWhoBroughtWhatBack) {
  add_removed(joe_, "one");
  add_removed(joe_, "two");
  EXPECT_EQ(restore(json{{"matching", json::object()}, {"mailbox", "Found again"}}).body["restored"], 2);
  EXPECT_EQ(restore(json{{"matching", json::object()}}).body["restored"], 0);  // nothing is nothing to tell
  add_removed_folder(joe_, "Old");
  const json folder = help_.ask("GET", std::string(kJoe) + "/removed-folders").body["items"][0];
  EXPECT_EQ(help_.ask("POST", std::string(kJoe) + "/restored-folders", json{{"folder", folder["id"]}}).status,
            200);
  EXPECT_EQ(help_.ask("POST", std::string(kJoe) + "/restored-folders", json{{"folder", folder["id"]}}).status,
            422);
  const json entries = audit_of("joe@example.test");
  EXPECT_EQ(entries[0]["object"], "joe@example.test/Old");
  EXPECT_EQ(entries[0]["after"]["whole"], true);
  EXPECT_EQ(entries[1]["object"], "joe@example.test/Found again");
  EXPECT_EQ(entries[1]["action"], "restore");
  EXPECT_EQ(entries[1]["kind"], "mailbox");
  EXPECT_EQ(entries[1]["who"], "kim");
  EXPECT_EQ(entries[1]["via"], "token");
  EXPECT_EQ(entries[1]["from"], "127.0.0.1");
  EXPECT_EQ(entries[1]["domain"], "example.test");
  EXPECT_EQ(entries[1]["after"]["messages"], 2);
  EXPECT_EQ(entries[1]["after"]["deleted_from"], "INBOX");
  EXPECT_NE(entries[2]["action"], "restore");
}

TEST_F(AdminRecovery, ADeletedAccountComesBackWholeBeforeItsMail) {
  add_removed(joe_, "lost");
  EXPECT_EQ(root_.ask("DELETE", kJoe).status, 204);
  EXPECT_EQ(restore(json{{"matching", json::object()}}).status, 404);
  const json deleted = help_.ask("GET", "/domains/example.test/deleted-accounts").body["items"];
  ASSERT_EQ(deleted.size(), 1u);
  EXPECT_EQ(deleted[0]["address"], "joe@example.test");
  EXPECT_EQ(deleted[0]["by"], "root");
  const auto bring_back = [&](const std::string& address) {
    return help_.ask("POST", "/domains/example.test/restored-accounts", json{{"account", address}});
  };
  EXPECT_EQ(bring_back("joe@other.test").status, 422);
  EXPECT_EQ(bring_back("joe@example.test").body["status"], "active");
  const json entry = audit_of("joe@example.test")[0];
  EXPECT_EQ(entry["who"], "kim");
  EXPECT_EQ(entry["before"]["status"], "deleted");
  EXPECT_EQ(restore(json{{"matching", json::object()}}).body["restored"], 1);
}

TEST_F(AdminRecovery, APoolIsNotForTheDomainToEnlarge) {
  const ApiClient ann = administrator("ann", "domain_admin", json{{"domain", "example.test"}});
  const std::string path = "/domains/example.test/quota";
  EXPECT_EQ(ann.ask("PATCH", path, json{{"pool_octets", nullptr}}).status, 403);
  EXPECT_EQ(ann.ask("PATCH", path, json{{"when_full", "reject"}}).body["when_full"], "reject");
  EXPECT_EQ(root_.ask("PATCH", path, json{{"pool_octets", 5000}}).body["pool_octets"], 5000);
  EXPECT_EQ(root_.ask("PATCH", path, json{{"pool_octets", 0}}).status, 422);
  EXPECT_EQ(root_.ask("PATCH", path, json{{"administrator", "nobody"}}).status, 422);
  const json entry = audit_of("example.test")[0];
  EXPECT_EQ(entry["kind"], "quota");
  EXPECT_EQ(entry["after"], (json{{"pool_octets", 5000}}));
  const json words = {{"subject", "Full"}, {"text", "Dear {address},\nit is full."}};
  EXPECT_EQ(ann.ask("PUT", "/domains/example.test/quota-notices/100", words).body["usual"], false);
  EXPECT_EQ(ann.ask("PUT", "/domains/example.test/quota-notices/99", words).status, 404);
  json too_long = words;
  too_long["text"] = std::string(kNoticeTextOctetsMax + 1, 'x');
  EXPECT_EQ(ann.ask("PUT", "/domains/example.test/quota-notices/100", too_long).status, 422);
  EXPECT_EQ(audit_of("example.test")[0]["object"], "example.test/100");
}

TEST_F(AdminRecovery, DaysOfTrashAndJunkAtTheirBounds) {
  const std::string path = "/domains/example.test/retention";
  EXPECT_EQ(root_.ask("PATCH", path, json{{"trash_days", 3650}, {"junk_days", 0}}).body["junk_days"], 0);
  EXPECT_EQ(root_.ask("PATCH", path, json{{"trash_days", 3651}}).status, 422);
  EXPECT_EQ(root_.ask("PATCH", path, json{{"junk_days", nullptr}}).body["trash_days"], 3650);
  const json entry = audit_of("example.test")[0];
  EXPECT_EQ(entry["kind"], "retention");
  EXPECT_EQ(entry["before"], (json{{"junk_days", 0}}));
  EXPECT_EQ(root_.ask("PATCH", "/plans/standard/retention", json{{"trash_days", 30}}).status, 200);
  EXPECT_EQ(audit_of("standard")[0]["after"]["trash_days"], 30);
}

TEST_F(AdminRecovery, ARuleForAllDomainsIsNotOneDomainsAffair) {
  const ApiClient ann = administrator("ann", "domain_admin", json{{"domain", "example.test"}});
  const std::string path = "/domains/example.test/device-rules";
  const json rule = {{"pattern", "*"}, {"access", "quarantined"}};
  json everywhere = rule;
  everywhere["everywhere"] = true;
  EXPECT_EQ(ann.ask("POST", path, everywhere).status, 403);
  const ApiAnswer wide = root_.ask("POST", path, everywhere);
  ASSERT_EQ(wide.status, 201) << wide.octets;
  const ApiAnswer own = ann.ask("POST", path, rule);
  ASSERT_EQ(own.status, 201) << own.octets;
  const json listed = ann.ask("GET", path).body["items"];
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0]["id"], own.body["id"]);  // its own come first
  EXPECT_EQ(ann.ask("DELETE", path + "/" + wide.body["id"].dump()).status, 403);
  EXPECT_EQ(ann.ask("DELETE", path + "/" + own.body["id"].dump()).status, 204);
  EXPECT_EQ(root_.ask("DELETE", "/domains/other.test/device-rules/" + wide.body["id"].dump()).status, 404);
  EXPECT_EQ(audit_of("example.test")[0]["before"]["access"], "quarantined");
  const json phone = root_.ask("GET", std::string(kJoe) + "/devices/PHONE1").body;
  EXPECT_EQ(phone["access"], "quarantined");
  EXPECT_EQ(phone["access_from"], "rule");
}

TEST_F(AdminRecovery, TheAuditNamesTheScopesOfAToken) {
  with_token("kim", {"recovery:read", "directory:read"});
  EXPECT_EQ(audit_of("kim")[0]["after"]["scopes"], (json{"directory:read", "recovery:read"}));
}

}  // namespace
}  // namespace postern::tests
