// How every command answers.
#include "protocols/activesync/command_refusal.h"
#include "protocols/activesync/commands/run.h"
#include "protocols/http/problem.h"

namespace postern::activesync {

Task<Result<void>> answer(Conversation& conversation, Status status, std::string wbxml) {
  conversation.told_status = status.code;
  co_return co_await answer_whole(conversation.exchange, std::move(wbxml));
}

Task<Result<void>> refuse(Conversation& conversation, Status status) {
  std::string wbxml;
  write_command_refusal(wbxml, conversation.request.command, status);
  co_return co_await answer(conversation, status, std::move(wbxml));
}

Task<Result<void>> refuse(Conversation& conversation, GateRefusal refusal) {
  const bool in_wbxml = conversation.request.version >= ProtocolVersion::v14_0;
  if (in_wbxml) co_return co_await refuse(conversation, refusal.status);
  conversation.told_status = refusal.status.code;
  http::Response response = http::plain(refusal.http_status);
  co_return co_await conversation.exchange.answer(std::move(response));
}

}  // namespace postern::activesync
