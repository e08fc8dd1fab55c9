// A gateway with an API on a real PostgreSQL, a tenant "tenant" with example.test and another with
// other.test, each with an account, an alias, a device and a message in the queue; and clients for everybody.
#pragma once

#include <unistd.h>

#include <map>

#include "protocols/shared/credentials.h"
#include "protocols/shared/digest.h"
#include "tests/support/api_client.h"
#include "tests/support/directory_fixture.h"
#include "tests/support/gateway_in_process.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {

using nlohmann::json;

class AdminFixture : public DirectoryFixture {
 protected:
  static constexpr const char* kPassword = "a long password";
  static constexpr const char* kDevice = "PHONE1";
  static constexpr Milliseconds kSessionsTold{100};

  void SetUp() override {
    DirectoryFixture::SetUp();
    other_tenant_ = must(await(directory().create_tenant("other"))).id;
    must(await(directory().create_domain(other_tenant_, "other.test", "standard")));
    furnish("example.test");
    furnish("other.test");
    Settings settings;
    settings.admin.socket = "/tmp/postern-admin-" + std::to_string(getpid()) + ".sock";
    settings.login.yescrypt_cost = 1;
    settings.login.failure_delay_ms = 0;
    settings.login.failures_per_minute_max = 1000;
    settings.login.failures_per_day_max = 10'000;
    settings.relay.host = "relay.example.test";
    settings.backup.directory = "/nowhere/backup";
    gateway_ = std::make_unique<GatewayInProcess>(conninfo_, settings, 1, kSessionsTold);
    nobody_.port = gateway_->port(0, "http", false);
    root_.socket = settings.admin.socket;
  }

  void TearDown() override {
    gateway_.reset();
    DirectoryFixture::TearDown();
  }

  // An account joe, an alias, a device, a queued message.
  void furnish(const std::string& domain) {
    Credentials credentials = *make_credentials(Secret(kPassword), 1);
    const AccountId joe = must(await(directory().create_account("joe@" + domain, credentials, {}))).id;
    must(await(directory().set_alias("info@" + domain, {"joe@" + domain})));
    add_device(joe, kDevice);
    queued_[domain] = add_queued(joe);
  }

  void add_device(AccountId account, const std::string& id) {
    must(await(store_->devices().open(DeviceKey(account, id), DeviceSeen(), 20)));
  }

  std::int64_t add_queued(AccountId account) {
    using postgres::Params;
    using postgres::Statement;
    static constexpr Statement kMessage{"test_outbox", R"sql(
      INSERT INTO outbox (account_id, submission_key, blob_id, size, reverse_path, eight_bit, smtputf8, recipients,
                          expires_at, next_attempt)
      VALUES ($1::bigint, gen_random_uuid()::text::bytea, 1, 100, 'joe@example.test', false, false, 1,
              now() + interval '1 day', now() + interval '1 hour') RETURNING outbox_id)sql"};
    static constexpr Statement kRecipient{"test_outbox_recipient", R"sql(
      INSERT INTO outbox_recipients (account_id, outbox_id, number, address)
      VALUES ($1::bigint, $2::bigint, 1, 'sue@elsewhere.test'))sql"};
    const auto id = sql(kMessage, Params(account))[0].get<std::int64_t>(0);
    sql(kRecipient, Params(account, id));
    return id;
  }

  // A message that has come into a mailbox …
  Uid add_message(AccountId account, const std::string& subject, const std::string& mailbox = "INBOX") {
    const MailboxKey key = must(await(store_->mailboxes().find(account, name(mailbox)))).key;
    return must(await(append(store_->messages(), key, letter(subject), NewMessage()))).uid;
  }
  // … and has left it again.
  void add_removed(AccountId account, const std::string& subject, Removal removal = Door::imap) {
    const Uid uid = add_message(account, subject);
    const MailboxKey inbox = must(await(store_->mailboxes().find(account, name("INBOX")))).key;
    UidSet one;
    one.add(uid);
    must(await(store_->messages().remove(inbox, std::move(one), std::move(removal))));
  }
  // A folder with one message that is removed with it.
  void add_removed_folder(AccountId account, const std::string& text) {
    must(await(store_->mailboxes().create(account, name(text), SpecialUse::none)));
    add_message(account, "in a folder", text);
    must(await(store_->mailboxes().remove(account, name(text), Door::imap)));
  }

  // A client with a token of a new administrator.
  ApiClient administrator(const std::string& name, const std::string& role,
                          const json& reach = json::object()) {
    json asked = reach;
    asked["name"] = name;
    asked["role"] = role;
    asked["password"] = kPassword;
    const ApiAnswer made = root_.ask("POST", "/administrators", asked);
    EXPECT_EQ(made.status, 201) << made.octets;
    administrators_[name] = made.body["id"];
    return with_token(name, json::array());
  }
  ApiClient with_token(const std::string& name, const json& scopes) {
    json asked;
    asked["name"] = "test";
    asked["expires_in_days"] = 1;
    asked["scopes"] = scopes;
    const std::string path = "/administrators/" + std::to_string(administrators_.at(name)) + "/tokens";
    const ApiAnswer made = root_.ask("POST", path, asked);
    EXPECT_EQ(made.status, 201) << made.octets;
    return nobody_.with("Authorization", "Bearer " + made.body["token"].get<std::string>());
  }

  AccountId account(const std::string& address) { return must(await(directory().find_account(address))).id; }
  std::string tenant_path(TenantId id) { return "/tenants/" + std::to_string(raw(id)); }

  std::unique_ptr<GatewayInProcess> gateway_;
  TenantId other_tenant_{};
  std::map<std::string, std::int64_t> queued_;          // by domain
  std::map<std::string, std::int64_t> administrators_;  // by name
  ApiClient nobody_;
  ApiClient root_;
};

}  // namespace postern::tests
