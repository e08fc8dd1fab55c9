#include "protocols/http/basic_auth.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/http/problem.h"

namespace postern::http {

namespace {

constexpr std::size_t kDecodedOctetsMax = kUserOctetsMax + 1 + kBasicPasswordOctetsMax;

std::string utf8_from_latin1(std::string_view text) {
  std::string utf8;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0 | octet >> 6);
      utf8 += static_cast<char>(0x80 | (octet & 0x3F));
    }
  }
  return utf8;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;  // RFC 7617 §2
  });
}

std::string full_name(std::string_view given, std::string_view default_domain) {
  std::string_view user = given;
  std::string_view domain = default_domain;
  const std::size_t backslash = given.find('\\');
  if (backslash != std::string_view::npos) {
    user = given.substr(backslash + 1);
    const std::string_view named = given.substr(0, backslash);
    if (named.find('.') != std::string_view::npos) domain = named;
  }
  if (user.find('@') != std::string_view::npos) return std::string(user);
  if (domain.empty()) return std::string(given);
  return std::string(user) + '@' + std::string(domain);
}

}  // namespace

std::optional<BasicCredentials> basic_credentials(std::string_view authorization,
                                                  std::string_view default_domain) {
  constexpr std::string_view kScheme = "Basic ";
  if (!text::starts_with_same(authorization, kScheme)) return std::nullopt;
  const std::string_view encoded = text::trim(authorization.substr(kScheme.size()));
  if (encoded.size() > (kDecodedOctetsMax + 2) / 3 * 4) return std::nullopt;
  auto decoded = text::unbase64(encoded);
  if (!decoded) return std::nullopt;
  if (!text::is_utf8(*decoded)) decoded = utf8_from_latin1(*decoded);
  const Secret whole(*std::move(decoded));
  const std::size_t colon = whole.reveal().find(':');
  if (colon == std::string_view::npos || has_control(whole.reveal())) return std::nullopt;
  const std::string_view user = whole.reveal().substr(0, colon);
  const std::string_view password = whole.reveal().substr(colon + 1);
  if (user.empty() || user.size() > kUserOctetsMax || password.size() > kBasicPasswordOctetsMax) {
    return std::nullopt;
  }
  return BasicCredentials(full_name(user, default_domain), Secret(std::string(password)));
}

Response basic_challenge(std::string_view realm) {
  Response response = plain(401);
  response.fields.set("WWW-Authenticate", "Basic realm=\"" + std::string(realm) + "\", charset=\"UTF-8\"");
  return response;
}

}  // namespace postern::http
