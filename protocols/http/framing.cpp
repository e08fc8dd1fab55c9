#include "protocols/http/framing.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/http/limits.h"

namespace postern::http {

namespace {

constexpr std::uint64_t kContentLengthMax = UINT64_C(1) << 62;

bool is_visible(char c) {
  return c > 0x20 && c < 0x7F;
}

// RFC 9110 §7.2; what no host name, address or port has is not passed on to anybody.
bool is_host(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return text::is_alpha(c) || text::is_digit(c) ||
           std::string_view("-._~:[]%").find(c) != std::string::npos;
  });
}

// RFC 9112 §3.2: origin-form; asterisk-form for OPTIONS; absolute-form, whose authority must be the Host.
std::optional<Refusal> split_target(RequestHead& head, std::string_view target, std::string_view host) {
  if (target.size() > kTargetOctetsMax) return Refusal{414, "request target too long"};
  if (!std::all_of(target.begin(), target.end(), is_visible) || target.find('#') != std::string::npos) {
    return Refusal{400, "bad request target"};
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text::starts_with_same(target, scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    if (!text::same(target.substr(0, end), host)) return Refusal{400, "target and Host differ"};
    target.remove_prefix(end);
    if (target.empty() || target.front() == '?') {
      head.path = "/";
      head.query = target.substr(std::min<std::size_t>(1, target.size()));
      return std::nullopt;
    }
    break;
  }
  if (target == "*" && head.method == "OPTIONS") {
    head.path = target;
    return std::nullopt;
  }
  if (target.empty() || target.front() != '/') return Refusal{400, "bad request target"};
  const std::size_t mark = target.find('?');
  head.path = target.substr(0, mark);
  if (mark != std::string_view::npos) head.query = target.substr(mark + 1);
  return std::nullopt;
}

std::optional<Refusal> settle_body(RequestHead& head) {
  const std::size_t lengths = head.fields.count("Content-Length");
  const std::size_t codings = head.fields.count("Transfer-Encoding");
  if (lengths > 1) return Refusal{400, "more than one Content-Length"};
  if (codings > 1) return Refusal{400, "more than one Transfer-Encoding"};
  if (lengths > 0 && codings > 0) return Refusal{400, "both Content-Length and Transfer-Encoding"};
  if (lengths > 0) {
    const auto length = text::number(*head.fields.find("Content-Length"), kContentLengthMax);
    if (!length) return Refusal{400, "bad Content-Length"};
    head.content_length = *length;
  }
  if (codings > 0) {
    if (head.minor_version == 0) return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
    if (!text::same(*head.fields.find("Transfer-Encoding"), "chunked")) {
      return Refusal{501, "unknown Transfer-Encoding"};
    }
    head.chunked = true;
  }
  if (head.has_body() && (head.method == "GET" || head.method == "HEAD")) {
    return Refusal{400, "a body where none belongs"};
  }
  const auto coding = head.fields.find("Content-Encoding");
  if (coding && !text::same(*coding, "identity")) return Refusal{415, "compressed requests are not taken"};
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> settle(RequestHead& head, std::string_view target) {
  const std::size_t hosts = head.fields.count("Host");
  if (hosts > 1 || (hosts == 0 && head.minor_version > 0)) return Refusal{400, "exactly one Host is needed"};
  const std::string_view host = head.fields.find("Host").value_or("");
  if (!is_host(host)) return Refusal{400, "bad Host"};
  if (auto refusal = split_target(head, target, host)) return refusal;
  if (auto refusal = settle_body(head)) return refusal;
  head.keep_alive = head.minor_version > 0 ? !head.fields.has_token("Connection", "close")
                                           : head.fields.has_token("Connection", "keep-alive");
  if (const auto expectation = head.fields.find("Expect")) {
    if (!text::same(*expectation, "100-continue")) return Refusal{417, "unknown expectation"};
    head.expects_continue = head.minor_version > 0 && head.has_body();  // RFC 9110 §10.1.1
  }
  return std::nullopt;
}

}  // namespace postern::http
