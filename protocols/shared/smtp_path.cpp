#include "protocols/shared/smtp_path.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern {

namespace {

// atext of RFC 5322 §3.2.3 and the dot; RFC 6531 adds UTF-8.
bool is_dot_string_octet(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet >= 0x80 || text::is_alpha(c) || text::is_digit(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

bool is_domain_octet(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet >= 0x80 || text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '.' || c == '_';
}

struct PathReader {
  std::string_view in;
  std::size_t at = 0;

  bool more() const { return at < in.size(); }
  bool take(char c) {
    if (!more() || in[at] != c) return false;
    ++at;
    return true;
  }

  // Quoted-string = DQUOTE *(qtextSMTP / quoted-pairSMTP) DQUOTE
  std::optional<std::string> quoted() {
    std::string out;
    while (more() && in[at] != '"') {
      if (in[at] == '\\') ++at;
      if (!more() || static_cast<unsigned char>(in[at]) < ' ' || in[at] == 0x7F) return std::nullopt;
      out += in[at++];
    }
    if (!take('"')) return std::nullopt;
    return out;
  }

  std::optional<std::string> local_part() {
    if (take('"')) return quoted();
    const std::size_t begin = at;
    while (more() && is_dot_string_octet(in[at])) ++at;
    const std::string_view local = in.substr(begin, at - begin);
    if (local.empty()) return std::nullopt;
    return std::string(local);
  }

  std::optional<std::string> domain() {
    const std::size_t begin = at;
    if (take('[')) {
      while (more() && in[at] != ']' && in[at] > ' ' && in[at] != '>') ++at;
      if (!take(']')) return std::nullopt;
    } else {
      while (more() && is_domain_octet(in[at])) ++at;
    }
    if (at == begin) return std::nullopt;
    return std::string(in.substr(begin, at - begin));
  }

  // A-d-l ":": obsolete, accepted and ignored (RFC 5321 §4.1.1.3).
  bool skip_route() {
    while (take('@')) {
      if (!domain()) return false;
      if (!take(',')) return take(':');
    }
    return true;
  }
};

}  // namespace

std::optional<ParsedPath> parse_path(std::string_view input) {
  PathReader reader{input};
  if (!reader.take('<')) return std::nullopt;
  if (reader.take('>')) return ParsedPath{{}, reader.at};
  if (!reader.skip_route()) return std::nullopt;
  auto local = reader.local_part();
  if (!local || local->size() > kLocalPartOctetsMax) return std::nullopt;
  ForwardPath path{*std::move(local), {}};
  if (reader.take('@')) {
    auto domain = reader.domain();
    if (!domain || domain->size() > kDomainOctetsMax) return std::nullopt;
    path.domain = *std::move(domain);
  } else if (!text::same(path.local, "postmaster")) {
    return std::nullopt;
  }
  if (!reader.take('>')) return std::nullopt;
  return ParsedPath{std::move(path), reader.at};
}

std::string path_text(std::string_view address) {
  const std::size_t at = address.rfind('@');
  const std::string_view local = address.substr(0, at);
  const std::string_view rest = at == std::string_view::npos ? std::string_view() : address.substr(at);
  if (std::all_of(local.begin(), local.end(), is_dot_string_octet)) return '<' + std::string(address) + '>';
  std::string out = "<\"";
  for (const char c : local) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"' + std::string(rest) + '>';
}

std::optional<std::string_view> after_keyword(std::string_view arguments, std::string_view keyword) {
  if (!text::starts_with_same(arguments, keyword)) return std::nullopt;
  return text::trim(arguments.substr(keyword.size()));
}

std::optional<EsmtpParameter> next_parameter(std::string_view& rest) {
  const std::size_t begin = rest.find_first_not_of(' ');
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = std::min(rest.find(' ', begin), rest.size());
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return EsmtpParameter{word, std::nullopt};
  return EsmtpParameter{word.substr(0, equals), word.substr(equals + 1)};
}

bool is_xtext(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '!' || text[i] > '~' || text[i] == '=') return false;
    if (text[i] != '+') continue;
    if (!text::unhex(text.substr(i + 1, 2)) || text.size() - i < 3) return false;
    i += 2;
  }
  return true;
}

}  // namespace postern
