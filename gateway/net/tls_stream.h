// TlsStream: TLS over another ByteStream. OpenSSL reads straight from the inner stream's view and its buffers
// are released between records, so an idle session costs little (about 17 KiB with its session). Records are
// at most 16 KiB and each waits for the inner stream: a slow peer suspends the writer. One reader and one
// writer at a time, like every ByteStream. Certificates and policy: tls_context.h.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <span>
#include <string>

#include "gateway/net/byte_stream.h"
#include "gateway/net/tls_context.h"

namespace postern {

class TlsStream final : public ByteStream {
 public:
  // Each KeyUpdate costs us a key derivation and possibly an answer; nobody needs many (CVE-class: flooding).
  static constexpr unsigned kKeyUpdatesMax = 32;
  static constexpr std::size_t kRecordMax = 16 * 1024;

  // `alpn`: the one protocol id a client may name; empty: ALPN is not looked at. Next comes handshake().
  static std::unique_ptr<TlsStream> server(Loop& loop, std::unique_ptr<ByteStream> inner,
                                           std::shared_ptr<SSL_CTX> context, std::string alpn = {});
  // Asks for `server_name` (SNI) and, if the context verifies peers, holds the certificate to it.
  static std::unique_ptr<TlsStream> client(Loop& loop, std::unique_ptr<ByteStream> inner,
                                           std::shared_ptr<SSL_CTX> context, std::string server_name);
  ~TlsStream() override;

  // closed with OpenSSL's reason, or timed_out. After an error the stream is closed.
  Task<Result<void>> handshake(Deadline deadline);

  Task<Result<std::string_view>> read(Deadline deadline) override;
  Task<Result<void>> write(std::string_view octets, Deadline deadline) override;
  Task<void> shutdown() override;
  void close() override;
  bool ended() const override { return ended_ || inner_->ended(); }
  bool has_unread() const override { return SSL_pending(ssl_) > 0 || inner_->has_unread(); }
  const PeerAddress& peer() const override { return inner_->peer(); }
  const TlsInfo* tls() const override { return info_.get(); }  // nullptr before the handshake

  // For what has no word here, such as a client's session to resume.
  SSL* ssl() { return ssl_; }
  const std::string& required_alpn() const { return alpn_; }
  void count_key_update() { ++key_updates_; }
  // For the BIO below OpenSSL: how many octets were taken, or one of the two words.
  static constexpr int kNothingNow = 0;
  static constexpr int kRefused = -1;
  int take_ciphertext(char* into, std::size_t octets_max);
  void send_ciphertext(std::string_view octets) { outgoing_ += octets; }

 private:
  struct FlushTurn;
  TlsStream(Loop& loop, std::unique_ptr<ByteStream> inner, std::shared_ptr<SSL_CTX> context);
  Task<Result<void>> receive(Deadline deadline);
  Task<Result<void>> flush(Deadline deadline);
  Task<Result<void>> run_handshake(Deadline deadline);
  std::size_t decrypt(std::span<char> into, int& reason);
  void keep_unread();
  Task<Result<std::string_view>> fail();

  Loop& loop_;
  std::unique_ptr<ByteStream> inner_;
  std::shared_ptr<SSL_CTX> context_;
  SSL* ssl_;
  std::string alpn_;
  std::unique_ptr<TlsInfo> info_;
  std::string_view incoming_;  // ciphertext in the inner stream's view, or in kept_
  std::string kept_;           // ciphertext that outlived that view
  std::string outgoing_;       // ciphertext not sent yet
  std::coroutine_handle<> flush_waiter_;
  unsigned key_updates_ = 0;
  bool flushing_ = false;
  bool ended_ = false;
  bool failed_ = false;  // a fatal TLS error: SSL_* must not be called again
};

}  // namespace postern
