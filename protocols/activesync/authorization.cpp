#include "protocols/activesync/authorization.h"

#include "gateway/base/text.h"

namespace postern::activesync {

namespace {

std::string address_of(std::string_view user) {
  const std::size_t backslash = user.find('\\');
  if (backslash == std::string_view::npos) return std::string(user);
  const std::string_view domain = user.substr(0, backslash);
  const std::string_view name = user.substr(backslash + 1);
  // A name that is an address already has a Windows domain in front, if anything.
  if (domain.empty() || name.find('@') != std::string_view::npos) return std::string(name);
  return std::string(name) + '@' + std::string(domain);
}

}  // namespace

std::optional<BasicCredentials> parse_basic(std::string_view authorization) {
  constexpr std::string_view kScheme = "Basic ";
  if (!text::starts_with_same(authorization, kScheme)) return std::nullopt;
  const auto pair = text::unbase64(text::trim(authorization.substr(kScheme.size())));
  if (!pair) return std::nullopt;
  const std::size_t colon = pair->find(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  return BasicCredentials{address_of(std::string_view(*pair).substr(0, colon)),
                          Secret(pair->substr(colon + 1))};
}

}  // namespace postern::activesync
