// What clients note on a mailbox or on the account as a whole, under names like "/private/comment" (RFC
// 5464). Names are in lower case and compared octet by octet; what a name may look like is the protocol's
// affair.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/model/ids.h"

namespace postern {

constexpr MailboxId kAccountItself{0};  // in place of a mailbox

constexpr std::size_t kAnnotationOctetsMax = 64 * 1024;
constexpr std::size_t kAnnotationsPerMailboxMax = 100;
constexpr std::size_t kAnnotationsPerAccountMax = 10'000;
constexpr std::size_t kAnnotationOctetsPerAccountMax = 4 * 1024 * 1024;

struct Annotation {
  std::string entry;
  std::optional<std::string> value;  // absent: is to be removed
  friend bool operator==(const Annotation&, const Annotation&) = default;
};

struct AnnotationsWanted {
  std::vector<std::string> entries;
  enum class Depth : std::uint8_t { entry, children, everything_below };
  Depth depth = Depth::entry;  // the entries themselves are always meant
  std::uint64_t octets_max = UINT64_MAX;
};

struct AnnotationFound {
  MailboxId mailbox{};
  std::string entry;
  std::optional<std::string> value;  // absent: longer than octets_max
  std::uint64_t octets = 0;
  friend bool operator==(const AnnotationFound&, const AnnotationFound&) = default;
};

// What was set or removed since a revision; removals beyond the last thousand changes are forgotten.
struct AnnotationChanges {
  struct Changed {
    MailboxId mailbox{};
    std::string entry;
    friend bool operator==(const Changed&, const Changed&) = default;
  };
  std::uint64_t revision = 0;    // of now
  std::vector<Changed> changed;  // by mailbox and entry
};

}  // namespace postern
