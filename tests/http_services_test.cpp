// What the HTTP door serves to machines, asked over the wire: signs of life, metrics and who may read them,
// the settings of mail programs.
#include <gtest/gtest.h>

#include "gateway/base/text.h"
#include "tests/support/gateway_in_process.h"
#include "tests/support/test_cluster.h"
#include "tests/support/transcript_client.h"
#include "tests/support/transcript_setup.h"

namespace postern::tests {
namespace {

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

class HttpServices : public testing::Test {
 protected:
  void start(void (*change)(Settings&) = nullptr) {
    gateway_.reset();
    conninfo_ = TestCluster::get().fresh_database();
    std::vector<TranscriptStep> none;
    Settings settings = set_up(conninfo_, none).settings;
    if (change != nullptr) change(settings);
    gateway_ = std::make_unique<GatewayInProcess>(conninfo_, settings, 1);
  }

  Answer get(const std::string& path, const std::string& fields = "") {
    TranscriptClient client(gateway_->port(0, "http", false));
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + host_ + "\r\nConnection: close\r\n" + fields +
                "\r\n");
    Answer answer;
    const std::string first = client.line().value_or("");
    answer.status = first.size() > 12 ? std::stoi(first.substr(9, 3)) : 0;
    std::size_t octets = 0;
    for (auto line = client.line(); line && !line->empty(); line = client.line()) {
      answer.head += *line + "\n";
      if (text::starts_with_same(*line, "Content-Length: ")) octets = std::stoul(line->substr(16));
    }
    answer.body = client.octets(octets);
    return answer;
  }

  std::string host_ = "mail.example.test";
  std::string conninfo_;
  std::unique_ptr<GatewayInProcess> gateway_;
};

TEST_F(HttpServices, SignsOfLife) {
  start();
  EXPECT_EQ(get("/livez").status, 200);
  const Answer ready = get("/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.body, "ready\n");
  EXPECT_NE(ready.head.find("Cache-Control: no-store"), std::string::npos);
}

TEST_F(HttpServices, NotReadyWithoutADatabase) {
  Settings settings;
  settings.database.queue_wait_limit_s = 1;
  gateway_ = std::make_unique<GatewayInProcess>("host=/nonexistent dbname=none", settings, 1);
  EXPECT_EQ(get("/livez").status, 200);
  const Answer ready = get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, "the database does not answer\n");
  const Answer metrics = get("/metrics");
  EXPECT_EQ(metrics.status, 200) << "counters are told all the same";
  EXPECT_NE(metrics.body.find("\npostern_database_up 0\n"), std::string::npos);
  EXPECT_EQ(metrics.body.find("postern_outbox_messages"), std::string::npos);
}

TEST_F(HttpServices, MetricsCountWhatHappens) {
  start([](Settings& settings) { settings.login.failure_delay_ms = 0; });
  TranscriptClient imap(gateway_->port(0, "imap", false));
  imap.line();
  for (const char* password : {"wrong", "secret"}) {
    imap.send("a LOGIN joe@example.test " + std::string(password) + "\r\n");
    while (!imap.line().value_or("a ").starts_with("a ")) continue;
  }
  const Answer metrics = get("/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_NE(metrics.head.find("Content-Type: text/plain; version=0.0.4"), std::string::npos);
  for (const char* line :
       {"postern_sessions{door=\"imap\",worker=\"0\"} 1", "postern_sessions{door=\"http\",worker=\"0\"} 1",
        "postern_sign_ins_total{door=\"imap\",result=\"accepted\"} 1",
        "postern_sign_ins_total{door=\"imap\",result=\"credentials\"} 1", "postern_database_up 1",
        "postern_outbox_messages 0"}) {
    EXPECT_NE(("\n" + metrics.body).find("\n" + std::string(line) + "\n"), std::string::npos) << line;
  }
}

TEST_F(HttpServices, MetricsAreForThoseInTheSettings) {
  start([](Settings& settings) { settings.http.metrics_from = {"192.0.2.0/24"}; });
  EXPECT_EQ(get("/metrics").status, 404);
  // A proxy's word counts only if the proxy is known.
  EXPECT_EQ(get("/metrics", "X-Forwarded-For: 192.0.2.7\r\n").status, 404);
}

TEST_F(HttpServices, AProxyNamesTheReader) {
  start([](Settings& settings) {
    settings.http.metrics_from = {"192.0.2.0/24"};
    settings.http.forwarded_from = {"127.0.0.1"};
  });
  EXPECT_EQ(get("/metrics", "X-Forwarded-For: 192.0.2.7\r\n").status, 200);
  EXPECT_EQ(get("/metrics", "X-Forwarded-For: 198.51.100.7\r\n").status, 404);
}

TEST_F(HttpServices, MozillaAsksAtTwoPlaces) {
  start();
  const Answer by_address =
      get("/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=joe%40Example.Test");
  EXPECT_EQ(by_address.status, 200);
  EXPECT_NE(by_address.head.find("Content-Type: text/xml"), std::string::npos);
  EXPECT_NE(by_address.body.find("<domain>example.test</domain>"), std::string::npos);
  const Answer nobody = get("/mail/config-v1.1.xml?emailaddress=nobody%40example.test");
  EXPECT_EQ(nobody.body, by_address.body) << "who has an account is nobody's affair";
  host_ = "autoconfig.example.test:8443";
  EXPECT_EQ(get("/mail/config-v1.1.xml").body, by_address.body);
  EXPECT_EQ(get("/mail/config-v1.1.xml?emailaddress=joe%40elsewhere.test").status, 404);
  EXPECT_EQ(get("/mail/config-v1.1.xml?emailaddress=joe%40" + std::string(2000, 'x')).status, 404);
  EXPECT_EQ(get("/mail/config-v1.1.xml?emailaddress=%40%00%ff").status, 404);
}

TEST_F(HttpServices, AppleProfiles) {
  start();
  const Answer mail = get("/profile/mail.mobileconfig?address=joe%40example.test");
  EXPECT_EQ(mail.status, 200);
  EXPECT_NE(mail.head.find("Content-Type: application/x-apple-aspen-config"), std::string::npos);
  EXPECT_NE(mail.body.find("<string>EmailTypeIMAP</string>"), std::string::npos);
  EXPECT_NE(get("/profile/mail.mobileconfig?kind=mobile_sync&address=joe%40example.test").body.find("eas"),
            std::string::npos);
  EXPECT_EQ(get("/profile/mail.mobileconfig?kind=gopher&address=joe%40example.test").status, 400);
  EXPECT_EQ(get("/profile/mail.mobileconfig").status, 400);
  EXPECT_EQ(get("/profile/mail.mobileconfig?address=joe%40elsewhere.test").status, 404);
  const Answer hostile = get("/profile/mail.mobileconfig?address=%3Cx%3E%26%40example.test");
  EXPECT_EQ(hostile.body.find("<x>"), std::string::npos);
}

TEST_F(HttpServices, ThePolicyForSenders) {
  start();
  host_ = "mta-sts.example.test";
  EXPECT_EQ(get("/.well-known/mta-sts.txt").status, 404) << "none is set";
  start([](Settings& settings) {
    settings.autoconfig.mta_sts = "enforce";
    settings.autoconfig.mx_hosts = {"mx.example.test"};
  });
  EXPECT_EQ(get("/.well-known/mta-sts.txt").body,
            "version: STSv1\r\nmode: enforce\r\nmx: mx.example.test\r\nmax_age: 604800\r\n");
  host_ = "mta-sts.elsewhere.test";
  EXPECT_EQ(get("/.well-known/mta-sts.txt").status, 404);
}

TEST_F(HttpServices, MailProgramsAreToldNothingIfThatIsOff) {
  start([](Settings& settings) { settings.autoconfig.enabled = false; });
  EXPECT_EQ(get("/mail/config-v1.1.xml?emailaddress=joe%40example.test").status, 404);
}

}  // namespace
}  // namespace postern::tests
