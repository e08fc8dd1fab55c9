// The few system calls on sockets that libuv has no word for.
#pragma once

#include <cstdint>

#include "gateway/net/byte_stream.h"
#include "gateway/net/descriptor.h"
#include "gateway/net/front_end.h"

struct sockaddr;

namespace postern {

// A listening socket, non-blocking. TCP ports are shared among worker processes (SO_REUSEPORT); a stale unix
// socket is replaced. Errors: invalid address, unavailable with the system's reason.
Result<Descriptor> listen_at(const Endpoint& endpoint);
bool is_unix_path(const std::string& address);  // "unix:/path"

bool is_unix_socket(int descriptor);
std::uint16_t local_port(int descriptor);  // 0 for a unix socket
PeerAddress address_of(const sockaddr* address);

// No delay for small answers, and keep-alive so that a silent peer is found in minutes.
void set_stream_options(int descriptor);

}  // namespace postern
