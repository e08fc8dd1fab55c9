#include "tests/support/transcript_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace postern::tests {

namespace {
constexpr int kPatience_s = 20;
}

TranscriptClient::TranscriptClient(std::uint16_t port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{kPatience_s, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

TranscriptClient::~TranscriptClient() {
  close();
}

void TranscriptClient::close() {
  ssl_.reset();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void TranscriptClient::start_tls() {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), socket_);
  if (SSL_connect(ssl_.get()) != 1) throw std::runtime_error("TLS handshake failed");
}

void TranscriptClient::send(const std::string& octets) {
  std::size_t sent = 0;
  while (sent < octets.size()) {
    const std::size_t left = octets.size() - sent;
    const auto taken = ssl_ ? SSL_write(ssl_.get(), octets.data() + sent, static_cast<int>(left))
                            : ::send(socket_, octets.data() + sent, left, MSG_NOSIGNAL);
    if (taken <= 0) return;  // the server has closed; what it said before can still be read
    sent += static_cast<std::size_t>(taken);
  }
}

bool TranscriptClient::fill() {
  std::array<char, 65536> buffer;
  const auto got = ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                        : recv(socket_, buffer.data(), buffer.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    throw std::runtime_error("the server says nothing");
  if (got <= 0) return false;
  input_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> TranscriptClient::line() {
  if (again_) return std::exchange(again_, std::nullopt);
  std::size_t end = 0;
  while ((end = input_.find('\n')) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  std::string text = input_.substr(0, end);
  input_.erase(0, end + 1);
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::string TranscriptClient::octets(std::size_t count) {
  while (input_.size() < count) {
    if (!fill()) throw std::runtime_error("the connection ends too early");
  }
  std::string taken = input_.substr(0, count);
  input_.erase(0, count);
  return taken;
}

}  // namespace postern::tests
