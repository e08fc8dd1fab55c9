// Message flags (RFC 9051 §2.3.2): system flags as bits, keywords as a small sorted set of names.
// \Recent is not here: it belongs to a session, not to a message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace postern {

enum class SystemFlag : std::uint8_t { seen = 1, answered = 2, flagged = 4, deleted = 8, draft = 16 };

// Limits that APPEND and STORE refuse beyond (ErrorKind::too_large).
constexpr std::size_t kKeywordOctetsMax = 50;
constexpr std::size_t kKeywordsPerMailboxMax = 200;

struct Flags {
  std::uint8_t system = 0;            // bits of SystemFlag
  std::vector<std::string> keywords;  // sorted without case, unique; spelled as first stored

  bool has(SystemFlag flag) const { return (system & static_cast<std::uint8_t>(flag)) != 0; }
  Flags& set(SystemFlag flag) {
    system |= static_cast<std::uint8_t>(flag);
    return *this;
  }
  bool has_keyword(std::string_view name) const;
  void add_keyword(std::string name);
  friend bool operator==(const Flags&, const Flags&) = default;
};

// "\Seen" → bit; nullopt-like 0 for anything else. ASCII case does not matter.
std::uint8_t system_flag_bit(std::string_view name);
// The names of the set bits in RFC order: "\Answered", "\Flagged", "\Deleted", "\Seen", "\Draft".
std::vector<std::string_view> system_flag_names(std::uint8_t bits);
// flag-keyword = atom, at most kKeywordOctetsMax octets. ErrorKind::invalid or too_large.
Result<void> check_keyword(std::string_view name);

enum class FlagChangeMode : std::uint8_t { replace, add, remove };
struct FlagChange {
  FlagChangeMode mode = FlagChangeMode::replace;
  Flags flags;
};

}  // namespace postern
