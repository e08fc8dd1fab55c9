// FolderSync: what of the hierarchy the device does not know yet. MS-ASCMD section 2.2.1.5.
#include "protocols/activesync/command_table.h"
#include "protocols/activesync/commands/folder_ledger.h"
#include "protocols/activesync/commands/run.h"

namespace postern::activesync {

namespace {

Task<Result<void>> answer_with(Conversation& conversation, FolderSyncResponse response) {
  conversation.items =
      static_cast<std::uint32_t>(response.added.size() + response.updated.size() + response.deleted.size());
  std::string wbxml;
  write(wbxml, response);
  co_return co_await answer(conversation, response.status, std::move(wbxml));
}

// MS-ASHTTP R1104: who begins hears what there is.
void add_versions(http::Exchange& exchange) {
  exchange.add_field("X-MS-RP", version_names());
  exchange.add_field("MS-ASProtocolVersions", version_names());
  exchange.add_field("MS-ASProtocolCommands", command_names());
}

}  // namespace

Task<Result<void>> run_folder_sync(Conversation& conversation, std::optional<Document> document) {
  FolderSyncResponse response;
  if (!document) co_return co_await refuse(conversation, FolderStatus::malformed_request);
  auto request = read_folder_sync(document->root());
  if (!request) co_return co_await refuse(conversation, request.refusal());

  CO_TRY(FolderLedgerView view, co_await FolderLedgerView::load(conversation));
  const auto outcome = view.outcome(request->sync_key);
  if (std::holds_alternative<UnknownSyncKey>(outcome)) {
    response.status = FolderStatus::invalid_sync_key;
    co_return co_await answer_with(conversation, std::move(response));
  }
  // The answer that was lost, as it was.
  if (const auto* repeated = std::get_if<RepeatedSync<FolderGeneration>>(&outcome)) {
    response = folder_changes(repeated->from->folders, repeated->answered->folders, view.folders());
    response.sync_key = sync_key_text(repeated->answered->key);
    co_return co_await answer_with(conversation, std::move(response));
  }
  const std::vector<KnownFolder> now = known_folders(view.folders());
  const auto* current = std::get_if<CurrentSync<FolderGeneration>>(&outcome);
  if (current == nullptr) add_versions(conversation.exchange);
  const FolderGeneration from = current != nullptr ? *current->from : FolderGeneration();
  response = folder_changes(from.folders, now, view.folders());
  const bool same = current != nullptr && from.folders == now;
  std::uint32_t key = from.key;
  if (!same) {
    auto advanced_to = co_await view.advance(conversation, from, now);
    const bool overtaken = !advanced_to && advanced_to.error().kind == ErrorKind::stale;
    if (overtaken) co_return co_await refuse(conversation, FolderStatus::server_error);
    if (!advanced_to) co_return std::move(advanced_to).error();
    key = *advanced_to;
  }
  response.sync_key = sync_key_text(key);
  co_return co_await answer_with(conversation, std::move(response));
}

}  // namespace postern::activesync
