// The program as an administrator meets it: its exit codes, what it prints, a demo from nothing to its end.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "gateway/base/text.h"
#include "tests/support/command_line_fixture.h"

namespace postern::tests {
namespace {

TEST(Usage, HelpTeachesAndMistakesAreUsageErrors) {
  const Outcome help = postern("--help");
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.output.find("Exit codes"), std::string::npos);
  EXPECT_EQ(help.output.find("worker"), std::string::npos) << "what only the supervisor starts is not shown";
  for (const char* noun : {"domain", "account", "alias", "feature", "device", "device-rule", "policy"}) {
    const Outcome of_noun = postern(std::string(noun) + " --help");
    EXPECT_EQ(of_noun.code, 0);
    EXPECT_NE(of_noun.output.find("Examples:"), std::string::npos) << noun;
  }
  EXPECT_EQ(postern("--version").code, 0);
  for (const char* wrong :
       {"", "nonsense", "domain", "domain add", "account add", "--output xml doctor",
        "feature enable telepathy a@b.test", "domain catch-all example.test",
        "account add a@b.test --generate --password-stdin", "account quota a@b.test --octets lots"}) {
    EXPECT_EQ(postern(std::string(wrong) + " 2>&1").code, 2) << wrong;
  }
}

TEST(Configuration, MistakesAreCodeThree) {
  EXPECT_EQ(postern("check-config --config /nonexistent/postern.yaml 2>&1").code, 3);
  EXPECT_EQ(postern("domain list --config /nonexistent/postern.yaml 2>&1").code, 3);
}

// A phone's FolderSync at a gateway of this machine; returns the status line.
std::string phone_asks(int port, const std::string& user, const std::string& password) {
  const std::string body("\x03\x01\x6A\x00\x00\x07\x56\x52\x03\x30\x00\x01\x01", 13);  // SyncKey 0
  const std::string request =
      "POST /Microsoft-Server-ActiveSync?Cmd=FolderSync&User=x&DeviceId=phone1&DeviceType=Test HTTP/1.1\r\n"
      "Host: localhost\r\nConnection: close\r\nMS-ASProtocolVersion: 14.1\r\nAuthorization: Basic " +
      text::base64(user + ':' + password) +
      "\r\nContent-Type: application/vnd.ms-sync.wbxml\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  const int phone = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(phone, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::send(phone, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::recv(phone, buffer.data(), buffer.size(), 0)) > 0;) {
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  ::close(phone);
  return answer.substr(0, answer.find('\r'));
}

TEST_F(Demo, FromNothingToItsEnd) {
  const std::string start = "demo --detach --output json --port-base 24000";
  const Outcome first = run(start);
  ASSERT_EQ(first.code, 0) << std::ifstream(directory_ + "/postern.log").rdbuf();
  const Json demo = first.json();
  ASSERT_TRUE(demo.is_object()) << first.output;
  EXPECT_EQ(demo["ports"]["imaps"], 24993);
  EXPECT_EQ(demo["accounts"].size(), 3u);
  EXPECT_EQ(demo["data_dir"], directory_);
  EXPECT_EQ(run(start).json(), demo) << "a second start tells of the first";

  const Json accounts = run("account list example.test --output json").json();
  ASSERT_EQ(accounts.size(), 3u);
  EXPECT_GT(accounts[0]["messages"], 0);
  EXPECT_EQ(accounts[0]["features"]["mobile_sync"]["enabled"], true);
  EXPECT_EQ(accounts[1]["features"]["mobile_sync"]["from"], "account");
  const std::uint64_t left =
      accounts[2]["quota"].get<std::uint64_t>() - accounts[2]["used"].get<std::uint64_t>();
  EXPECT_GT(left, 0u);
  EXPECT_LT(left, 16384u);

  EXPECT_EQ(run("account add dave@example.test --password-stdin", "correct horse").code, 0);
  EXPECT_EQ(run("account add dave@example.test --generate 2>&1").code, 1) << "taken";
  EXPECT_EQ(run("account password dave@example.test --password-stdin 2>&1", "short").code, 1);
  EXPECT_EQ(
      run("account quota dave@example.test --octets 5M --messages 10 --output json").json()["octets_max"],
      5242880);
  const std::string hash = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.pIKrLVkBX9/OvQMSygY1pWEVn72t6na";
  EXPECT_EQ(run("account add erin@example.test --hash-stdin", hash).code, 0);
  EXPECT_EQ(run("account password erin@example.test --hash-stdin 2>&1", "not a hash").code, 1);
  EXPECT_EQ(run("alias add team@example.test dave@example.test alice@example.test").code, 0);
  EXPECT_EQ(run("alias list example.test --output json").json()[0]["targets"].size(), 2u);
  EXPECT_EQ(run("feature disable pop3 dave@example.test").code, 0);
  EXPECT_EQ(run("feature list dave@example.test --output json").json()[0]["enabled"], false);
  const Json& alice = demo["accounts"][0];
  EXPECT_EQ(phone_asks(24080, alice["address"], alice["password"]), "HTTP/1.1 200 OK");
  const auto phone = [this] { return run("device show alice@example.test phone1 --output json").json(); };
  EXPECT_EQ(run("device list alice@example.test --output json").json()[0]["device"], "phone1");
  EXPECT_EQ(phone()["access_from"], "default");
  EXPECT_EQ(phone()["policy"], "none");
  for (const auto& [verb, access] : {std::pair("block", "blocked"), std::pair("quarantine", "quarantined"),
                                     std::pair("allow", "allowed")}) {
    EXPECT_EQ(run(std::string("device ") + verb + " alice@example.test phone1").code, 0);
    EXPECT_EQ(phone()["access"], access);
    EXPECT_EQ(phone()["access_from"], "administrator");
  }
  EXPECT_EQ(run("device reset alice@example.test phone1").code, 0);
  EXPECT_EQ(run("device trace --minutes 5 alice@example.test phone1").code, 0);
  EXPECT_TRUE(phone()["traced_until"].is_string());
  EXPECT_EQ(run("device trace --minutes 0 alice@example.test phone1").code, 0);
  EXPECT_TRUE(phone()["traced_until"].is_null());
  EXPECT_EQ(run("device wipe alice@example.test phone1").code, 0);
  EXPECT_EQ(phone()["wipe"], "requested");
  EXPECT_EQ(phone()["wipe_of"], "account");
  EXPECT_EQ(run("device wipe --take-back alice@example.test phone1").code, 0);
  EXPECT_EQ(phone()["wipe"], "none");
  EXPECT_EQ(run("device remove alice@example.test phone1").code, 0);
  EXPECT_EQ(run("device show alice@example.test phone1 2>&1").code, 1);
  EXPECT_EQ(run("device list dave@example.test --output json").json(), Json::array());
  EXPECT_EQ(run("device block dave@example.test phone1 2>&1").code, 1) << "no such device";
  EXPECT_EQ(run("device wipe --everything --take-back dave@example.test phone1 2>&1").code, 2);
  EXPECT_EQ(run("device-rule add example.test blocked agent 'Bad/*' --everywhere").code, 0);
  EXPECT_EQ(run("device-rule add example.test quarantined").code, 0);
  EXPECT_EQ(run("device-rule add example.test maybe 2>&1").code, 2);
  const Json rules = run("device-rule list example.test --output json").json();
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0]["pattern"], "*") << "the domain's come first";
  EXPECT_EQ(rules[1]["field"], "agent");
  const std::string delete_rule = "device-rule delete example.test " + rules[0]["rule"].dump();
  EXPECT_EQ(run(delete_rule).code, 0);
  EXPECT_EQ(run(delete_rule + " 2>&1").code, 1);
  EXPECT_EQ(run("policy set example.test lock_after_s=300 password_required=true").code, 0);
  EXPECT_EQ(run("policy set --plan standard lock_after_s=900").code, 0);
  EXPECT_EQ(run("policy set example.test telepathy=true 2>&1").code, 1);
  EXPECT_EQ(run("policy set dave@example.test lock_after_s=60 lock_after_s=600").code, 0);
  const auto policy_of = [this](const std::string& whose) {
    Json values;
    for (const Json& row : run("policy show " + whose + " --output json").json()) {
      values[row["name"].get<std::string>()] =
          row["value"].get<std::string>() + " " + row["from"].get<std::string>();
    }
    return values;
  };
  EXPECT_EQ(policy_of("dave@example.test")["lock_after_s"], "600 account");
  EXPECT_EQ(policy_of("dave@example.test")["password_required"], "true domain");
  EXPECT_EQ(policy_of("dave@example.test")["camera_allowed"], "true settings");
  EXPECT_EQ(policy_of("--plan standard")["lock_after_s"], "900 plan");
  EXPECT_EQ(run("policy reset dave@example.test lock_after_s").code, 0);
  EXPECT_EQ(policy_of("dave@example.test")["lock_after_s"], "300 domain");
  EXPECT_EQ(run("policy reset example.test").code, 0);
  EXPECT_EQ(policy_of("dave@example.test")["lock_after_s"], "900 plan");
  EXPECT_EQ(run("domain catch-all example.test bob@example.test").code, 0);
  EXPECT_EQ(run("domain show example.test --output json").json()["catch_all"], "bob@example.test");
  EXPECT_EQ(run("domain delete example.test 2>&1").code, 1);
  EXPECT_EQ(run("account delete dave@example.test").code, 0);
  EXPECT_EQ(run("account show dave@example.test --output json").json()["status"], "deleted");
  EXPECT_EQ(run("migrate --plan --output json").json()[0]["state"], "applied");
  for (const Json& finding : run("doctor --output json").json()) {
    EXPECT_NE(finding["state"], "problem") << finding.dump();
  }

  EXPECT_EQ(run("stop").code, 0);
  EXPECT_EQ(run("stop --output json").json()["stopped"], false);
  EXPECT_EQ(run("domain list --output json").json()[0]["domain"], "example.test")
      << "without a server, by itself";
  EXPECT_EQ(run("doctor 2>&1 > /dev/null").code, 1) << "nobody listens";

  const Json again = run("demo --detach --output json").json();
  EXPECT_EQ(again["accounts"], demo["accounts"]);
  EXPECT_EQ(again["ports"], demo["ports"]);
}

}  // namespace
}  // namespace postern::tests
