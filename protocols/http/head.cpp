#include "protocols/http/head.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/http/limits.h"

namespace postern::http {

namespace {

// RFC 9110 §5.6.2
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return text::is_alpha(c) || text::is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string::npos;
  });
}

// RFC 9110 §5.5: visible characters, spaces and what is not ASCII.
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet >= 0x20 && octet != 0x7F) || c == '\t';
  });
}

// Off the front of `octets`, without its CRLF.
std::string_view take_line(std::string_view& octets) {
  const std::size_t end = octets.find("\r\n");
  const std::string_view line = octets.substr(0, end);
  octets.remove_prefix(end + 2);
  return line;
}

std::optional<Refusal> parse_request_line(std::string_view line, RequestHead& head, std::string& target) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return Refusal{400, "bad request line"};
  const std::string_view method = line.substr(0, first);
  const std::string_view version = line.substr(second + 1);
  if (!is_token(method)) return Refusal{400, "bad method"};
  const bool is_version = version.size() == 8 && version.starts_with("HTTP/") && text::is_digit(version[5]) &&
                          version[6] == '.' && text::is_digit(version[7]);
  if (!is_version) return Refusal{400, "bad request line"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return Refusal{505, "HTTP/1.0 and HTTP/1.1 are spoken here"};
  }
  head.method = method;
  head.minor_version = version.back() == '1' ? 1 : 0;
  target = line.substr(first + 1, second - first - 1);
  return std::nullopt;
}

}  // namespace

HeadScan::State HeadScan::refuse(int status, std::string_view reason) {
  refusal_ = {status, reason};
  return State::refused;
}

HeadScan::State HeadScan::look(std::string_view head) {
  for (; looked_ < head.size(); ++looked_) {
    const char c = head[looked_];
    const bool after_cr = looked_ > 0 && head[looked_ - 1] == '\r';
    if (looked_ >= kHeadOctetsMax) return refuse(431, "head too large");
    if (c == '\0') return refuse(400, "NUL in the head");
    if (after_cr != (c == '\n')) return refuse(400, "CR or LF alone in the head");
    if (c == '\n') {
      const bool is_empty = looked_ - line_begin_ == 1;
      line_begin_ = looked_ + 1;
      if (is_empty && lines_ > 0) {
        ++looked_;
        return State::ended;
      }
      // An empty line in front of a request is some clients' habit (RFC 9112 §2.2); the parser's caller drops
      // it.
      if (is_empty) return refuse(400, "no request line");
      if (++lines_ > kFieldsMax + 1) return refuse(431, "too many header fields");
    } else if (looked_ == line_begin_ && (c == ' ' || c == '\t')) {
      return refuse(400, "folded header field");  // RFC 9112 §5.2
    } else if (lines_ == 0 && looked_ > kTargetOctetsMax + 64) {
      return refuse(414, "request line too long");
    }
  }
  return State::more;
}

std::optional<Refusal> parse_head(std::string_view octets, RequestHead& head, std::string& target) {
  if (auto refusal = parse_request_line(take_line(octets), head, target)) return refusal;
  while (true) {
    const std::string_view line = take_line(octets);
    if (line.empty()) return std::nullopt;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
      return Refusal{400, "bad header field"};
    }
    const std::string_view value = text::trim(line.substr(colon + 1));
    if (!is_field_value(value)) return Refusal{400, "bad header field"};
    head.fields.add(std::string(line.substr(0, colon)), std::string(value));
  }
}

}  // namespace postern::http
