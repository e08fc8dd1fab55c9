#include "gateway/net/tls_context.h"

#include <sys/stat.h>

#include <fstream>
#include <map>

#include "gateway/net/openssl_handles.h"
#include "gateway/net/tls_tickets.h"
#include "tests/unit/net/tls_fixture.h"

namespace postern {
namespace {

class TlsContextTest : public ::testing::Test {
 protected:
  // The first name in the certificate that a client asking for `server_name` gets.
  std::string name_for(const TlsContext& context, const std::string& server_name) {
    TlsPair pair(loop_, context, trusting_anybody(), server_name);
    pair.shake_hands(loop_);
    if (pair.client_outcome != "ok") return pair.client_outcome;
    return hash_to_name_[pair.client->tls()->binding_end_point];
  }
  CertificateFiles certified(const std::vector<std::string>& names) {
    certificates_.push_back(std::make_unique<TestCertificate>(names));
    const CertificateFiles files = certificates_.back()->files;
    auto context = context_of({files});
    TlsPair pair(loop_, *context, trusting_anybody());
    pair.shake_hands(loop_);
    hash_to_name_[pair.server->tls()->binding_end_point] = names.front();
    return files;
  }

  Loop loop_;
  std::vector<std::unique_ptr<TestCertificate>> certificates_;
  std::map<std::string, std::string> hash_to_name_;
};

TEST_F(TlsContextTest, ServerNameChoosesTheCertificate) {
  auto third = certified({"third.example"});
  third.server_names = {"alias.example"};
  auto context = context_of({certified({"mail.example.org"}), certified({"*.example.net"}), third});
  const std::pair<std::string, std::string> cases[] = {
      {"", "mail.example.org"},
      {"mail.example.org", "mail.example.org"},
      {"MAIL.Example.ORG", "mail.example.org"},
      {"imap.example.net", "*.example.net"},
      {"example.net", "mail.example.org"},
      {"a.b.example.net", "mail.example.org"},
      {"third.example", "third.example"},
      {"third.example.", "third.example"},
      {"alias.example", "third.example"},
      {"unknown.example", "mail.example.org"},
      {"b\xc3\xbc"
       "cher.example",
       "mail.example.org"},
      {std::string(255, 'a'), "mail.example.org"},
      {"192.0.2.7", "mail.example.org"},
  };
  for (const auto& [asked, expected] : cases) EXPECT_EQ(name_for(*context, asked), expected) << asked;
}

TEST_F(TlsContextTest, ClientHoldsTheServerToItsName) {
  TestCertificate certificate;
  auto context = context_of({certificate.files});
  auto trusting = *client_tls_context({.verify = true, .ca_file = certificate.files.certificate_file});
  TlsPair right(loop_, *context, trusting, "mail.example.org");
  right.shake_hands(loop_);
  EXPECT_EQ(right.client_outcome, "ok");
  TlsPair wrong(loop_, *context, trusting, "other.example.org");
  wrong.shake_hands(loop_);
  EXPECT_NE(wrong.client_outcome, "ok");
  EXPECT_NE(wrong.server_outcome, "ok");
}

TEST_F(TlsContextTest, OldVersionsAreRefused) {
  auto context = context_of({certified({"mail.example.org"})});
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    auto client = trusting_anybody();
    SSL_CTX_set_min_proto_version(client.get(), version);
    SSL_CTX_set_max_proto_version(client.get(), version);
    SSL_CTX_set_cipher_list(client.get(), "ALL:@SECLEVEL=0");
    TlsPair pair(loop_, *context, client);
    pair.shake_hands(loop_);
    EXPECT_NE(pair.server_outcome, "ok") << version;
  }
}

TEST_F(TlsContextTest, Tls12NeedsForwardSecrecyAndAead) {
  auto context = context_of({certified({"mail.example.org"})});
  const std::pair<const char*, bool> cases[] = {
      {"ECDHE-ECDSA-AES128-GCM-SHA256", true},
      {"ECDHE-ECDSA-CHACHA20-POLY1305", true},
      {"ECDHE-ECDSA-AES256-SHA384", false},
      {"ECDHE-ECDSA-AES128-SHA", false},
  };
  for (const auto& [cipher, accepted] : cases) {
    auto client = trusting_anybody();
    SSL_CTX_set_max_proto_version(client.get(), TLS1_2_VERSION);
    ASSERT_EQ(SSL_CTX_set_cipher_list(client.get(), cipher), 1) << cipher;
    TlsPair pair(loop_, *context, client);
    pair.shake_hands(loop_);
    EXPECT_EQ(pair.server_outcome == "ok", accepted) << cipher;
  }
}

struct AlpnCase {
  std::string door;
  std::string offered;  // as on the wire
  std::string chosen;   // "-": refused
};

TEST_F(TlsContextTest, AlpnOfAnotherDoorIsRefused) {
  auto context = context_of({certified({"mail.example.org"})});
  const AlpnCase cases[] = {
      {"imap", "", ""},
      {"imap", "\x04imap", "imap"},
      {"imap", "\x08http/1.1\x04imap", "imap"},
      {"imap", "\x08http/1.1", "-"},
      {"imap", "\x04pop3", "-"},
      {"", "\x08http/1.1", ""},
  };
  for (const auto& one : cases) {
    auto client = trusting_anybody();
    SSL_CTX_set_alpn_protos(client.get(), reinterpret_cast<const unsigned char*>(one.offered.data()),
                            static_cast<unsigned>(one.offered.size()));
    TlsPair pair(loop_, *context, client, {}, one.door);
    pair.shake_hands(loop_);
    const bool agreed = pair.server_outcome == "ok";
    EXPECT_EQ(agreed ? pair.server->tls()->alpn : "-", one.chosen) << one.door << " " << one.offered;
    // RFC 7301 §3.2: alert 120.
    EXPECT_EQ(pair.client_outcome.find("no application protocol") == std::string::npos, agreed);
  }
}

TEST_F(TlsContextTest, ReloadServesTheNewCertificateAndKeepsTheOldOnFailure) {
  TestCertificate certificate({"first.example"});
  auto context = context_of({certificate.files});
  TlsPair early(loop_, *context, trusting_anybody());
  early.shake_hands(loop_);
  const std::string first = early.client->tls()->binding_end_point;

  ASSERT_TRUE(make_self_signed({"second.example"}, certificate.directory.path()));
  ASSERT_TRUE(context->reload());
  TlsPair second(loop_, *context, trusting_anybody());
  second.shake_hands(loop_);
  const std::string now = second.client->tls()->binding_end_point;
  EXPECT_NE(now, first);

  std::ofstream(certificate.files.certificate_file) << "no certificate\n";
  auto failed = context->reload();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::invalid);
  EXPECT_NE(failed.error().detail.find(certificate.files.certificate_file), std::string::npos);
  TlsPair third(loop_, *context, trusting_anybody());
  third.shake_hands(loop_);
  EXPECT_EQ(third.client->tls()->binding_end_point, now);
}

TEST_F(TlsContextTest, KeyOfAnotherCertificateIsRefused) {
  TestCertificate one;
  TestCertificate other;
  auto context = TlsContext::load({{one.files.certificate_file, other.files.key_file, {}}});
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().kind, ErrorKind::invalid);
  EXPECT_FALSE(TlsContext::load({}));
}

// Keeps the newest ticket a client got.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* slot = static_cast<SSL_SESSION**>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  SSL_SESSION_free(*slot);
  *slot = session;
  return 1;
}

class Tickets : public TlsContextTest {
 protected:
  ~Tickets() override { SSL_SESSION_free(session_); }
  std::shared_ptr<SSL_CTX> remembering_client(int version_max) {
    auto client = trusting_anybody();
    SSL_CTX_set_max_proto_version(client.get(), version_max);
    SSL_CTX_set_session_cache_mode(client.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_app_data(client.get(), &session_);
    SSL_CTX_sess_set_new_cb(client.get(), keep_session);
    return client;
  }
  static Task<void> one_word(ByteStream& from, ByteStream& to) {
    (void)co_await from.write("x", soon());
    (void)co_await to.read(soon());
    co_await to.shutdown();  // OpenSSL forgets the session of a connection that just breaks
  }
  // Connects, offering the session kept so far; true if the server resumed it.
  bool connects_resumed(const TlsContext& context, int version_max = TLS1_3_VERSION) {
    auto client = remembering_client(version_max);
    TlsPair pair(loop_, context, client);
    if (session_) SSL_set_session(pair.client->ssl(), session_);
    pair.shake_hands(loop_);
    EXPECT_EQ(pair.server_outcome, "ok");
    // The ticket comes after the handshake, so something must be read.
    run_task(loop_, one_word(*pair.server, *pair.client));
    return SSL_session_reused(pair.server->ssl()) == 1;
  }
  SSL_SESSION* session_ = nullptr;
};

TEST_F(Tickets, ResumeAtAnotherNodeWithTheSameKey) {
  const auto files = certified({"mail.example.org"});
  auto one = context_of({files});
  auto other = context_of({files});
  EXPECT_FALSE(connects_resumed(*one));
  ASSERT_NE(session_, nullptr);
  EXPECT_TRUE(connects_resumed(*other));
  auto stranger = context_of({certified({"mail.example.org"})});
  EXPECT_FALSE(connects_resumed(*stranger));
}

TEST_F(Tickets, AreNotGivenInTls12) {
  auto context = context_of({certified({"mail.example.org"})});
  EXPECT_FALSE(connects_resumed(*context, TLS1_2_VERSION));
  EXPECT_FALSE(connects_resumed(*context, TLS1_2_VERSION));
}

TEST_F(Tickets, KeysChangeWithTheDayAndTheCertificateKey) {
  const OwnedKey key(EVP_EC_gen("P-256"));
  const OwnedKey other(EVP_EC_gen("P-256"));
  const TicketKeys keys(key.get());
  EXPECT_EQ(keys.of_day(20'000), TicketKeys(key.get()).of_day(20'000));
  EXPECT_FALSE(keys.of_day(20'000) == keys.of_day(20'001));
  EXPECT_FALSE(keys.of_day(20'000) == TicketKeys(other.get()).of_day(20'000));
}

TEST(SelfSigned, KeyIsPrivateAndNamesAreChecked) {
  TestCertificate certificate({"mail.example.org", "*.example.net"});
  struct stat status {};
  ASSERT_EQ(::stat(certificate.files.key_file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_FALSE(make_self_signed({}, certificate.directory.path()));
  EXPECT_FALSE(make_self_signed({"a,DNS:b"}, certificate.directory.path()));
  EXPECT_FALSE(make_self_signed({"mail.example.org"}, "/nowhere/at/all"));
}

}  // namespace
}  // namespace postern
