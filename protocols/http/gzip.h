// Content-Encoding: gzip for answers (RFC 9110 §8.4.1, RFC 1952): whether, and how. Pure.
#pragma once

#include <string>
#include <string_view>

#include "protocols/http/message.h"

namespace postern::http {

constexpr std::size_t kGzipOctetsMin = 1024;  // below that the saving is eaten by a packet's own cost
constexpr std::size_t kGzipOnLoopOctetsMax = 16 * 1024;  // more is a worker's work

// The request allows it (RFC 9110 §12.5.3).
bool accepts_gzip(const RequestHead& request);
// That, the type gains by it, and it is not encoded yet.
bool wants_gzip(const RequestHead& request, const Response& response);
std::string gzip(std::string_view octets);

}  // namespace postern::http
