// Calling out: a TCP connection to a host by name or address.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "gateway/net/byte_stream.h"

namespace postern {

// Tries the host's addresses in the resolver's order; each gets an equal share of the time that is left.
// Errors: not_found (no such name), unavailable (refused or unreachable), timed_out.
Task<Result<std::unique_ptr<ByteStream>>> connect_tcp(Loop& loop, std::string host, std::uint16_t port,
                                                      Deadline deadline);
// The same to a unix socket.
Task<Result<std::unique_ptr<ByteStream>>> connect_unix(Loop& loop, std::string path, Deadline deadline);

}  // namespace postern
