// Courier's lists. courierimapuiddb is what Dovecot's version 1 was made after (uid_list.cpp).
// courierpop3dsizelist:
// "/3 42 1736157600", then for each message "base size 41:1736157600:0"; version 2 lacks the last number.
#include <utility>

#include "gateway/base/text.h"
#include "storage/mailfiles/maildir.h"

namespace postern::mailfiles {

std::map<std::string, std::string, std::less<>> parse_courier_pop3_list(std::string_view text) {
  std::map<std::string, std::string, std::less<>> by_base;
  const bool known = text.starts_with("/2 ") || text.starts_with("/3 ");
  if (!known) return by_base;
  bool head = true;
  for (std::string_view line : text::split(text, '\n')) {
    if (std::exchange(head, false)) continue;
    const std::size_t last = line.rfind(' ');
    const std::size_t before = last == std::string_view::npos || last == 0 ? last : line.rfind(' ', last - 1);
    if (last == std::string_view::npos || before == std::string_view::npos || before == 0) continue;
    const auto numbers = text::split(line.substr(last + 1), ':');
    if (numbers.size() < 2) continue;
    const auto number = text::number(numbers[0], UINT32_MAX);
    const auto validity = text::number(numbers[1], UINT32_MAX);
    if (!number || !validity || *number == 0) continue;
    std::string uidl = "UID" + std::to_string(*number);
    if (*validity != 0) uidl += '-' + std::to_string(*validity);
    by_base.emplace(parse_maildir_name(line.substr(0, before)).base, std::move(uidl));
  }
  return by_base;
}

}  // namespace postern::mailfiles
