#include "protocols/imap/uid_batches.h"

#include <algorithm>

namespace postern::imap {

std::vector<UidRange> uid_batches(const MailboxSnapshot& snapshot, const UidBatches& command) {
  const std::size_t messages = snapshot.size();
  const std::size_t batches = messages / command.messages + (messages % command.messages == 0 ? 0 : 1);
  const std::size_t first = command.batches ? command.batches->first : 1;
  const std::size_t last = command.batches ? std::min<std::size_t>(command.batches->last, batches) : batches;
  // The oldest message of the n-th batch; the batches behind the last one begin nowhere.
  const auto lowest = [&](std::size_t n) {
    return n >= batches ? Uid{1} : snapshot.at(messages - n * command.messages).uid;
  };
  std::vector<UidRange> ranges;
  for (std::size_t n = first; n <= last; ++n) {
    const Uid highest = n == 1 ? snapshot.at(messages - 1).uid : Uid(raw(lowest(n - 1)) - 1);
    ranges.push_back({lowest(n), highest});
  }
  return ranges;
}

}  // namespace postern::imap
