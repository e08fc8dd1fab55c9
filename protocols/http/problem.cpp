#include "protocols/http/problem.h"

#include <fmt/format.h>

namespace postern::http {

namespace {

// A JSON string's inside: RFC 8259 §7. Takes UTF-8.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (octet < 0x20) {
      out += fmt::format("\\u{:04x}", octet);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return 400;
    case ErrorKind::not_found: return 404;
    case ErrorKind::already_exists:
    case ErrorKind::stale: return 409;
    case ErrorKind::denied: return 403;
    case ErrorKind::over_quota: return 507;
    case ErrorKind::too_large: return 413;
    case ErrorKind::timed_out: return 408;
    case ErrorKind::unavailable: return 503;
    case ErrorKind::closed:
    case ErrorKind::internal: return 500;
  }
  return 500;
}

Response plain(int status, std::string_view text) {
  std::string body(text.empty() ? reason_phrase(status) : text);
  return Response(status, "text/plain; charset=utf-8", std::move(body) + "\n");
}

Response problem(int status, std::string_view detail) {
  std::string body = fmt::format(R"({{"title":"{}","status":{})", reason_phrase(status), status);
  if (!detail.empty()) body += fmt::format(R"(,"detail":"{}")", escaped(detail));
  body += "}\n";
  return Response(status, "application/problem+json", std::move(body));
}

}  // namespace postern::http
