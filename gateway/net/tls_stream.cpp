#include "gateway/net/tls_stream.h"

#include <algorithm>
#include <cstring>

#include "gateway/net/openssl_handles.h"
#include "gateway/net/tls_info.h"

namespace postern {

namespace {

constexpr Milliseconds kGoodbyeMax{5000};

TlsStream& stream_of(BIO* bio) {
  return *static_cast<TlsStream*>(BIO_get_data(bio));
}

const BIO_METHOD* bio_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "postern stream");
    BIO_meth_set_create(made, [](BIO* bio) {
      BIO_set_init(bio, 1);
      return 1;
    });
    BIO_meth_set_read(made, [](BIO* bio, char* into, int octets_max) {
      BIO_clear_retry_flags(bio);
      const int taken = stream_of(bio).take_ciphertext(into, static_cast<std::size_t>(octets_max));
      if (taken == TlsStream::kNothingNow) BIO_set_retry_read(bio);
      return taken > 0 ? taken : -1;
    });
    BIO_meth_set_write(made, [](BIO* bio, const char* octets, int count) {
      stream_of(bio).send_ciphertext(std::string_view(octets, static_cast<std::size_t>(count)));
      return count;
    });
    BIO_meth_set_ctrl(made,
                      [](BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1L : 0L; });
    return made;
  }();
  return method;
}

void watch_messages(int outgoing, int, int content_type, const void* octets, std::size_t count, SSL*,
                    void* stream) {
  if (outgoing || content_type != SSL3_RT_HANDSHAKE || count == 0) return;
  if (*static_cast<const unsigned char*>(octets) == SSL3_MT_KEY_UPDATE) {
    static_cast<TlsStream*>(stream)->count_key_update();
  }
}

Error closed_here() {
  return Error(ErrorKind::closed, "the TLS stream was closed");
}

}  // namespace

struct TlsStream::FlushTurn {
  explicit FlushTurn(TlsStream& s) : stream(s) {}
  TlsStream& stream;
  bool await_ready() const { return !stream.flushing_; }
  void await_suspend(std::coroutine_handle<> waiter) {
    assert(!stream.flush_waiter_);
    stream.flush_waiter_ = waiter;
  }
  void await_resume() const {}
};

TlsStream::TlsStream(Loop& loop, std::unique_ptr<ByteStream> inner, std::shared_ptr<SSL_CTX> context)
    : loop_(loop), inner_(std::move(inner)), context_(std::move(context)), ssl_(SSL_new(context_.get())) {
  BIO* bio = BIO_new(bio_method());
  BIO_set_data(bio, this);
  SSL_set_bio(ssl_, bio, bio);
  SSL_set_app_data(ssl_, this);
  SSL_set_msg_callback(ssl_, watch_messages);
  SSL_set_msg_callback_arg(ssl_, this);
}

std::unique_ptr<TlsStream> TlsStream::server(Loop& loop, std::unique_ptr<ByteStream> inner,
                                             std::shared_ptr<SSL_CTX> context, std::string alpn) {
  std::unique_ptr<TlsStream> stream(new TlsStream(loop, std::move(inner), std::move(context)));
  stream->alpn_ = std::move(alpn);
  SSL_set_accept_state(stream->ssl_);
  return stream;
}

std::unique_ptr<TlsStream> TlsStream::client(Loop& loop, std::unique_ptr<ByteStream> inner,
                                             std::shared_ptr<SSL_CTX> context, std::string server_name) {
  std::unique_ptr<TlsStream> stream(new TlsStream(loop, std::move(inner), std::move(context)));
  SSL_set_connect_state(stream->ssl_);
  if (!server_name.empty()) {
    SSL_set_tlsext_host_name(stream->ssl_, server_name.c_str());
    SSL_set1_host(stream->ssl_, server_name.c_str());
  }
  return stream;
}

TlsStream::~TlsStream() {
  SSL_free(ssl_);
}

int TlsStream::take_ciphertext(char* into, std::size_t octets_max) {
  if (key_updates_ > kKeyUpdatesMax) return kRefused;
  if (incoming_.empty()) return kNothingNow;
  const std::size_t octets = std::min(octets_max, incoming_.size());
  std::memcpy(into, incoming_.data(), octets);
  incoming_.remove_prefix(octets);
  return static_cast<int>(octets);
}

// Before anything waits or returns: the inner stream's view does not live longer.
void TlsStream::keep_unread() {
  std::string rest(incoming_);
  kept_.swap(rest);
  incoming_ = kept_;
}

Task<Result<void>> TlsStream::receive(Deadline deadline) {
  CO_TRY(std::string_view ciphertext, co_await inner_->read(deadline));
  if (ciphertext.empty()) {
    ended_ = true;
    co_return Error(ErrorKind::closed, "end of the stream without close_notify");
  }
  incoming_ = ciphertext;
  co_return Result<void>();
}

Task<Result<void>> TlsStream::flush(Deadline deadline) {
  FlushTurn turn(*this);
  while (flushing_) co_await turn;
  while (!outgoing_.empty()) {
    flushing_ = true;
    const std::string sending = std::exchange(outgoing_, std::string());
    auto sent = co_await inner_->write(sending, deadline);
    flushing_ = false;
    if (flush_waiter_) loop_.resume_soon(std::exchange(flush_waiter_, nullptr));
    if (!sent) {
      failed_ = true;  // a part may be missing
      co_return sent;
    }
  }
  co_return Result<void>();
}

Task<Result<void>> TlsStream::handshake(Deadline deadline) {
  auto done = co_await run_handshake(deadline);
  if (done) {
    info_ = describe_tls(ssl_);
  } else {
    close();
  }
  co_return done;
}

Task<Result<void>> TlsStream::run_handshake(Deadline deadline) {
  while (true) {
    ERR_clear_error();
    const int outcome = SSL_do_handshake(ssl_);
    const int reason = SSL_get_error(ssl_, outcome);
    Result<void> failed;
    if (reason != SSL_ERROR_NONE && reason != SSL_ERROR_WANT_READ) {
      failed = Error(ErrorKind::closed, "TLS handshake: " + openssl_reason());
    }
    keep_unread();
    CO_TRY_VOID(co_await flush(deadline));  // the alert, too
    if (!failed || reason == SSL_ERROR_NONE) co_return failed;
    CO_TRY_VOID(co_await receive(deadline));
  }
}

// As much as fits. `reason` is why it stopped, in SSL_get_error's words.
std::size_t TlsStream::decrypt(std::span<char> into, int& reason) {
  std::size_t filled = 0;
  reason = SSL_ERROR_NONE;
  while (filled < into.size()) {
    ERR_clear_error();
    std::size_t octets = 0;
    const int outcome = SSL_read_ex(ssl_, into.data() + filled, into.size() - filled, &octets);
    if (outcome != 1) {
      reason = SSL_get_error(ssl_, outcome);
      break;
    }
    filled += octets;
  }
  return filled;
}

// The peer broke the rules: tell it why (an alert, if OpenSSL made one) and end.
Task<Result<std::string_view>> TlsStream::fail() {
  Error why(ErrorKind::closed, "TLS: " + openssl_reason());
  if (!flushing_) (void)co_await flush(Deadline::after(kGoodbyeMax));
  close();
  co_return why;
}

Task<Result<std::string_view>> TlsStream::read(Deadline deadline) {
  while (!failed_) {
    const std::span<char> plain = loop_.shared_plain_buffer();
    int reason = SSL_ERROR_WANT_READ;
    std::size_t octets = 0;
    if (!incoming_.empty() || SSL_pending(ssl_) > 0) octets = decrypt(plain, reason);
    keep_unread();
    if (reason == SSL_ERROR_ZERO_RETURN) ended_ = true;
    if (reason == SSL_ERROR_SSL || reason == SSL_ERROR_SYSCALL) failed_ = true;
    if (octets > 0) co_return std::string_view(plain.data(), octets);
    if (failed_) co_return co_await fail();
    if (ended_) co_return std::string_view();
    // An answer to the peer's KeyUpdate; a writer that is at work takes it along.
    if (!outgoing_.empty() && !flushing_) CO_TRY_VOID(co_await flush(deadline));
    CO_TRY_VOID(co_await receive(deadline));
  }
  co_return closed_here();
}

Task<Result<void>> TlsStream::write(std::string_view octets, Deadline deadline) {
  while (!octets.empty()) {
    if (failed_) co_return closed_here();
    const std::string_view record = octets.substr(0, kRecordMax);
    std::size_t taken = 0;
    ERR_clear_error();
    if (SSL_write_ex(ssl_, record.data(), record.size(), &taken) != 1) {
      failed_ = true;
      co_return Error(ErrorKind::closed, "TLS: " + openssl_reason());
    }
    octets.remove_prefix(taken);
    CO_TRY_VOID(co_await flush(deadline));
  }
  co_return Result<void>();
}

Task<void> TlsStream::shutdown() {
  if (!failed_ && info_) {
    ERR_clear_error();
    SSL_shutdown(ssl_);
    auto sent = co_await flush(Deadline::after(kGoodbyeMax));
    if (!sent) co_return;
  }
  co_await inner_->shutdown();
}

void TlsStream::close() {
  failed_ = true;
  ended_ = true;
  inner_->close();
}

}  // namespace postern
