#include "protocols/activesync/commands/skipped.h"

#include "protocols/activesync/message_item.h"

namespace postern::activesync {

Result<void> pass_over(Conversation& conversation, ItemId item, const Error& why) {
  if (!is_of_one_message(why)) return why;
  ++conversation.skipped;
  conversation.services.log.event(Level::warning, "activesync.item_skipped",
                                  {{"session", conversation.exchange.session()},
                                   {"account", raw(conversation.account.id)},
                                   {"device", conversation.request.device_id},
                                   {"item", server_id(item)},
                                   {"detail", why.detail}});
  return {};
}

}  // namespace postern::activesync
