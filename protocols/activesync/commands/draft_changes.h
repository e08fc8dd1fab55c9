// Drafts that a device writes, changes and sends by Sync (16.0 and later). MS-ASCMD sections 2.2.3.7.2
// and 2.2.3.24, MS-ASEMAIL section 2.2.2.69.
//
// A message never changes in the store: a changed draft is a new message in place of the old one, and the
// device goes on knowing it by the ServerId that it has (CollectionState::renamed). What an attempt has
// stored it finds again by the Message-ID, which is made of the device, its sync key and the command: an
// attempt that comes again, after whatever was lost, stores nothing twice.
#pragma once

#include <optional>
#include <string>

#include "protocols/activesync/commands/mail_collection.h"
#include "protocols/activesync/commands/stored_items.h"
#include "protocols/activesync/draft_message.h"
#include "protocols/activesync/schema/sync_response.h"
#include "protocols/shared/submission.h"

namespace postern::activesync {

// What becomes of one command. An Error is nobody's in particular, as `unavailable` is.
struct DraftOutcome {
  Status status = SyncStatus::ok;
  std::optional<Uid> uid;  // where the draft is now; absent: it is on its way, or was refused
};

class DraftRun {
 public:
  // `arrived_from`: what an earlier attempt under this sync key has stored has no lower UID.
  DraftRun(Conversation& conversation, MailboxKey drafts, std::string sync_key, Uid arrived_from,
           CollectionState& state, OwnChanges& own)
      : conversation_(conversation),
        drafts_(drafts),
        sync_key_(std::move(sync_key)),
        arrived_from_(arrived_from),
        state_(state),
        own_(own) {}

  Task<Result<DraftOutcome>> add(const ClientAdd& add);
  // `uid`: where the draft is, `told` as the device knows it.
  Task<Result<DraftOutcome>> change(const ClientChange& change, Uid uid, Uid told);

 private:
  struct Earlier {
    Uid uid{};
    ModSeq modseq{};
    std::string message_id;
  };
  MessageStore& messages() { return conversation_.store().messages(); }
  std::string attempt(std::string_view kind, std::string_view id) const;
  Task<Result<mime::Pieces>> compose(const Draft& draft, const StoredDraft* before, DraftIdentity identity);
  Task<Result<void>> find_earlier();
  Task<Result<DraftOutcome>> save(mime::Pieces pieces, std::unique_ptr<MessageReader> stored, Flags flags,
                                  const std::string& message_id);
  Task<Result<DraftOutcome>> send(mime::Pieces pieces, std::unique_ptr<MessageReader> stored,
                                  std::string name);
  Task<Result<void>> remove(Uid uid);
  DraftIdentity identity_of(const std::string& attempt, const Draft& draft) const;

  Conversation& conversation_;
  const MailboxKey drafts_;
  const std::string sync_key_;
  const Uid arrived_from_;
  CollectionState& state_;
  OwnChanges& own_;
  std::optional<std::vector<Earlier>> earlier_;  // drafts of ours since arrived_from_
};

// Completes what is told of drafts that were stored: ConversationId and the names of added attachments.
Task<Result<void>> describe_drafts(Conversation& conversation, MailboxKey drafts,
                                   const SyncCollection& collection, const CollectionState& state,
                                   std::vector<CommandResult>& results);

}  // namespace postern::activesync
