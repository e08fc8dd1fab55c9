// What the server tells of drafts that a device has just written: where they stand in a conversation, and by
// which FileReference each added attachment is known. MS-ASEMAIL R1184 and R1190, MS-ASAIRS R1324.
#include <algorithm>

#include "protocols/activesync/commands/draft_changes.h"
#include "protocols/activesync/hierarchy.h"
#include "protocols/shared/conversation.h"

namespace postern::activesync {

namespace {

const Draft* draft_in(const std::optional<EmailChange>& change) {
  return change && change->draft ? &*change->draft : nullptr;
}

// The command of that name. nullptr: none, or it says nothing of a draft.
const Draft* draft_added(const SyncCollection& collection, const std::string& client_id) {
  for (const ClientCommand& command : collection.commands) {
    const auto* add = std::get_if<ClientAdd>(&command);
    if (add != nullptr && add->client_id == client_id) return draft_in(add->change);
  }
  return nullptr;
}
const Draft* draft_changed(const SyncCollection& collection, const std::string& server_id) {
  for (const ClientCommand& command : collection.commands) {
    const auto* change = std::get_if<ClientChange>(&command);
    if (change != nullptr && change->server_id == server_id) return draft_in(change->change);
  }
  return nullptr;
}

class DraftAnswers {
 public:
  DraftAnswers(Conversation& conversation, MailboxKey drafts, const SyncCollection& collection,
               const CollectionState& state)
      : conversation_(conversation), drafts_(drafts), collection_(collection), state_(state) {}

  Task<Result<void>> describe(CommandResult& result) {
    if (auto* add = std::get_if<AddResult>(&result)) {
      if (add->server_id.empty()) co_return Result<void>();
      CO_TRY(add->properties,
             co_await properties_of(add->server_id, draft_added(collection_, add->client_id)));
      co_return Result<void>();
    }
    auto* change = std::get_if<ChangeResult>(&result);
    const bool is_well = change != nullptr && change->status == Status(SyncStatus::ok);
    if (!is_well) co_return Result<void>();
    CO_TRY(change->properties,
           co_await properties_of(change->server_id, draft_changed(collection_, change->server_id)));
    if (!change->properties) co_return Result<void>();
    change->properties->conversation_id.reset();  // as it was
    change->properties->conversation_index.reset();
    co_return Result<void>();
  }

 private:
  // Nothing, if it has gone meanwhile.
  Task<Result<std::optional<EmailProperties>>> properties_of(std::string server_id, const Draft* draft) {
    std::optional<EmailProperties> properties;
    const auto item = parse_server_id(server_id);
    if (!item) co_return properties;
    const Uid uid = current_uid(state_.renamed, item->uid);
    CO_TRY(const std::vector<MessageFacts> facts,
           co_await conversation_.store().messages().facts(drafts_, UidSet::one(uid), FetchDepth::structure));
    if (facts.empty()) co_return properties;
    CO_TRY(const mime::Structure structure, mime::decode(facts.front().structure));
    properties.emplace();
    properties->conversation_id = conversation_id(structure);
    properties->conversation_index = conversation_index(structure, facts.front().internal_date);
    if (draft != nullptr) properties->attachments = added_attachments(*draft, structure, server_id);
    co_return properties;
  }

  Conversation& conversation_;
  const MailboxKey drafts_;
  const SyncCollection& collection_;
  const CollectionState& state_;
};

}  // namespace

Task<Result<void>> describe_drafts(Conversation& conversation, MailboxKey drafts,
                                   const SyncCollection& collection, const CollectionState& state,
                                   std::vector<CommandResult>& results) {
  DraftAnswers answers(conversation, drafts, collection, state);
  for (CommandResult& result : results) CO_TRY_VOID(co_await answers.describe(result));
  co_return Result<void>();
}

}  // namespace postern::activesync
