#include "gateway/net/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>

#include "gateway/net/network.h"

namespace postern {

namespace {

constexpr int kBacklog = 1024;
constexpr std::string_view kUnixPrefix = "unix:";

Error system_error(std::string_view what, const Endpoint& endpoint) {
  const std::string reason = std::strerror(errno);
  return Error(ErrorKind::unavailable, std::string(what) + " " + endpoint.address + " port " +
                                           std::to_string(endpoint.port) + ": " + reason);
}

void set_option(int descriptor, int level, int name, int value) {
  ::setsockopt(descriptor, level, name, &value, sizeof value);
}

Result<Descriptor> listen_at_path(const Endpoint& endpoint) {
  const std::string path = endpoint.address.substr(kUnixPrefix.size());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return Error(ErrorKind::invalid, "not a usable socket path: " + endpoint.address);
  }
  path.copy(address.sun_path, path.size());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return system_error("socket for", endpoint);
  struct stat found {};
  if (::lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode)) ::unlink(path.c_str());
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return system_error("bind", endpoint);
  }
  // Else its folder says who may reach it: mail servers run as users of their own.
  const mode_t mode = endpoint.owner_only ? 0600 : 0666;
  if (::chmod(path.c_str(), mode) != 0) return system_error("chmod", endpoint);
  if (::listen(socket.get(), kBacklog) != 0) return system_error("listen", endpoint);
  return socket;
}

}  // namespace

bool is_unix_path(const std::string& address) {
  return address.starts_with(kUnixPrefix);
}

Result<Descriptor> listen_at(const Endpoint& endpoint) {
  if (is_unix_path(endpoint.address)) return listen_at_path(endpoint);
  const auto ip = IpAddress::parse(endpoint.address);
  if (!ip) return Error(ErrorKind::invalid, "not an IP address: " + endpoint.address);
  const bool v4 = ip->is_v4();
  Descriptor socket(::socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return system_error("socket for", endpoint);
  set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1);

  sockaddr_storage address{};
  socklen_t length = 0;
  if (v4) {
    auto& in = reinterpret_cast<sockaddr_in&>(address);
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, ip->octets.data() + 12, 4);
    length = sizeof in;
  } else {
    // Each family has its own endpoint, so "::" does not collide with "0.0.0.0".
    set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
    auto& in6 = reinterpret_cast<sockaddr_in6&>(address);
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(endpoint.port);
    std::memcpy(&in6.sin6_addr, ip->octets.data(), 16);
    length = sizeof in6;
  }
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), length) != 0) {
    return system_error("bind", endpoint);
  }
  if (::listen(socket.get(), kBacklog) != 0) return system_error("listen", endpoint);
  return socket;
}

bool is_unix_socket(int descriptor) {
  int domain = 0;
  socklen_t length = sizeof domain;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_UNIX;
}

PeerAddress address_of(const sockaddr* address) {
  PeerAddress peer;
  IpAddress ip;
  if (address->sa_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(*address);
    char text[INET_ADDRSTRLEN] = {};
    inet_ntop(AF_INET, &in.sin_addr, text, sizeof text);
    peer.host = text;
    peer.port = ntohs(in.sin_port);
  } else if (address->sa_family == AF_INET6) {
    const auto& in6 = reinterpret_cast<const sockaddr_in6&>(*address);
    std::memcpy(ip.octets.data(), &in6.sin6_addr, ip.octets.size());
    peer.host = ip.text();
    peer.port = ntohs(in6.sin6_port);
  }
  return peer;
}

std::uint16_t local_port(int descriptor) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  return address_of(reinterpret_cast<sockaddr*>(&address)).port;
}

void set_stream_options(int descriptor) {
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 120);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 30);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

}  // namespace postern
