#include "protocols/activesync/commands/folder_ledger.h"

#include <algorithm>

#include "gateway/async/together.h"
#include "protocols/activesync/first_key.h"

namespace postern::activesync {

Task<Result<FolderLedgerView>> FolderLedgerView::load(Conversation& conversation) {
  Store& store = conversation.store();
  auto answers =
      co_await together(conversation.services.loop, store.mailboxes().list(conversation.account.id),
                        store.devices().folders(conversation.device.key));
  auto& [mailboxes, ledger] = answers;
  if (!mailboxes) co_return std::move(mailboxes).error();
  FolderLedgerView view;
  view.mailboxes_ = *std::move(mailboxes);
  view.folders_ = folders_of(view.mailboxes_);
  const bool unknown = !ledger && ledger.error().kind == ErrorKind::not_found;
  if (!ledger && !unknown) co_return std::move(ledger).error();
  if (ledger) view.ledger_ = *std::move(ledger);
  co_return view;
}

const Mailbox* FolderLedgerView::find(CollectionId id) const {
  const auto found = std::find_if(mailboxes_.begin(), mailboxes_.end(), [id](const Mailbox& mailbox) {
    return collection_of(mailbox.key.mailbox) == id;
  });
  return found == mailboxes_.end() ? nullptr : &*found;
}

Task<Result<std::uint32_t>> FolderLedgerView::advance(Conversation& conversation, FolderGeneration from,
                                                      std::vector<KnownFolder> folders) const {
  FolderGeneration next;
  next.key = from.key == 0 ? first_sync_key() : next_sync_key(from.key);
  next.folders = in_order(std::move(folders));
  if (conversation.request.device_id == kValidatingDevice) co_return next.key;
  FolderLedger ledger(next);
  if (from.key != 0) ledger = advanced(from, next);
  std::optional<std::uint32_t> expected;
  if (ledger_) expected = ledger_->current.key;
  CO_TRY_VOID(co_await conversation.store().devices().advance_folders(conversation.device.key, expected,
                                                                      std::move(ledger)));
  co_return next.key;
}

}  // namespace postern::activesync
