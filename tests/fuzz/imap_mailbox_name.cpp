// rooms: imap_grammar
// Modified UTF-7 is one spelling per name: what decodes encodes to itself, and well-formed UTF-8 survives the
// round trip. LIST patterns match what a naive matcher says.
#include <cstdlib>
#include <string_view>

#include "gateway/base/text.h"
#include "protocols/imap/grammar/mailbox_name.h"

using namespace postern;
using namespace postern::imap;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// Exponential, so only for short inputs; without INBOX's special case.
bool naive_match(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] != '*' && pattern[0] != '%') {
    return !name.empty() && name[0] == pattern[0] && naive_match(pattern.substr(1), name.substr(1));
  }
  if (naive_match(pattern.substr(1), name)) return true;
  const bool passes = !name.empty() && (pattern[0] == '*' || name[0] != kHierarchySeparator);
  return passes && naive_match(pattern, name.substr(1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(octets), size);
  if (const auto decoded = from_modified_utf7(input)) {
    require(text::is_utf8(*decoded));
    require(to_modified_utf7(*decoded) == input);
  }
  if (text::is_utf8(input)) {
    const std::string encoded = to_modified_utf7(input);
    const auto decoded = from_modified_utf7(encoded);
    require(decoded && *decoded == input);
  }
  for (const MailboxArgument& argument : {mailbox_argument(input), new_mailbox_argument(input)}) {
    require(argument.existing().has_value() == argument.creatable().has_value());
  }
  const std::size_t cut = input.find('\n');
  if (cut == std::string_view::npos) return 0;
  const std::string_view pattern = input.substr(0, cut);
  const std::string_view name = input.substr(cut + 1);
  const bool matches = ListPattern("", pattern).matches(name);
  if (pattern.size() <= 8 && name.size() <= 8 && !name.starts_with(kInboxName)) {
    require(matches == naive_match(pattern, name));
  }
  return 0;
}
