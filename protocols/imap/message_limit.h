// How many messages one command acts on (RFC 9738): of more, only the newest so many.
#pragma once

#include <algorithm>
#include <optional>

#include "protocols/imap/mailbox_view.h"

namespace postern::imap {

struct WithinLimit {
  UidSet uids;
  std::optional<Uid> lowest;  // acted on; absent: nothing was left out
};

inline WithinLimit within_limit(const MailboxView& view, UidSet uids, std::uint32_t messages_max) {
  const MailboxSnapshot& snapshot = *view.snapshot();
  WithinLimit part;
  if (snapshot.size() > messages_max) {
    Window newest;
    newest.last = messages_max;
    newest.from_end = true;
    const UidSet kept = view.part_of(uids, newest);
    std::size_t meant = 0;
    snapshot.each(uids, [&meant](std::size_t, const MessageState&) { ++meant; });
    if (meant > messages_max) {
      part.lowest = kept.first();
      uids = uids.intersect(UidSet::of(*part.lowest, kUidMax));
    }
  }
  part.uids = std::move(uids);
  return part;
}

}  // namespace postern::imap
