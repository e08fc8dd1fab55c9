// Messages that a client sends with APPEND or REPLACE. They stream from the socket into the store; at most
// one chunk of each is in memory, and of all of them kHeldOctetsMax. What can be refused is refused before
// the client is asked to send; what was refused is read all the same if it comes anyway (RFC 7888 §4).
#pragma once

#include <vector>

#include "protocols/imap/session.h"

namespace postern::imap {

class Incoming {
 public:
  static constexpr std::size_t kMessagesMax = MessageStore::kAppendedMax;  // of one command
  static constexpr std::size_t kHeldOctetsMax = 8 * 1024 * 1024;

  explicit Incoming(Authenticated& user) : user_(user) {}

  enum class Messages : bool { one, several };
  // To the end of the command. closed: the session has ended. Any other error: refusal() says why.
  Task<Result<void>> receive(AppendMessage first, Messages how_many);
  std::vector<NewStagedMessage> take() { return std::move(messages_); }

  Result<StatusResponse> refusal(const Error& error) const;

 private:
  Task<Result<std::optional<AppendMessage>>> receive_one(const AppendMessage& message, Messages how_many);
  Task<Result<void>> stream(const AppendMessage& message, std::unique_ptr<MessageSink> sink);
  Task<Result<std::optional<AppendMessage>>> read_on(bool in_utf8, Messages how_many);
  // The first one counts.
  void refuse(StatusResponse why);
  void check(const AppendMessage& message);

  Authenticated& user_;
  std::vector<NewStagedMessage> messages_;
  std::size_t held_octets_ = 0;
  std::optional<Result<StatusResponse>> refused_;
};

// What a client sends in any case of a message that nobody takes: its octets, and the messages behind it.
Task<void> drop_messages(Session& session);

}  // namespace postern::imap
