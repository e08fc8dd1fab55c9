#include "protocols/activesync/commands/stored_items.h"

#include <algorithm>

#include "protocols/activesync/email_item.h"
#include "protocols/activesync/hierarchy.h"
#include "storage/mime/section.h"

namespace postern::activesync {

Task<Result<StoredItem>> find_item(Conversation& conversation, const std::vector<Mailbox>& mailboxes,
                                   std::string server_id) {
  MessageStore& messages = conversation.store().messages();
  const auto id = parse_server_id(server_id);
  const auto mailbox = std::find_if(mailboxes.begin(), mailboxes.end(), [&id](const Mailbox& one) {
    return id && one.key.mailbox == id->mailbox;
  });
  if (mailbox == mailboxes.end()) co_return Error(ErrorKind::not_found, "no such folder");
  CO_TRY(const SnapshotPtr snapshot, co_await messages.snapshot(mailbox->key));
  const MessageState* state = snapshot->find(id->uid);
  if (state == nullptr) co_return Error(ErrorKind::not_found, "no such item");
  CO_TRY(std::vector<MessageFacts> facts,
         co_await messages.facts(mailbox->key, UidSet::one(id->uid), FetchDepth::structure));
  if (facts.empty()) co_return Error(ErrorKind::not_found, "no such item");
  StoredItem item{mailbox->key, std::move(facts.front()), snapshot->flags(*state),
                  mailbox->special_use == SpecialUse::drafts};
  co_return item;
}

Task<Result<StoredAttachment>> find_attachment(Conversation& conversation,
                                               const std::vector<Mailbox>& mailboxes, std::string reference) {
  CO_TRY(AttachmentPlace place, parse_file_reference(reference));
  CO_TRY(StoredItem item, co_await find_item(conversation, mailboxes, std::move(place.server_id)));
  CO_TRY(const mime::Structure structure, mime::decode(item.facts.structure));
  const mime::Part* part = mime::find_part(structure.root, place.part);
  if (part == nullptr) co_return Error(ErrorKind::invalid, "no such part");
  StoredAttachment attachment{std::move(item), *part};
  co_return attachment;
}

}  // namespace postern::activesync
