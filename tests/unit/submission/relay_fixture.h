// A relay on a real store, and a server for it that answers as it is told.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "protocols/shared/login.h"
#include "protocols/shared/submission.h"
#include "protocols/submission/relay.h"
#include "tests/support/message_fixture.h"
#include "tests/support/scripted_smtp_server.h"

namespace postern::tests {

class RelayFixture : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    server_ = make_server();
    must(server_->open());
    settings_.server.hostname = "mail.example.test";
    settings_.relay.host = "127.0.0.1";
    settings_.relay.port = server_->port();
    settings_.relay.tls = "none";
    settings_.relay.retry_min_s = 1;
    settings_.relay.retry_max_s = 1;
    login_ = std::make_unique<Login>(loop_, *store_, settings_.login, clock_, Log::silent());
  }
  void TearDown() override {
    stop_relay();
    if (server_) await(server_->stop());
    server_.reset();
    login_.reset();
    MessageFixture::TearDown();
  }

  virtual std::unique_ptr<ScriptedSmtpServer> make_server() {
    return std::make_unique<ScriptedSmtpServer>(loop_);
  }

  Services services() { return Services{loop_, *store_, *login_, clock_, Log::silent()}; }
  void start_relay() {
    relay_ = std::make_unique<submission::Relay>(settings_, services());
    must(relay_->start());
  }
  void stop_relay(Milliseconds limit = Milliseconds(3000)) {
    if (!relay_) return;
    await(relay_->stop(Deadline::after(limit)));
    relay_.reset();
  }

  SubmissionRequest request(std::vector<std::string> recipients) {
    SubmissionRequest made;
    made.account = must(await(directory().account(alice_)));
    made.reverse_path = made.account.address;
    for (std::string& address : recipients) {
      OutboxRecipient recipient;
      recipient.address = std::move(address);
      made.recipients.push_back(std::move(recipient));
    }
    return made;
  }
  SubmissionOutcome submit_one(SubmissionRequest made, std::string octets) {
    return await(submit(services(), settings_, std::move(octets), std::move(made)));
  }
  OutboxId send(std::vector<std::string> recipients,
                std::string octets = "From: alice@example.test\r\n\r\nHi.\r\n") {
    auto outcome = submit_one(request(std::move(recipients)), std::move(octets));
    if (!outcome.queued) throw std::runtime_error("refused: " + outcome.reason);
    return outcome.queued->id;
  }
  QueuedMessage queued(OutboxId id) { return must(await(store_->outbox().find(id))); }

  template <class Condition>
  bool comes_true(Condition condition) {
    for (const Deadline limit = Deadline::after(Milliseconds(20'000)); !limit.passed();) {
      if (condition()) return true;
      await(sleep(loop_, Milliseconds(5)));
    }
    return condition();
  }
  bool finishes(OutboxId id) {
    return comes_true([&] { return !queued(id).next_attempt; });
  }
  std::size_t commands(std::string_view verb) {
    return static_cast<std::size_t>(
        std::count_if(server_->commands.begin(), server_->commands.end(),
                      [verb](const std::string& line) { return line.starts_with(verb); }));
  }

  std::unique_ptr<ScriptedSmtpServer> server_;
  std::unique_ptr<Login> login_;
  std::unique_ptr<submission::Relay> relay_;
};

}  // namespace postern::tests
