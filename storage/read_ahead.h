// ReadAhead: keeps the octets of the messages that will be read next on their way from the database while
// those of the present one go to the client. Bounded in octets; what it loads stays in the store's cache.
#pragma once

#include <span>

#include "storage/messages.h"

namespace postern {

class ReadAhead {
 public:
  static constexpr std::uint64_t kOctetsMax = 1024 * 1024;

  // `messages`, in the order in which they will be read, must outlive this object.
  ReadAhead(MessageStore& store, AccountId account, std::span<const MessageFacts> messages)
      : store_(store), account_(account), messages_(messages) {}

  // The message at `index` is read now. Going back loads nothing.
  void at(std::size_t index);

 private:
  static std::uint64_t cost(const MessageFacts& message);

  MessageStore& store_;
  const AccountId account_;
  const std::span<const MessageFacts> messages_;
  std::size_t present_ = 0;
  std::size_t begun_ = 0;           // the first message that has not been asked for
  std::uint64_t octets_ahead_ = 0;  // of messages in [present_, begun_)
};

}  // namespace postern
