#include "protocols/activesync/sync_state.h"

#include <fmt/format.h>

#include "gateway/base/text.h"

namespace postern::activesync {

std::optional<std::uint32_t> parse_sync_key(std::string_view text) {
  // What was never given out must not be taken: "007" is not "7".
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  const auto number = text::number(text, UINT32_MAX);
  if (!number) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::string sync_key_text(std::uint32_t key) {
  return fmt::format("{}", key);
}

std::uint32_t next_sync_key(std::uint32_t key) {
  return key == UINT32_MAX ? 1 : key + 1;
}

}  // namespace postern::activesync
