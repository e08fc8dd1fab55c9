// Tenants, plans, tokens, and what is kept of all that is done, by the program with a server of its own.
#include <gtest/gtest.h>

#include "tests/support/command_line_fixture.h"

namespace postern::tests {
namespace {

class Administration : public Demo {
 protected:
  Administration() { EXPECT_EQ(run("demo --detach --output json --port-base 26000").code, 0); }
  Json ask(const std::string& words) { return run(words + " --output json").json(); }
};

TEST_F(Administration, TenantsHaveAMaximumOfMobileSync) {
  EXPECT_EQ(ask("tenant add Acme --mobile-sync-max 1")["mobile_sync_max"], 1);
  EXPECT_EQ(ask("plan set gold --enable mobile_sync --enable imap --quota 1G --recovery-days 30")["quota"],
            1073741824);
  EXPECT_EQ(run("domain add acme.test --tenant Acme --plan gold").code, 0);
  EXPECT_EQ(run("account add a@acme.test --generate").code, 0);
  const Outcome refused = run("account add b@acme.test --generate 2>&1");
  EXPECT_EQ(refused.code, 1) << refused.output;
  EXPECT_EQ(ask("tenant show Acme")["mobile_sync_used"], 1);
  EXPECT_EQ(run("tenant change Acme --mobile-sync-max 5 --no-maximum 2>&1").code, 2);
  EXPECT_TRUE(ask("tenant change Acme --no-maximum --name 'Acme plc'")["mobile_sync_max"].is_null());
  EXPECT_EQ(run("account add b@acme.test --generate").code, 0);
  EXPECT_EQ(run("tenant delete 'Acme plc' 2>&1").code, 1) << "it has a domain";
  EXPECT_EQ(run("plan delete gold 2>&1").code, 1) << "a domain has it";
  EXPECT_EQ(ask("plan set gold --disable mobile_sync")["mobile_sync"], false);
  EXPECT_EQ(ask("plan set gold")["quota"], 1073741824) << "what is not named stays";
  EXPECT_EQ(run("plan set gold --enable telepathy 2>&1").code, 2);

  EXPECT_EQ(ask("feature-event list --feature mobile_sync --tenant 'Acme plc'"), Json::array())
      << "a plan is nobody's";
  EXPECT_EQ(run("feature disable imap acme.test").code, 0);
  EXPECT_EQ(ask("feature-event list --tenant 'Acme plc'").size(), 1u);
  const Json events = ask("feature-event list --feature mobile_sync");
  ASSERT_FALSE(events.empty());
  for (const Json& event : events) EXPECT_EQ(event["feature"], "mobile_sync");
}

TEST_F(Administration, WhatIsDoneStandsInTheAudit) {
  EXPECT_EQ(run("account disable bob@example.test").code, 0);
  const Json entries = ask("audit list --object bob@example.test --limit 1");
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0]["via"], "command line");
  EXPECT_EQ(entries[0]["object"], "bob@example.test");
  EXPECT_EQ(entries[0]["action"], "change");
  EXPECT_EQ(ask("audit list --since 2100-01-01"), Json::array());
  EXPECT_EQ(run("audit list --since yesterday 2>&1").code, 2);
  EXPECT_TRUE(run("audit list --limit 1 --output csv")
                  .output.starts_with("id,at,who,via,from,action,kind,object,before,after\r\n"));
}

TEST_F(Administration, UsageAndTokens) {
  EXPECT_EQ(run("usage export 2020-01 --output csv").output,
            "day,domain,address,plan,features,octets,messages,devices\r\n");
  EXPECT_EQ(ask("usage export 2020-01"), Json::array());
  for (const char* wrong : {"2020", "2020-13", "2020-1", "january"}) {
    EXPECT_EQ(run("usage export " + std::string(wrong) + " 2>&1").code, 2) << wrong;
  }
  EXPECT_EQ(run("administrator add ann --role provider --generate").code, 0);
  EXPECT_EQ(ask("administrator token ann --name backup")["token"].get<std::string>().size(), 64u);
  const Json tokens = ask("token list ann");
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens[0]["name"], "backup");
  EXPECT_FALSE(tokens[0].dump().find("secret") != std::string::npos);
  const std::string remove = "token delete ann " + tokens[0]["token"].dump();
  EXPECT_EQ(run(remove).code, 0);
  EXPECT_EQ(run(remove + " 2>&1").code, 1);
}

TEST_F(Administration, AppPasswordsOpenSomeDoors) {
  const Json made = ask("app-password add alice@example.test --name printer --door submission --door imap");
  EXPECT_EQ(made["doors"], (Json{"imap", "submission"}));
  EXPECT_FALSE(made["password"].get<std::string>().empty());
  const Json listed = ask("app-password list alice@example.test");
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["name"], "printer");
  EXPECT_FALSE(listed[0].contains("password"));
  EXPECT_EQ(run("app-password add alice@example.test --name x --door telepathy 2>&1").code, 2);
  const std::string remove = "app-password delete alice@example.test " + listed[0]["number"].dump();
  EXPECT_EQ(run(remove).code, 0);
  EXPECT_EQ(run(remove + " 2>&1").code, 1);
}

TEST_F(Administration, AccountsAreListedAsAsked) {
  EXPECT_EQ(run("account disable bob@example.test").code, 0);
  const auto addresses = [this](const std::string& words) {
    std::string found;
    for (const Json& one : ask("account list " + words))
      found += one["address"].get<std::string>().substr(0, 1);
    return found;
  };
  EXPECT_EQ(addresses(""), "abc");
  EXPECT_EQ(addresses("example.test"), "abc");
  EXPECT_EQ(addresses("--begins-with a"), "a");
  EXPECT_EQ(addresses("--status disabled"), "b");
  EXPECT_EQ(addresses("--limit 2"), "ab");
  EXPECT_EQ(ask("account list --feature mobile_sync")[0]["features"]["mobile_sync"]["enabled"], true);
  EXPECT_EQ(run("account list nowhere.test 2>&1").code, 1);
  EXPECT_EQ(run("account list --status sleeping 2>&1").code, 2);
}

}  // namespace
}  // namespace postern::tests
