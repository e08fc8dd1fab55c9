#include "gateway/base/http_line.h"

#include <algorithm>
#include <array>

namespace postern {

namespace {
// PRI opens HTTP/2 (RFC 9113 §3.4).
constexpr std::array<std::string_view, 10> kMethods{"GET",     "HEAD",    "POST",  "PUT",   "DELETE",
                                                    "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI"};
}  // namespace

bool is_http_line(std::string_view line) {
  return std::ranges::find(kMethods, line.substr(0, line.find(' '))) != kMethods.end();
}

}  // namespace postern
