// Connection strings taken apart, and what is added to them.
#include "storage/postgres/conninfo.h"

#include <gtest/gtest.h>

#include <map>

namespace postern::postgres {
namespace {

std::map<std::string, std::string> words(const Conninfo& info, const DatabaseHost& host) {
  const Conninfo::Words list = info.words(host, "-c more=1");
  return {list.begin(), list.end()};
}

TEST(Conninfo, SeveralHostsEachWithItsPort) {
  const auto info = Conninfo::parse(
      "postgresql://joe:pw@db1.example:5433,db2.example,[::1]:7/mail?target_session_attrs=any",
      DatabaseSettings());
  ASSERT_TRUE(info) << info.error().detail;
  ASSERT_EQ(info->hosts().size(), 3U);
  EXPECT_EQ(info->hosts()[0].host, "db1.example");
  EXPECT_EQ(info->hosts()[0].port, "5433");
  EXPECT_EQ(info->hosts()[2].host, "::1");
  EXPECT_TRUE(info->hosts()[0].needs_resolving());
  DatabaseHost host = info->hosts()[0];
  host.address = "192.0.2.7";
  auto all = words(*info, host);
  EXPECT_EQ(all["host"], "db1.example");
  EXPECT_EQ(all["hostaddr"], "192.0.2.7");
  EXPECT_EQ(all["user"], "joe");
  EXPECT_EQ(all["dbname"], "mail");
  EXPECT_EQ(all["target_session_attrs"], "any");
}

TEST(Conninfo, OnePortForAllAndWritableServersByDefault) {
  const auto info = Conninfo::parse("host=a,b port=6000 user=x", DatabaseSettings());
  ASSERT_TRUE(info) << info.error().detail;
  ASSERT_EQ(info->hosts().size(), 2U);
  EXPECT_EQ(info->hosts()[1].port, "6000");
  EXPECT_EQ(words(*info, info->hosts()[1])["target_session_attrs"], "read-write");
}

TEST(Conninfo, LimitsOnBothSidesOfTheWire) {
  DatabaseSettings settings;
  settings.network_timeout_s = 4;
  settings.statement_timeout_s = 30;
  settings.lock_timeout_s = 7;
  settings.password = Secret("hidden");
  const auto info = Conninfo::parse("hostaddr=192.0.2.1 options='-c jit=off'", settings);
  ASSERT_TRUE(info) << info.error().detail;
  EXPECT_FALSE(info->hosts()[0].needs_resolving());
  auto all = words(*info, info->hosts()[0]);
  EXPECT_EQ(all["tcp_user_timeout"], "4000");
  EXPECT_EQ(all["keepalives_idle"], "4");
  EXPECT_EQ(all["password"], "hidden");
  EXPECT_EQ(all["application_name"], "postern");
  EXPECT_EQ(all["client_encoding"], "UTF8");
  const std::string& options = all["options"];
  for (const char* part :
       {"-c statement_timeout=30000", "-c lock_timeout=7000", "-c idle_in_transaction_session_timeout=8000",
        "-c client_connection_check_interval=4000", "-c tcp_user_timeout=4000", "-c tcp_keepalives_idle=4",
        "-c more=1", "-c jit=off"}) {
    EXPECT_NE(options.find(part), std::string::npos) << part;
  }
  EXPECT_GT(options.find("-c jit=off"), options.find("-c lock_timeout"));
}

TEST(Conninfo, AUnixSocketNeedsNoResolvingAndNoTcpSettings) {
  const auto info = Conninfo::parse("host=/run/x,db.example", DatabaseSettings());
  ASSERT_TRUE(info) << info.error().detail;
  EXPECT_FALSE(info->hosts()[0].needs_resolving());
  EXPECT_TRUE(info->hosts()[0].is_unix_socket());
  EXPECT_EQ(words(*info, info->hosts()[0])["options"].find("tcp_"), std::string::npos);
  EXPECT_TRUE(info->hosts()[1].needs_resolving());
}

TEST(Conninfo, WhatCannotBeMeantIsInvalid) {
  for (const char* wrong : {"no such = 'thing", "nonsense=1", "postgresql://[::1",
                            "host=a,b hostaddr=192.0.2.1", "host=a,b,c port=1,2"}) {
    const auto info = Conninfo::parse(wrong, DatabaseSettings());
    ASSERT_FALSE(info) << wrong;
    EXPECT_EQ(info.error().kind, ErrorKind::invalid) << wrong;
  }
}

}  // namespace
}  // namespace postern::postgres
