// Sequence sets against a mailbox: what "2,4:*" means when the largest number is known. Pure; the cost
// follows the ranges, never the numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "protocols/imap/command.h"
#include "storage/model/uid_set.h"

namespace postern::imap {

// Message numbers, ascending, disjoint, not adjacent; both ends inclusive.
struct NumberRange {
  std::uint32_t first = 1;
  std::uint32_t last = 1;
  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};

// Numbers of a view of `exists` messages. invalid: a number beyond it, or anything in an empty mailbox.
Result<std::vector<NumberRange>> resolve_numbers(const SequenceSet& set, std::uint32_t exists);

// "*" is the largest UID in the view, also if a range starts above it ("9:*" is then "largest:9", RFC 3501
// §9). An empty mailbox has no largest UID (Uid{0}): the answer is the empty set. Other UIDs need not exist.
UidSet resolve_uids(const SequenceSet& set, Uid largest);

// Sorted, merged text of message numbers, given ascending: "1:3,7".
std::string to_sequence_text(const std::vector<std::uint32_t>& ascending);

}  // namespace postern::imap
