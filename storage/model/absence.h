// Out of office: when an account's mail is answered for it, and with what words. RFC 3834, MS-ASCMD section
// 2.2.3.121.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/base/clock.h"

namespace postern {

constexpr std::size_t kAbsenceReplyOctetsMax = 32 * 1024;  // of one reply

enum class AbsenceState : std::uint8_t { off, always, between };

// Who is answered: senders of the tenant's domains, those outside who are in the account's contacts, others.
enum class Audience : std::uint8_t { internal, external_known, external_unknown };
constexpr std::size_t kAudienceCount = 3;

struct AbsenceReply {
  AbsenceReply() = default;
  bool enabled = false;
  bool html = false;
  std::string text;  // UTF-8
  friend bool operator==(const AbsenceReply&, const AbsenceReply&) = default;
};

struct Absence {
  Absence() = default;
  AbsenceState state = AbsenceState::off;
  std::optional<WallTime> begin, end;  // with `between`, begin < end
  std::array<AbsenceReply, kAudienceCount> replies;

  AbsenceReply& reply_to(Audience audience) { return replies[static_cast<std::size_t>(audience)]; }
  const AbsenceReply& reply_to(Audience audience) const {
    return replies[static_cast<std::size_t>(audience)];
  }
  friend bool operator==(const Absence&, const Absence&) = default;
};

}  // namespace postern
