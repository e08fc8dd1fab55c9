#include "gateway/net/connect.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "gateway/async/channel.h"
#include "gateway/async/poll_watch.h"
#include "gateway/net/socket.h"
#include "gateway/net/tcp_stream.h"

namespace postern {

namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t octets = 0;
  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
};
using SocketAddresses = std::vector<SocketAddress>;
using OwnedStream = std::unique_ptr<ByteStream>;

// Lives until both the resolver and whoever waits for it have let go.
struct Resolution {
  explicit Resolution(Loop& loop) : outcome(loop) {}
  uv_getaddrinfo_t request{};
  Channel<int> outcome;
  SocketAddresses addresses;
};

void on_resolved(uv_getaddrinfo_t* request, int status, addrinfo* found) {
  const std::unique_ptr<std::shared_ptr<Resolution>> own(
      static_cast<std::shared_ptr<Resolution>*>(request->data));
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    SocketAddress address;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.octets = entry->ai_addrlen;
    (*own)->addresses.push_back(address);
  }
  uv_freeaddrinfo(found);
  (*own)->outcome.send(status);
}

void start_unless_never(Timer& timer, Deadline deadline) {
  if (deadline.at != SteadyTime::max()) timer.start(deadline.left());
}

Task<Result<SocketAddresses>> resolve(Loop& loop, std::string host, std::uint16_t port, Deadline deadline) {
  auto resolution = std::make_shared<Resolution>(loop);
  auto own = std::make_unique<std::shared_ptr<Resolution>>(resolution);
  resolution->request.data = own.get();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  const std::string service = std::to_string(port);
  const int started =
      uv_getaddrinfo(loop.raw(), &resolution->request, on_resolved, host.c_str(), service.c_str(), &hints);
  if (started != 0) co_return Error(ErrorKind::not_found, host + ": " + uv_strerror(started));
  own.release();

  Timer timer(loop, [&] { resolution->outcome.send(UV_ETIMEDOUT); });
  start_unless_never(timer, deadline);
  auto outcome = co_await resolution->outcome.next();
  if (*outcome == UV_ETIMEDOUT) co_return Error(ErrorKind::timed_out, host + ": no answer from the resolver");
  if (*outcome != 0) co_return Error(ErrorKind::not_found, host + ": " + uv_strerror(*outcome));
  co_return std::move(resolution->addresses);
}

Error refused(int reason) {
  return Error(ErrorKind::unavailable, std::string("connect: ") + std::strerror(reason));
}

Task<Result<OwnedStream>> connect_to(Loop& loop, SocketAddress address, Deadline deadline) {
  Descriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) co_return refused(errno);
  if (::connect(socket.get(), address.raw(), address.octets) != 0) {
    // EAGAIN is a unix socket's full backlog; there is nothing to wait for.
    if (errno != EINPROGRESS) co_return refused(errno);
    Channel<bool> writable(loop);
    PollWatch watch(loop, socket.get(), [&](int) { writable.send(true); });
    Timer timer(loop, [&] { writable.send(false); });
    watch.start(UV_WRITABLE);
    start_unless_never(timer, deadline);
    auto in_time = co_await writable.next();
    if (!*in_time) co_return Error(ErrorKind::timed_out, "connect: no answer");
    watch.stop();
    int reason = 0;
    socklen_t octets = sizeof reason;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &reason, &octets);
    if (reason != 0) co_return refused(reason);
  }
  auto stream = TcpStream::adopt(loop, std::move(socket), address_of(address.raw()));
  if (!stream) co_return std::move(stream).error();
  co_return OwnedStream(*std::move(stream));
}

}  // namespace

Task<Result<OwnedStream>> connect_tcp(Loop& loop, std::string host, std::uint16_t port, Deadline deadline) {
  CO_TRY(SocketAddresses addresses, co_await resolve(loop, host, port, deadline));
  Error last(ErrorKind::not_found, host + ": no address");
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const SocketAddress address = addresses[i];
    Deadline share = deadline;
    const auto left = static_cast<Milliseconds::rep>(addresses.size() - i);
    if (deadline.at != SteadyTime::max()) share = Deadline::after(deadline.left() / left);
    auto stream = co_await connect_to(loop, address, share);
    if (stream) co_return stream;
    last = std::move(stream).error();
  }
  co_return last;
}

Task<Result<OwnedStream>> connect_unix(Loop& loop, std::string path, Deadline deadline) {
  SocketAddress address;
  auto& to = reinterpret_cast<sockaddr_un&>(address.storage);
  if (path.size() >= sizeof to.sun_path) co_return Error(ErrorKind::invalid, "socket path too long: " + path);
  to.sun_family = AF_UNIX;
  path.copy(to.sun_path, path.size());
  address.octets = sizeof to;
  co_return co_await connect_to(loop, address, deadline);
}

}  // namespace postern
