#include "config/database_url.h"

#include <algorithm>
#include <vector>

#include "gateway/base/text.h"

namespace postern {
namespace {

// user:password@host,…/name?password=…&…
std::string uri_without_password(std::string_view url) {
  const auto authority = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/?", authority), url.size());
  const auto at = url.substr(0, end).rfind('@');
  std::string out(url.substr(0, authority));
  std::string_view rest = url.substr(authority);
  if (at != std::string_view::npos && at >= authority) {
    const std::string_view user_info = url.substr(authority, at - authority);
    out += user_info.substr(0, user_info.find(':'));
    rest = url.substr(at);
  }
  const auto question = rest.find('?');
  out += rest.substr(0, question);
  if (question == std::string_view::npos) return out;
  char separator = '?';
  for (const std::string_view parameter : text::split(rest.substr(question + 1), '&')) {
    if (text::starts_with_same(parameter, "password=")) continue;
    out += separator;
    out += parameter;
    separator = '&';
  }
  return out;
}

// One "key = value" from the front of `in`; a value may be quoted with ', and \ escapes in both forms.
std::string_view take_word(std::string_view& in) {
  std::size_t at = std::min(in.find('='), in.size());
  if (at < in.size()) ++at;
  while (at < in.size() && in[at] == ' ') ++at;
  const bool quoted = at < in.size() && in[at] == '\'';
  if (quoted) ++at;
  while (at < in.size() && in[at] != (quoted ? '\'' : ' ')) at += in[at] == '\\' ? 2 : 1;
  at = std::min(at + (quoted ? 1 : 0), in.size());
  const std::string_view word = in.substr(0, at);
  in.remove_prefix(at);
  return word;
}

std::string words_without_password(std::string_view url) {
  std::string out;
  std::string_view rest = url;
  bool found = false;
  while (!text::trim(rest).empty()) {
    const std::string_view word = text::trim(take_word(rest));
    if (text::same(text::trim(word.substr(0, word.find('='))), "password")) {
      found = true;
      continue;
    }
    if (!out.empty()) out += ' ';
    out += word;
  }
  return found ? out : std::string(url);
}

}  // namespace

std::string without_password(std::string_view url) {
  if (url.find("://") != std::string_view::npos && url.substr(0, 8) == "postgres")
    return uri_without_password(url);
  return words_without_password(url);
}

}  // namespace postern
