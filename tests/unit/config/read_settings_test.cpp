// YAML to Settings: what each kind of mistake says and where, the bounds, and the way back.
#include "config/read_settings.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/config/reading.h"

namespace postern {
namespace {

TEST(ReadSettings, NothingMeansDefaults) {
  const std::string defaults = write_settings(Settings{});
  for (const char* yaml : {"", "# words\n", "imap:\n", "imap: {}\n", "imap:\n  idle_timeout_s:\n"}) {
    EXPECT_EQ(write_settings(good(yaml)), defaults) << yaml;
  }
}

TEST(ReadSettings, ReadsEachKindOfValue) {
  const Settings settings = good(
      "server: {hostname: mail.example.org, log_format: json}\n"
      "database: {url: 'postgresql://postern@db/mail', password: 'pass word'}\n"
      "limits:\n  exempt_networks: [10.0.0.0/8, '2001:db8::/32', 192.0.2.7]\n"
      "lmtp: {enabled: false}\n"
      "imap:\n"
      "  endpoints:\n"
      "    - {address: '::', port: 993, tls: implicit, proxy_from: [192.0.2.1]}\n"
      "    - {port: 143}\n"
      "store: {blob_cache_octets: 8589934592}\n");
  EXPECT_EQ(settings.server.hostname, "mail.example.org");
  EXPECT_EQ(settings.server.log_format, "json");
  EXPECT_EQ(settings.database.password.reveal(), "pass word");
  EXPECT_EQ(settings.limits.exempt_networks.size(), 3U);
  EXPECT_FALSE(settings.lmtp.enabled);
  ASSERT_EQ(settings.imap.endpoints.size(), 2U);
  EXPECT_EQ(settings.imap.endpoints[0].address, "::");
  EXPECT_EQ(settings.imap.endpoints[0].proxy_from, std::vector<std::string>{"192.0.2.1"});
  EXPECT_EQ(settings.imap.endpoints[1].port, 143);
  EXPECT_EQ(settings.imap.endpoints[1].tls, "none");
  EXPECT_EQ(settings.store.blob_cache_octets, 8589934592U);
  EXPECT_EQ(settings.pop3.endpoints.size(), 2U);
}

TEST(ReadSettings, TellsEachMistakeAndItsPlace) {
  struct Case {
    const char* yaml;
    const char* says;
  };
  const Case cases[] = {
      {"imapp: {}\n", "t.yaml:1:1: unknown key \"imapp\"; did you mean \"imap\"?"},
      {"imap:\n  endpoints:\n    - prot: 143\n      port: 143\n",
       "t.yaml:3:7: unknown key \"prot\"; did you mean \"port\"?"},
      {"tls:\n  zzzzzzzz: 1\n", "t.yaml:2:3: unknown key \"zzzzzzzz\"; known here: certificates"},
      {"pop3:\n  idle_timeout_s: 1\n  idle_timeout_s: 2\n",
       "t.yaml:3:3: \"idle_timeout_s\" stands here twice"},
      {"pop3:\n  enabled: yes\n", "t.yaml:2:12: enabled: expected true or false, not \"yes\""},
      {"store:\n  batch_max: many\n",
       "t.yaml:2:14: batch_max: expected a number from 1 to 1000, not \"many\""},
      {"store: {batch_max: -1}\n", "t.yaml:1:20: batch_max: expected a number from 1 to 1000, not \"-1\""},
      {"store: {batch_max: [1]}\n", "t.yaml:1:20: batch_max expects one value"},
      {"imap: 5\n", "t.yaml:1:7: expected \"key: value\" lines here"},
      {"imap: {endpoints: 143}\n", "t.yaml:1:19: expected a list here, one \"- \" for each"},
      {"imap: {endpoints: [143]}\n", "t.yaml:1:20: expected \"key: value\" lines here"},
      {"imap: {endpoints: [{tls: none}]}\n", "t.yaml:1:20: port is missing"},
      {"imap: {endpoints: [{port: 1, tls: startls}]}\n",
       "t.yaml:1:35: tls: expected one of none, starttls, implicit, not \"startls\"; did you mean "
       "\"starttls\"?"},
      {"imap: {endpoints: [{port: 1, address: localhost}]}\n",
       "t.yaml:1:39: address: expected an address such as 127.0.0.1 or ::, not \"localhost\""},
      {"login: {plaintext_networks: [10.0.0.0/33]}\n",
       "t.yaml:1:30: plaintext_networks: expected a network such as 192.0.2.0/24, 2001:db8::/32 or a single "
       "address, not \"10.0.0.0/33\""},
      {"server: {data_directory: data}\n",
       "t.yaml:1:26: data_directory: expected a path that begins with \"/\", not \"data\""},
      {"server: {hostname: 'mail example'}\n",
       "t.yaml:1:20: hostname: expected a host name such as mail.example.org, not \"mail example\""},
      {"server: {user: 'a b'}\n", "t.yaml:1:16: user: expected the name of a system user, not \"a b\""},
      {"lmtp: {recipient_delimiter: ab}\n",
       "t.yaml:1:29: recipient_delimiter: expected nothing or one of +-_=#~!$%&*, not \"ab\""},
      {"database: {url: \"a\\nb\"}\n",
       "t.yaml:1:17: url: expected text on one line without control characters"},
      {"tls: {certificates: [{}]}\n", "t.yaml:1:22: certificate_file is missing"},
      {"tls: {certificates: [{certificate_file: /none.pem, key_file: key.pem}]}\n",
       "t.yaml:1:41: certificate_file: \"/none.pem\" cannot be read: No such file or directory"},
      {"tls: {certificates: [{server_names: [_]}]}\n",
       "t.yaml:1:38: server_names: expected a host name such as mail.example.org or *.example.org, not "
       "\"_\""},
      {"- imap\n", "t.yaml:1:1: expected sections such as \"imap:\" here"},
      {"imap\n", "t.yaml:1:1: expected sections such as \"imap:\" here"},
      {"imap: *x\n", "t.yaml:1:7: the referenced anchor is not defined"},
      {"imap: [\n", "t.yaml:2:1: end of sequence flow not found"},
      {"pop3: {endpoints: [{port: 143}]}\n",
       "t.yaml: imap listens at 0.0.0.0 port 143, where pop3 does already"},
  };
  for (const Case& one : cases) {
    const auto texts = bad(one.yaml);
    EXPECT_NE(std::find(texts.begin(), texts.end(), one.says), texts.end())
        << one.yaml << (texts.empty() ? "was accepted" : texts.front());
  }
}

TEST(ReadSettings, TellsAllMistakesAtOnceInOrder) {
  const auto texts =
      bad("store: {batch_max: 0}\n"
          "imap: {idle_timeout: 5}\n"
          "server: {log_level: loud, workers: 257}\n"
          "lmpt: {}\n");
  ASSERT_EQ(texts.size(), 5U);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const char* places[] = {"t.yaml:1:20:", "t.yaml:2:8:", "t.yaml:3:21:", "t.yaml:3:36:", "t.yaml:4:1:"};
    EXPECT_EQ(texts[i].rfind(places[i], 0), 0U) << texts[i];
  }
}

TEST(ReadSettings, MistakesAreBounded) {
  std::string yaml;
  for (int i = 0; i < 1000; ++i) yaml += "unknown" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(bad(yaml).size(), 100U);
}

TEST(ReadSettings, NumbersHoldAtTheirBounds) {
  EXPECT_EQ(good("imap: {endpoints: [{port: 65535}]}").imap.endpoints[0].port, 65535);
  EXPECT_EQ(bad("imap: {endpoints: [{port: 65536}]}").size(), 1U);
  EXPECT_EQ(bad("imap: {endpoints: [{port: 0}]}").size(), 1U);
  EXPECT_EQ(good("login: {yescrypt_cost: 8}").login.yescrypt_cost, 8U);
  EXPECT_EQ(bad("login: {yescrypt_cost: 9}").size(), 1U);
  EXPECT_EQ(good("lmtp: {message_octets_max: 2147483647}").lmtp.message_octets_max, 2147483647U);
  EXPECT_EQ(bad("lmtp: {message_octets_max: 2147483648}").size(), 1U);
  EXPECT_EQ(bad("lmtp: {message_octets_max: 99999999999999999999}").size(), 1U);
}

TEST(ReadSettings, ListsHoldAtTheirBounds) {
  const auto networks = [](int count) {
    std::string yaml = "limits:\n  exempt_networks:\n";
    for (int i = 0; i < count; ++i) yaml += "    - 192.0.2.1\n";
    return yaml;
  };
  EXPECT_EQ(good(networks(1000)).limits.exempt_networks.size(), 1000U);
  EXPECT_EQ(bad(networks(1001)).size(), 1U);
}

TEST(ReadSettings, EveryNumberHasUsefulBounds) {
  // A default outside its own bounds would be refused when it is written down.
  EXPECT_EQ(write_settings(good(write_settings(Settings{}))), write_settings(Settings{}));
}

TEST(WriteSettings, ReadsBackToTheSame) {
  Settings settings;
  settings.server.hostname = "mail.example.org";
  settings.database.url = "host='a b' application_name=\\\"x\\\\";
  settings.database.password = Secret("hunter2");
  settings.imap.endpoints = {{"::1", 1143, "starttls", {"192.0.2.0/24", "::1"}},
                             {"0.0.0.0", 993, "implicit", {}}};
  settings.pop3.enabled = false;
  settings.pop3.endpoints.clear();
  settings.limits.exempt_networks.clear();
  const std::string yaml = write_settings(settings);
  EXPECT_EQ(yaml.find("hunter2"), std::string::npos);
  const Settings again = good(yaml);
  EXPECT_EQ(again.database.url, settings.database.url);
  EXPECT_EQ(again.imap.endpoints[0].proxy_from, settings.imap.endpoints[0].proxy_from);
  EXPECT_EQ(write_settings(again), yaml);
}

}  // namespace
}  // namespace postern
