#include "protocols/activesync/commands/admission.h"

#include "protocols/http/problem.h"

namespace postern::activesync {

Task<Result<bool>> still_admitted(Conversation& conversation) {
  auto account = co_await conversation.store().directory().account(conversation.account.id);
  const bool gone = !account && account.error().kind == ErrorKind::not_found;
  if (!account && !gone) co_return std::move(account).error();
  const bool may =
      account && account->status == AccountStatus::active && account->allows(Feature::mobile_sync);
  if (!may) {
    http::Response response = http::plain(403, "Mobile sync is not switched on here.");
    CO_TRY_VOID(co_await conversation.exchange.answer(std::move(response)));
    co_return false;
  }
  auto device = co_await conversation.store().devices().find(conversation.device.key);
  const bool removed = !device && device.error().kind == ErrorKind::not_found;
  if (removed) co_return true;
  if (!device) co_return std::move(device).error();
  const auto refusal = gate_refusal(conversation.request, *device, conversation.settings.activesync);
  if (!refusal) co_return true;
  CO_TRY_VOID(co_await refuse(conversation, *refusal));
  co_return false;
}

}  // namespace postern::activesync
