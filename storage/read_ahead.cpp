#include "storage/read_ahead.h"

#include <algorithm>

namespace postern {

std::uint64_t ReadAhead::cost(const MessageFacts& message) {
  return std::min<std::uint64_t>(message.size, kChunkOctets);
}

void ReadAhead::at(std::size_t index) {
  if (index < present_) return;
  for (; present_ < std::min(index, begun_); ++present_) octets_ahead_ -= cost(messages_[present_]);
  present_ = index;
  begun_ = std::max(begun_, index);
  if (octets_ahead_ > kOctetsMax / 2) return;  // a query for each message would be no better than none
  const std::size_t first = begun_;
  while (begun_ < messages_.size() && octets_ahead_ < kOctetsMax) octets_ahead_ += cost(messages_[begun_++]);
  if (begun_ > first) store_.read_ahead(account_, messages_.subspan(first, begun_ - first));
}

}  // namespace postern
