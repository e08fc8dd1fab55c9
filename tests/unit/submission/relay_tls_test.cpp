// The relay over TLS, from the first octet or after STARTTLS (RFC 8314, RFC 3207): nothing that matters goes
// in clear or to somebody else.
#include "gateway/net/self_signed.h"
#include "tests/unit/net/net_fixture.h"
#include "tests/unit/submission/relay_fixture.h"

namespace postern::tests {
namespace {

class RelaysOverTls : public RelayFixture, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    RelayFixture::SetUp();
    settings_.relay.host = "localhost";
    settings_.relay.tls = GetParam();
    settings_.relay.ca_file = files_.certificate_file;
    settings_.relay.user = "relay";
    settings_.relay.password = Secret("hidden");
    server_->ehlo =
        is_starttls() ? "250-scripted\r\n250-AUTH PLAIN\r\n250 STARTTLS" : "250-scripted\r\n250 AUTH PLAIN";
    server_->answer("AUTH", "235 Ok");
  }

  bool is_starttls() const { return GetParam() == std::string("starttls"); }

  std::unique_ptr<ScriptedSmtpServer> make_server() override {
    present({"localhost"});
    const TlsMode mode = is_starttls() ? TlsMode::starttls : TlsMode::implicit;
    return std::make_unique<ScriptedSmtpServer>(loop_, mode, tls_.get());
  }

  // The certificate for connections from now on.
  void present(const std::vector<std::string>& names) {
    files_ = must(make_self_signed(names, directory_.path()));
    if (tls_) {
      must(tls_->reload());
    } else {
      tls_ = must(TlsContext::load({files_}));
    }
  }

  // Waits for the second attempt, so that all of the first one is over.
  void expect_nothing_but_retries() {
    start_relay();
    const OutboxId id = send({"bob@example.org"});
    ASSERT_TRUE(comes_true([&] { return queued(id).recipients[0].answer.starts_with("451 4.7.0 "); }));
    ASSERT_TRUE(comes_true([&] { return queued(id).attempts > 1; }));
    stop_relay();
    EXPECT_EQ(commands("AUTH"), 0u);
    EXPECT_EQ(commands("MAIL"), 0u);
  }

  TemporaryDirectory directory_;
  CertificateFiles files_;
  std::unique_ptr<TlsContext> tls_;
};

TEST_P(RelaysOverTls, EverythingThatMattersIsEncrypted) {
  start_relay();
  ASSERT_TRUE(finishes(send({"bob@example.org"})));
  stop_relay();
  EXPECT_EQ(server_->accepted.size(), 1u);
  EXPECT_EQ(commands("AUTH PLAIN"), 1u);
  std::vector<std::string> in_clear;
  if (is_starttls()) in_clear = {"EHLO mail.example.test", "STARTTLS"};
  EXPECT_EQ(server_->commands_in_clear, in_clear);
  EXPECT_EQ(commands("EHLO"), is_starttls() ? 2u : 1u) << "what was announced in clear counts for nothing";
}

TEST_P(RelaysOverTls, NothingGoesToWhomNobodyVouchesFor) {
  settings_.relay.ca_file.clear();
  expect_nothing_but_retries();
}

TEST_P(RelaysOverTls, NothingGoesToAnotherName) {
  present({"elsewhere.test"});
  expect_nothing_but_retries();
}

TEST_P(RelaysOverTls, AnyCertificateWillDoIfItIsNotToBeVerified) {
  present({"elsewhere.test"});
  settings_.relay.verify_certificate = false;
  settings_.relay.ca_file.clear();
  start_relay();
  ASSERT_TRUE(finishes(send({"bob@example.org"})));
  EXPECT_EQ(server_->accepted.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Modes, RelaysOverTls, testing::Values("starttls", "implicit"),
                         [](const auto& mode) { return std::string(mode.param); });

class RelaysByStartTls : public RelaysOverTls {};

TEST_P(RelaysByStartTls, MechanismsAnnouncedInClearAreForgotten) {
  server_->answer("EHLO", server_->ehlo);
  server_->answer("EHLO", "250 scripted");
  server_->ehlo = "250 scripted";
  expect_nothing_but_retries();
}

TEST_P(RelaysByStartTls, ARefusalOfTlsIsNoLeaveToGoOnInClear) {
  for (int i = 0; i < 3; ++i) server_->answer("STARTTLS", "454 4.7.0 Not now");
  expect_nothing_but_retries();
}

INSTANTIATE_TEST_SUITE_P(Mode, RelaysByStartTls, testing::Values("starttls"));

}  // namespace
}  // namespace postern::tests
