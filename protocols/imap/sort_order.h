// The orders of SORT (RFC 5256 §3, RFC 5957): what of a message is compared, and the comparison. Pure.
#pragma once

#include <string>
#include <vector>

#include "protocols/imap/command.h"
#include "protocols/imap/order_column.h"
#include "storage/mime/part.h"
#include "storage/model/message.h"

namespace postern::imap {

// Envelopes must be decoded.
bool asks_envelope(const std::vector<SortKey>& keys);
WallTime sent_time(const MessageFacts& facts, const mime::Envelope& envelope);

// Octets that compare as the messages do. `envelope` may be empty if the key does not ask for it.
std::string sort_octets(SortKind kind, const MessageFacts& facts, const mime::Envelope& envelope);

// The places in `uids`, which ascend, in the order of the keys; messages that compare alike keep theirs. A
// column for each key. Those that a column has nothing of are left out.
std::vector<std::uint32_t> places_in_order(const std::vector<SortKey>& keys,
                                           const std::vector<OrderColumnPtr<std::string>>& columns,
                                           const std::vector<Uid>& uids);

}  // namespace postern::imap
