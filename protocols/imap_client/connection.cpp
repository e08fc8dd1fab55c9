#include "protocols/imap_client/connection.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "gateway/base/text.h"
#include "gateway/net/tls_context.h"

namespace postern::imap_client {

namespace {

constexpr int kConnectSeconds = 20;
constexpr std::size_t kReadOctets = 64 * 1024;

Error system_error(const std::string& what) {
  const bool late = errno == EAGAIN || errno == EWOULDBLOCK || errno == ETIMEDOUT;
  return Error(late ? ErrorKind::timed_out : ErrorKind::unavailable, what + ": " + std::strerror(errno));
}

void limit_silence(int socket, int seconds) {
  const timeval span{seconds, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &span, sizeof span);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &span, sizeof span);
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const RemoteAccount& remote,
                                                     std::uint64_t literal_octets_max) {
  std::unique_ptr<Connection> made(new Connection(remote, literal_octets_max));
  TRY_VOID(made->connect());
  if (remote.encryption == Encryption::implicit) TRY_VOID(made->start_tls());
  TRY_VOID(made->greet());
  if (remote.encryption == Encryption::starttls) {
    const auto begun = made->command("STARTTLS", [](Response) { return Result<void>(); });
    if (!begun) return Error(ErrorKind::denied, remote.host + " refuses STARTTLS");
    TRY_VOID(made->start_tls());
  }
  TRY_VOID(made->log_in());
  TRY_VOID(made->learn_capabilities());
  return made;
}

Connection::~Connection() {
  if (ssl_ != nullptr) SSL_free(ssl_);
  if (socket_ >= 0) ::close(socket_);
}

Result<void> Connection::connect() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(remote_.host.c_str(), std::to_string(remote_.port).c_str(), &hints, &found);
  if (code != 0) return Error(ErrorKind::not_found, remote_.host + ": " + ::gai_strerror(code));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  Error last(ErrorKind::unavailable, remote_.host + ": no address");
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    socket_ = ::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol);
    if (socket_ < 0) continue;
    limit_silence(socket_, kConnectSeconds);
    if (::connect(socket_, one->ai_addr, one->ai_addrlen) == 0) {
      limit_silence(socket_, kSilenceSeconds);
      return {};
    }
    last = system_error(remote_.host);
    ::close(std::exchange(socket_, -1));
  }
  return last;
}

Result<void> Connection::start_tls() {
  input_.clear();
  taken_ = 0;
  capabilities_ = Response();
  ClientTrust trust;
  trust.ca_file = remote_.ca_file;
  TRY(context_, client_tls_context(trust));
  ssl_ = SSL_new(context_.get());
  SSL_set_fd(ssl_, socket_);
  // A certificate may name an address instead of a host.
  X509_VERIFY_PARAM* expected = SSL_get0_param(ssl_);
  if (X509_VERIFY_PARAM_set1_ip_asc(expected, remote_.host.c_str()) != 1) {
    SSL_set1_host(ssl_, remote_.host.c_str());
    SSL_set_tlsext_host_name(ssl_, remote_.host.c_str());
  }
  if (SSL_connect(ssl_) == 1) return {};
  const long verdict = SSL_get_verify_result(ssl_);
  if (verdict != X509_V_OK)
    return Error(ErrorKind::denied,
                 remote_.host + "'s certificate: " + X509_verify_cert_error_string(verdict));
  return Error(ErrorKind::unavailable, remote_.host + ": TLS fails");
}

Result<void> Connection::greet() {
  TRY(const Response greeting, read_response());
  if (text::starts_with_same(greeting.text, "* OK")) {
    if (has_capability(greeting, "IMAP4rev1")) capabilities_ = greeting;
    return {};
  }
  const bool refused = text::starts_with_same(greeting.text, "* BYE");
  return Error(refused ? ErrorKind::unavailable : ErrorKind::invalid,
               remote_.host + " greets with " + text::printable(greeting.text));
}

Result<void> Connection::log_in() {
  if (capabilities_.text.empty()) TRY_VOID(learn_capabilities());
  const auto nothing = [](Response) { return Result<void>(); };
  Result<void> done;
  if (offers("AUTH=PLAIN")) {
    const std::string who = remote_.master_user.empty() ? remote_.user : remote_.master_user;
    const std::string as = remote_.master_user.empty() ? "" : remote_.user;
    const Secret words(as + '\0' + who + '\0' + std::string(remote_.password.reveal()));
    TRY_VOID(begin("AUTHENTICATE PLAIN"));
    TRY(const Response answer, read_response());
    if (!answer.text.starts_with("+"))
      return Error(ErrorKind::denied, remote_.host + " refuses AUTHENTICATE PLAIN");
    TRY_VOID(send(text::base64(words.reveal()) + "\r\n"));
    for (;;) {
      const auto heard = next();
      if (!heard) {
        done = heard.error();
        break;
      }
      if (!*heard) break;
    }
  } else if (!offers("LOGINDISABLED") && remote_.master_user.empty()) {
    TRY(const std::string user, quoted(remote_.user));
    TRY(const std::string password, quoted(remote_.password.reveal()));
    done = command("LOGIN " + user + " " + password, nothing);
  } else {
    return Error(ErrorKind::denied, remote_.host + " offers no way to log in that we know");
  }
  if (!done && done.error().kind == ErrorKind::invalid)
    return Error(ErrorKind::denied,
                 remote_.host + " refuses the log-in of " + remote_.user + ": " + done.error().detail);
  return done;
}

Result<void> Connection::learn_capabilities() {
  return command("CAPABILITY", [this](Response response) {
    if (has_capability(response, "IMAP4rev1")) capabilities_ = std::move(response);
    return Result<void>();
  });
}

bool Connection::offers(const std::string& capability) const {
  return has_capability(capabilities_, capability).value_or(false);
}

Result<void> Connection::command(const std::string& text, const std::function<Result<void>(Response)>& hear) {
  TRY_VOID(begin(text));
  Result<void> heard;
  for (;;) {
    TRY(std::optional<Response> response, next());
    if (!response) return heard;
    if (heard) heard = hear(*std::move(response));
  }
}

Result<void> Connection::begin(const std::string& text) {
  tag_ = "a" + std::to_string(++tags_);
  return send(tag_ + " " + text + "\r\n");
}

Result<std::optional<Response>> Connection::next() {
  TRY(Response response, read_response());
  if (const auto tagged = parse_tagged(response, tag_)) {
    if (tagged->outcome == Outcome::ok) return std::optional<Response>();
    return Error(ErrorKind::invalid, text::printable(tagged->text, 200));
  }
  if (text::starts_with_same(response.text, "* BYE"))
    return Error(ErrorKind::closed, remote_.host + " says " + text::printable(response.text, 200));
  return std::optional<Response>(std::move(response));
}

void Connection::log_out() {
  (void)send("z LOGOUT\r\n");
}

Result<void> Connection::send(std::string_view octets) {
  while (!octets.empty()) {
    const int piece = static_cast<int>(std::min<std::size_t>(octets.size(), kReadOctets));
    const ssize_t count = ssl_ != nullptr
                              ? SSL_write(ssl_, octets.data(), piece)
                              : ::send(socket_, octets.data(), static_cast<std::size_t>(piece), MSG_NOSIGNAL);
    if (count <= 0) return system_error("writing to " + remote_.host);
    octets.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> Connection::fill() {
  input_.erase(0, std::exchange(taken_, 0));
  const std::size_t had = input_.size();
  input_.resize(had + kReadOctets);
  errno = 0;
  const ssize_t count = ssl_ != nullptr ? SSL_read(ssl_, input_.data() + had, kReadOctets)
                                        : ::recv(socket_, input_.data() + had, kReadOctets, 0);
  const Error error = system_error("reading from " + remote_.host);
  input_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count > 0) return {};
  const bool ended = count == 0 || errno == 0;
  return ended ? Error(ErrorKind::closed, remote_.host + " has closed the connection") : error;
}

Result<std::string> Connection::read_line() {
  std::size_t looked = 0;
  for (;;) {
    const std::size_t end = input_.find('\n', taken_ + looked);
    if (end != std::string::npos) {
      std::string line = input_.substr(taken_, end - taken_);
      taken_ = end + 1;
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    looked = input_.size() - taken_;
    if (looked > kLineOctetsMax) return Error(ErrorKind::invalid, remote_.host + " sends an endless line");
    TRY_VOID(fill());
  }
}

Result<std::string> Connection::read_exactly(std::size_t octets) {
  std::string result;
  while (result.size() < octets) {
    if (taken_ == input_.size()) TRY_VOID(fill());
    const std::size_t count = std::min(octets - result.size(), input_.size() - taken_);
    result.append(input_, taken_, count);
    taken_ += count;
  }
  return result;
}

Result<Response> Connection::read_response() {
  Response response;
  std::uint64_t octets = 0;
  for (;;) {
    TRY(const std::string line, read_line());
    response.text += line;
    const auto literal = literal_at_end(line);
    if (!literal) return response;
    octets += *literal;
    const bool fits = octets <= literal_octets_max_ && response.literals.size() < kLiteralsMax &&
                      response.text.size() < kLineOctetsMax;
    if (!fits) return Error(ErrorKind::too_large, remote_.host + " sends a response beyond all bounds");
    TRY(std::string text, read_exactly(static_cast<std::size_t>(*literal)));
    response.literals.push_back(std::move(text));
  }
}

}  // namespace postern::imap_client
