// A certificate made for the test and a TLS client on the same loop.
#pragma once

#include "gateway/net/self_signed.h"
#include "gateway/net/tls_stream.h"
#include "tests/unit/net/net_fixture.h"

namespace postern {

struct TestCertificate {
  TemporaryDirectory directory;
  CertificateFiles files;
  explicit TestCertificate(const std::vector<std::string>& names = {"mail.example.org"}) {
    auto made = make_self_signed(names, directory.path());
    EXPECT_TRUE(made);
    files = *made;
  }
};

inline std::unique_ptr<TlsContext> context_of(std::vector<CertificateFiles> files) {
  auto context = TlsContext::load(std::move(files));
  EXPECT_TRUE(context) << context.error().detail;
  return *std::move(context);
}

inline std::shared_ptr<SSL_CTX> trusting_anybody() {
  return *client_tls_context({.verify = false, .ca_file = {}});
}

// Both ends of a TLS connection, handshake done or failed.
struct TlsPair {
  std::unique_ptr<TlsStream> server;
  std::unique_ptr<TlsStream> client;
  std::string server_outcome;
  std::string client_outcome;

  TlsPair(Loop& loop, const TlsContext& context, std::shared_ptr<SSL_CTX> client_context,
          const std::string& server_name = {}, const std::string& alpn = {}) {
    StreamPair plain(loop);
    server = TlsStream::server(loop, std::move(plain.server), context.current(), alpn);
    client = TlsStream::client(loop, std::move(plain.client), std::move(client_context), server_name);
  }
  void shake_hands(Loop& loop) {
    TaskScope scope(loop);
    scope.start(one_side(*server, server_outcome));
    scope.start(one_side(*client, client_outcome));
    while (scope.running() > 0) uv_run(loop.raw(), UV_RUN_ONCE);
  }

 private:
  static Task<void> one_side(TlsStream& stream, std::string& outcome) {
    auto done = co_await stream.handshake(soon());
    outcome = done ? "ok" : done.error().detail;
  }
};

}  // namespace postern
