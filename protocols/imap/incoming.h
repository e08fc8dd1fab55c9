// Messages that a client sends with APPEND or REPLACE. They stream from the socket into the store; at most
// one chunk of each is in memory, and of all of them kHeldOctetsMax. What can be refused is refused before
// the client is asked to send; what was refused is read all the same if it comes anyway (RFC 7888 §4).
#pragma once

#include <deque>
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
  Task<Result<void>> receive(const Append& command, Messages how_many);
  std::vector<NewStagedMessage> take() { return std::move(messages_); }

  Result<StatusResponse> refusal(const Error& error) const;

 private:
  Task<Result<void>> receive_one(AppendMessage message);
  // Adds the octets that one part of the message brings: those of its URLs, then its literal.
  Task<Result<void>> add_part(const AppendMessage& part, MessageSink& sink);
  Task<Result<void>> stream(const AppendMessage& part, MessageSink& sink);
  Task<Result<void>> keep(const AppendMessage& message, MessageSink& sink);
  // What the line behind a literal announces.
  Task<Result<void>> read_on(const AppendMessage& before);
  // The client waits to be asked for what nobody takes: nothing more comes.
  bool gives_up(const AppendMessage& part) const;
  // The first one counts.
  void refuse(StatusResponse why);
  void check(const AppendMessage& message);
  void check_octets(const AppendMessage& part, const MessageSink& sink);

  Authenticated& user_;
  Messages how_many_ = Messages::one;
  std::deque<AppendMessage> coming_;  // announced and not yet received
  std::vector<NewStagedMessage> messages_;
  std::size_t held_octets_ = 0;
  std::optional<Result<StatusResponse>> refused_;
};

// What a client sends in any case of a message that nobody takes: its octets, and the messages behind it.
Task<void> drop_messages(Session& session);

}  // namespace postern::imap
