// The orders of SORT (RFC 5256 §3, RFC 5957): what of a message is compared, and the comparison. Pure.
#pragma once

#include <string>
#include <vector>

#include "protocols/imap/command.h"
#include "storage/mime/part.h"
#include "storage/model/message.h"

namespace postern::imap {

// Texts are folded for comparison. Filled in only as far as the keys ask for it.
struct Sortable {
  Uid uid{};
  std::uint32_t number = 0;  // or the UID once more: what is told; messages that compare alike keep its order
  WallTime arrival{};
  WallTime sent{};  // of Date, else of the arrival (RFC 5256 §2.2)
  std::uint64_t size = 0;
  std::string subject, from, to, cc, display_from, display_to;
};

// Envelopes must be decoded.
bool asks_envelope(const std::vector<SortKey>& keys);
// `envelope` may be empty if no key asks for it.
Sortable sortable_of(const MessageFacts& facts, const mime::Envelope& envelope,
                     const std::vector<SortKey>& keys);
WallTime sent_time(const MessageFacts& facts, const mime::Envelope& envelope);

void sort_by(const std::vector<SortKey>& keys, std::vector<Sortable>& messages);

}  // namespace postern::imap
