#include "protocols/activesync/commands/stored_items.h"

#include <algorithm>

#include "protocols/activesync/email_item.h"
#include "protocols/activesync/follow_up.h"
#include "protocols/activesync/hierarchy.h"
#include "storage/mime/section.h"

namespace postern::activesync {

Task<Result<std::vector<Renamed>>> renamed_drafts(Conversation& conversation, MailboxId drafts) {
  std::vector<CollectionId> ids = {collection_of(drafts)};
  CO_TRY(const std::vector<CollectionLedger> found,
         co_await conversation.store().devices().ledgers(conversation.device.key, std::move(ids)));
  if (found.empty()) co_return std::vector<Renamed>();
  CO_TRY(CollectionState state, decode_collection_state(found.front().ledger.current.options));
  co_return std::move(state.renamed);
}

Task<Result<StoredItem>> find_item(Conversation& conversation, const std::vector<Mailbox>& mailboxes,
                                   std::string server_id) {
  MessageStore& messages = conversation.store().messages();
  const auto id = parse_server_id(server_id);
  const auto mailbox = std::find_if(mailboxes.begin(), mailboxes.end(), [&id](const Mailbox& one) {
    return id && one.key.mailbox == id->mailbox;
  });
  if (mailbox == mailboxes.end()) co_return Error(ErrorKind::not_found, "no such folder");
  CO_TRY(const SnapshotPtr snapshot, co_await messages.snapshot(mailbox->key));
  const bool in_drafts = mailbox->special_use == SpecialUse::drafts;
  Uid uid = id->uid;
  if (in_drafts && snapshot->find(uid) == nullptr) {
    CO_TRY(const std::vector<Renamed> renamed, co_await renamed_drafts(conversation, id->mailbox));
    uid = current_uid(renamed, uid);
  }
  const MessageState* state = snapshot->find(uid);
  if (state == nullptr) co_return Error(ErrorKind::not_found, "no such item");
  CO_TRY(std::vector<MessageFacts> facts,
         co_await messages.facts(mailbox->key, UidSet::one(uid), FetchDepth::structure));
  if (facts.empty()) co_return Error(ErrorKind::not_found, "no such item");
  CO_TRY(const FollowUps follow_ups, co_await FollowUps::load(messages, mailbox->key, UidSet::one(uid)));
  StoredItem item;
  item.mailbox = mailbox->key;
  item.facts = std::move(facts.front());
  item.flags = snapshot->flags(*state);
  item.in_drafts = in_drafts;
  item.follow_up = follow_ups.of(uid);
  item.told = id->uid;
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
