// Who is connected, as the processes tell it: what is listed, for whom, and how a session is ended.
#include <gtest/gtest.h>

#include "tests/support/admin_fixture.h"
#include "tests/support/transcript_client.h"

namespace postern::tests {
namespace {

class AdminSessions : public AdminFixture {
 protected:
  std::unique_ptr<TranscriptClient> imap(const std::string& address) {
    auto client = std::make_unique<TranscriptClient>(gateway_->port(0, "imap", false));
    client->line();
    client->send("a LOGIN " + address + " \"" + kPassword + "\"\r\n");
    EXPECT_TRUE(client->line().value_or("").starts_with("a OK"));
    return client;
  }

  // Once there are so many; an empty list after five seconds.
  json sessions(std::size_t count, const std::string& query = "") {
    json items;
    for (int i = 0; i < 500; ++i) {
      items = root_.ask("GET", "/sessions" + query).body["items"];
      if (items.size() == count) break;
      await(sleep(loop_, Milliseconds(10)));
    }
    EXPECT_EQ(items.size(), count) << items;
    return items;
  }
};

TEST_F(AdminSessions, WhoIsConnectedIsListedWhereItMayBeSeen) {
  const auto joe = imap("joe@example.test");
  joe->send("b ID (\"name\" \"Mailer\" \"version\" \"7\")\r\n");
  joe->line();
  const auto other = imap("joe@other.test");
  const json all = sessions(2);
  EXPECT_EQ(all[0]["account"], "joe@example.test");
  EXPECT_EQ(all[0]["door"], "imap");
  EXPECT_EQ(all[0]["address"], "127.0.0.1");
  EXPECT_EQ(all[0]["node"], "node");
  EXPECT_EQ(all[0]["process"], getpid());
  EXPECT_EQ(all[1]["account"], "joe@other.test");
  EXPECT_EQ(sessions(1, "?door=imap&account=joe@other.test")[0]["id"], all[1]["id"]);
  sessions(0, "?door=pop3");
  const json first = root_.ask("GET", "/sessions?limit=1").body;
  const json second = root_.ask("GET", "/sessions?limit=1&after=" + first["next"].get<std::string>()).body;
  EXPECT_EQ(second["items"][0]["id"], all[1]["id"]);
  EXPECT_TRUE(second["next"].is_null());
  const ApiClient kim = administrator("kim", "help_desk", json{{"domain", "example.test"}});
  EXPECT_EQ(kim.ask("GET", "/sessions").body["items"].size(), 1u);
  EXPECT_EQ(kim.ask("DELETE", "/sessions/" + all[1]["id"].get<std::string>()).status, 404);
  for (int i = 0; i < 500 && sessions(2)[0]["client"] != "Mailer 7"; ++i) {
    await(sleep(loop_, Milliseconds(10)));
  }
  EXPECT_EQ(sessions(2)[0]["client"], "Mailer 7");
}

TEST_F(AdminSessions, OneThatIsEndedSaysGoodbyeAndIsGone) {
  const auto joe = imap("joe@example.test");
  const auto stays = imap("joe@other.test");
  const std::string id = sessions(2)[0]["id"];
  const ApiClient kim = administrator("kim", "help_desk", json{{"domain", "example.test"}});
  EXPECT_EQ(kim.ask("DELETE", "/sessions/" + id).status, 202);
  EXPECT_TRUE(joe->line().value_or("").starts_with("* BYE"));
  EXPECT_EQ(sessions(1)[0]["account"], "joe@other.test");
  EXPECT_EQ(kim.ask("DELETE", "/sessions/" + id).status, 404);
  const json entry = root_.ask("GET", "/audit?object=joe@example.test").body["items"][0];
  EXPECT_EQ(entry["action"], "end");
  EXPECT_EQ(entry["who"], "kim");
  EXPECT_EQ(entry["before"]["door"], "imap");
  stays->send("c NOOP\r\n");
  EXPECT_TRUE(stays->line().value_or("").starts_with("c OK"));
}

TEST_F(AdminSessions, WhatTheDatabaseForgetsIsToldAnew) {
  const auto joe = imap("joe@example.test");
  const std::string before = sessions(1)[0]["id"];
  // As a crash of its server does to tables that are not logged.
  sql(postgres::Statement{"", "TRUNCATE live_workers, live_sessions"}, postgres::Params());
  const json again = sessions(1);
  EXPECT_EQ(again[0]["account"], "joe@example.test");
  EXPECT_NE(again[0]["id"], before);
}

TEST_F(AdminSessions, AProcessThatIsSilentIsNotListed) {
  SessionReport report;
  report.worker = "another";
  report.node = "elsewhere";
  LiveSession session;
  session.number = 7;
  session.account = account("joe@example.test");
  session.address = "192.0.2.1";
  session.since = clock_.now();
  report.begun.push_back(session);
  EXPECT_TRUE(must(await(store_->sessions().report(report))).tell_all);
  EXPECT_EQ(sessions(1)[0]["address"], "192.0.2.1");
  sql(
      postgres::Statement{
          "", "UPDATE live_workers SET seen_at = now() - interval '31 seconds' WHERE name = 'another'"},
      postgres::Params());
  sessions(0);
  report.begun.clear();
  EXPECT_FALSE(must(await(store_->sessions().report(report))).tell_all);
  const std::string id = sessions(1)[0]["id"];
  EXPECT_EQ(root_.ask("DELETE", "/sessions/" + id).status, 202);
  EXPECT_EQ(sessions(1)[0]["ending"], true);
  EXPECT_EQ(must(await(store_->sessions().report(report))).end, std::vector<std::uint64_t>{7});
  report.ended.push_back(7);
  must(await(store_->sessions().report(report)));
  sessions(0);
  must(await(store_->sessions().leave("another")));
}

TEST_F(AdminSessions, NumbersThatAreNoneAreNotFound) {
  for (const char* id : {"1", "1-", "x-1", "1-1-1", "99999999999999999999-1", "1-1"}) {
    EXPECT_EQ(root_.ask("DELETE", std::string("/sessions/") + id).status, 404) << id;
  }
}

}  // namespace
}  // namespace postern::tests
