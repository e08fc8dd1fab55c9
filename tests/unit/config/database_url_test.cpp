// Connection strings without their passwords, suggestions for misspelt words, and text checks: tables.
#include "config/database_url.h"

#include <gtest/gtest.h>

#include "config/nearest.h"
#include "config/value_checks.h"

namespace postern {
namespace {

TEST(DatabaseUrl, PasswordsGoAndTheRestStays) {
  const char* cases[][2] = {
      {"", ""},
      {"postgresql://db/mail", "postgresql://db/mail"},
      {"postgresql://joe@db/mail", "postgresql://joe@db/mail"},
      {"postgresql://joe:p%40ss@db:5432/mail", "postgresql://joe@db:5432/mail"},
      {"postgres://joe:a@b@db1,db2/mail?sslmode=require", "postgres://joe@db1,db2/mail?sslmode=require"},
      {"postgresql://db/mail?password=x", "postgresql://db/mail"},
      {"postgresql://db/mail?a=1&password=x&b=2", "postgresql://db/mail?a=1&b=2"},
      {"postgresql:///mail?host=/run/a:b@c", "postgresql:///mail?host=/run/a:b@c"},
      {"postgresql://", "postgresql://"},
      {"host=db dbname=mail", "host=db dbname=mail"},
      {"host=db password=x dbname=mail", "host=db dbname=mail"},
      {"password = 'a b\\' c' host=db", "host=db"},
      {"password=a\\ b host=db", "host=db"},
      {"host='password=x'", "host='password=x'"},
      {"password='open", ""},
      {"password", ""},
      {"host", "host"},
  };
  for (const auto& [url, shown] : cases) EXPECT_EQ(without_password(url), shown) << url;
}

TEST(Nearest, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("port", "port"), 0U);
  EXPECT_EQ(edit_distance("prot", "port"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> known = {"idle_timeout_s", "endpoints", "tls"};
  EXPECT_EQ(nearest("idle_timeout", known), "idle_timeout_s");
  EXPECT_EQ(nearest("endpoint", known), "endpoints");
  EXPECT_EQ(nearest("tsl", known), "tls");
  EXPECT_FALSE(nearest("colour", known));
  EXPECT_FALSE(nearest(std::string(100000, 'e'), known));
}

struct Check {
  TextCheck check;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

TEST(ValueChecks, Tables) {
  const std::string label(63, 'a');
  const Check checks[] = {
      {check_host_name,
       {"", "a", "mail.example.org", "xn--bcher-kva.example", label + ".org"},
       {"-a", "a-", "a..b", "a_b", "a.", label + "a.org", std::string(254, 'a')}},
      {check_server_name, {"a", "*.example.org"}, {"", "*", "*.", "a.*.org"}},
      {check_absolute_path, {"/", "/var/lib"}, {"", "a/b", "/a\nb"}},
      {check_user_name, {"", "postern", "mail-1"}, {"a b", "a:b", std::string(33, 'a')}},
      {check_address, {"0.0.0.0", "::", "2001:db8::1"}, {"", "1.2.3", "1.2.3.256", "localhost", "::1%eth0"}},
      {check_network,
       {"10.0.0.0/8", "10.1.2.3", "::/0", "::1/128", "0.0.0.0/0"},
       {"", "/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1"}},
      {check_delimiter, {"", "+", "-"}, {"++", "@", "a", " "}},
      {check_any, {"", "a b"}, {"a\nb", std::string("\0", 1), std::string(4097, 'a')}},
  };
  for (const Check& one : checks) {
    for (const std::string& value : one.good) EXPECT_EQ(one.check(value), "") << value;
    for (const std::string& value : one.bad) EXPECT_NE(one.check(value), "") << value;
  }
}

}  // namespace
}  // namespace postern
