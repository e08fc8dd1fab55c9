#include "protocols/submission/auth_protocol.h"

#include "gateway/base/text.h"
#include "gateway/net/network.h"

namespace postern::submission {

namespace {

std::optional<std::uint32_t> number_from(std::string_view digits) {
  const auto number = text::number(digits, UINT32_MAX);
  if (!number) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

// "AUTH" id mechanism *(name ["=" value]); "resp" is the last.
AuthLine parse_request(const std::vector<std::string_view>& words) {
  if (words.size() < 3) return AuthMalformed();
  const auto id = number_from(words[1]);
  if (!id || words[2].empty()) return AuthMalformed();
  AuthRequest request;
  request.id = *id;
  request.mechanism = text::to_upper(words[2]);
  for (std::size_t i = 3; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    const std::string_view name = words[i].substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? "" : words[i].substr(equals + 1);
    if (name == "rip" && IpAddress::parse(value)) request.peer.host = value;
    if (name == "rport") request.peer.port = static_cast<std::uint16_t>(number_from(value).value_or(0));
    if (name != "resp") continue;
    request.initial_response = text::unbase64(value);
    if (!request.initial_response) return AuthMalformed();
  }
  return request;
}

}  // namespace

AuthLine parse_auth_line(std::string_view line) {
  const auto words = text::split(line, '\t');
  const std::string_view verb = words[0];
  const auto number = words.size() > 1 ? number_from(words[1]) : std::nullopt;
  if (verb == "AUTH") return parse_request(words);
  if (verb != "VERSION" && verb != "CONT" && verb != "CANCEL") return AuthOther();
  if (!number) return AuthMalformed();
  if (verb == "VERSION") return AuthVersion{*number};
  if (verb == "CANCEL") return AuthCancel{*number};
  const auto response = text::unbase64(words.size() > 2 ? words[2] : "");
  if (!response) return AuthMalformed();
  return AuthContinue{*number, *response};
}

std::string escape_auth_value(std::string_view value) {
  std::string out;
  for (const char c : value) {
    switch (c) {
      case '\0': out += "\0010"; break;
      case '\001': out += "\0011"; break;
      case '\t': out += "\001t"; break;
      case '\n': out += "\001n"; break;
      case '\r': out += "\001r"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace postern::submission
