#include "tests/bench/client/connection.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace postern::bench {

namespace {

constexpr std::size_t kBufferOctets = 4096;  // grows with the traffic: thousands of connections may be idle
constexpr std::size_t kBufferOctetsMax = 256 * 1024;
constexpr std::size_t kLineOctetsMax = 16 * 1024 * 1024;  // a SEARCH answer is one line
constexpr timeval kSilenceMax{120, 0};

SSL_CTX* client_context() {
  // No session is kept: every connection pays for a full handshake.
  static SSL_CTX* const context = [] {
    SSL_CTX* made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS);
    return made;
  }();
  return context;
}

[[noreturn]] void fail_with_errno(const std::string& what) {
  throw Failure(what + ": " + std::strerror(errno));
}

}  // namespace

Target target_of(const Options& options, const std::string& port_option) {
  Target target;
  target.host = options.text("host", target.host);
  target.port = static_cast<std::uint16_t>(options.number(port_option));
  target.tls = options.number("tls", 0) != 0;
  return target;
}

Connection::Connection(const Target& target) : buffer_(kBufferOctets) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target.port);
  if (inet_pton(AF_INET, target.host.c_str(), &address.sin_addr) != 1) throw Failure("no IPv4 address");
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) fail_with_errno("socket");
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kSilenceMax, sizeof kSilenceMax);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &kSilenceMax, sizeof kSilenceMax);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    fail_with_errno("connect");
  if (!target.tls) return;
  tls_.reset(SSL_new(client_context()));
  SSL_set_fd(tls_.get(), socket_);
  if (SSL_connect(tls_.get()) != 1) throw Failure("TLS handshake failed");
}

Connection::~Connection() {
  if (socket_ >= 0) close(socket_);
}

std::uint16_t Connection::local_port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail_with_errno("getsockname");
  return ntohs(address.sin_port);
}

void Connection::write(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = tls_ ? SSL_write(tls_.get(), octets.data(), static_cast<int>(octets.size()))
                              : ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent < 0 && !tls_ && errno == EINTR) continue;
    if (sent <= 0) fail_with_errno("the server does not take what is sent");
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t Connection::read_some(char* into, std::size_t room) {
  while (true) {
    const ssize_t got =
        tls_ ? SSL_read(tls_.get(), into, static_cast<int>(room)) : recv(socket_, into, room, 0);
    if (got > 0) {
      octets_read_ += static_cast<std::uint64_t>(got);
      return static_cast<std::size_t>(got);
    }
    if (got == 0) throw Failure("the server has closed the connection");
    if (tls_ || errno != EINTR) fail_with_errno("the server does not answer");
  }
}

void Connection::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) {
    if (buffer_.size() >= kLineOctetsMax) throw Failure("a line without end");
    buffer_.resize(buffer_.size() * 2);
  }
  const std::size_t room = buffer_.size() - end_;
  const std::size_t got = read_some(buffer_.data() + end_, room);
  end_ += got;
  if (got == room && buffer_.size() < kBufferOctetsMax) buffer_.resize(buffer_.size() * 2);
}

std::string_view Connection::line() {
  std::size_t looked = 0;
  while (true) {
    const char* from = buffer_.data() + begin_ + looked;
    const auto* found = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_ - looked));
    if (found != nullptr) {
      const char* start = buffer_.data() + begin_;
      std::string_view text(start, static_cast<std::size_t>(found - start));
      begin_ = static_cast<std::size_t>(found + 1 - buffer_.data());
      if (text.ends_with('\r')) text.remove_suffix(1);
      return text;
    }
    looked = end_ - begin_;
    fill();
  }
}

std::string Connection::octets(std::uint64_t count) {
  std::string taken;
  while (taken.size() < count) {
    if (begin_ == end_) fill();
    const std::size_t held = std::min<std::size_t>(count - taken.size(), end_ - begin_);
    taken.append(buffer_.data() + begin_, held);
    begin_ += held;
  }
  return taken;
}

void Connection::skip(std::uint64_t octets) {
  while (true) {
    const std::uint64_t held = std::min<std::uint64_t>(octets, end_ - begin_);
    begin_ += static_cast<std::size_t>(held);
    octets -= held;
    if (octets == 0) return;
    begin_ = end_ = 0;
    end_ = read_some(buffer_.data(), buffer_.size());
    if (end_ == buffer_.size() && buffer_.size() < kBufferOctetsMax) buffer_.resize(buffer_.size() * 2);
  }
}

}  // namespace postern::bench
