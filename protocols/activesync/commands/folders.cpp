// FolderCreate, FolderDelete and FolderUpdate. MS-ASCMD sections 2.2.1.3, 2.2.1.4 and 2.2.1.6.
//
// The device learns of its own change only: what else is new stays new for its next FolderSync. A client that
// has lost the answer asks again with the key before, and hears what it would have heard.
#include <algorithm>

#include "protocols/activesync/command_refusal.h"
#include "protocols/activesync/commands/folder_ledger.h"
#include "protocols/activesync/commands/run.h"

namespace postern::activesync {

namespace {

using Outcome = SyncOutcome<FolderGeneration>;
using Repeated = RepeatedSync<FolderGeneration>;

const KnownFolder* find_folder(const std::vector<KnownFolder>& folders, CollectionId id) {
  const auto found =
      std::find_if(folders.begin(), folders.end(), [id](const KnownFolder& one) { return one.id == id; });
  return found == folders.end() ? nullptr : &*found;
}

std::vector<KnownFolder> without(std::vector<KnownFolder> folders, CollectionId id) {
  std::erase_if(folders, [id](const KnownFolder& one) { return one.id == id; });
  return folders;
}

// The device's current generation, or nullptr: status 9.
const FolderGeneration* current_of(const Outcome& outcome) {
  const auto* current = std::get_if<CurrentSync<FolderGeneration>>(&outcome);
  return current == nullptr ? nullptr : current->from;
}

Task<Result<void>> tell(Conversation& conversation, FolderChangeResponse response) {
  std::string wbxml;
  write(wbxml, root_of(conversation.request.command).value(), response);
  co_return co_await answer(conversation, response.status, std::move(wbxml));
}

FolderChangeResponse done(std::uint32_t key, std::string server_id = {}) {
  return {FolderStatus::ok, sync_key_text(key), std::move(server_id)};
}
FolderChangeResponse failed(FolderStatus status) {
  return {status, {}, {}};
}

// The mailbox that a display name below a parent means; a status if it means none.
Parsed<MailboxName> name_below(const FolderLedgerView& view, const std::string& parent_id,
                               const std::string& display_name) {
  if (display_name.find(kHierarchySeparator) != std::string::npos) return FolderStatus::malformed_request;
  std::string text = display_name;
  if (parent_id != "0") {
    const auto id = parse_collection_id(parent_id);
    const Mailbox* parent = id ? view.find(*id) : nullptr;
    if (parent == nullptr) return FolderStatus::parent_not_found;
    text = parent->name.text() + kHierarchySeparator + display_name;
  }
  auto name = MailboxName::parse(text);
  if (!name) return FolderStatus::malformed_request;
  return *std::move(name);
}

CollectionId parent_of(const std::string& parent_id) {
  return parse_collection_id(parent_id).value_or(CollectionId{0});
}

bool is_special(const Mailbox& mailbox) {
  const SpecialUse use = mailbox.special_use;
  return mailbox.name.is_inbox() || use == SpecialUse::drafts || use == SpecialUse::sent ||
         use == SpecialUse::trash;
}

FolderStatus status_of_failure(const Error& error) {
  switch (error.kind) {
    case ErrorKind::already_exists: return FolderStatus::already_exists;
    case ErrorKind::not_found: return FolderStatus::not_found;
    case ErrorKind::invalid: return FolderStatus::malformed_request;
    case ErrorKind::denied: return FolderStatus::special_folder;
    default: return FolderStatus::server_error;
  }
}

Task<Result<FolderChangeResponse>> create(Conversation& conversation, FolderCreateRequest request) {
  const bool holds_mail = request.type == FolderType::generic || request.type == FolderType::user_mail;
  if (!holds_mail) co_return failed(FolderStatus::malformed_request);
  CO_TRY(FolderLedgerView view, co_await FolderLedgerView::load(conversation));
  const Outcome outcome = view.outcome(request.sync_key);
  if (const auto* repeated = std::get_if<Repeated>(&outcome)) {
    for (const KnownFolder& folder : repeated->answered->folders) {
      const bool is_it = folder.name == request.display_name && folder.parent == parent_of(request.parent_id);
      if (is_it && find_folder(repeated->from->folders, folder.id) == nullptr)
        co_return done(repeated->answered->key, wire_id(folder.id));
    }
  }
  const FolderGeneration* from = current_of(outcome);
  if (from == nullptr) co_return failed(FolderStatus::invalid_sync_key);
  auto name = name_below(view, request.parent_id, request.display_name);
  if (!name) co_return FolderChangeResponse{name.refusal(), {}, {}};
  auto created = co_await conversation.store().mailboxes().create(conversation.account.id, std::move(*name),
                                                                  SpecialUse::none);
  if (!created) co_return failed(status_of_failure(created.error()));

  KnownFolder folder;
  folder.id = collection_of(created->key.mailbox);
  folder.parent = parent_of(request.parent_id);
  folder.name = request.display_name;
  const std::string id = wire_id(folder.id);
  std::vector<KnownFolder> folders = from->folders;
  folders.push_back(std::move(folder));
  CO_TRY(const std::uint32_t key, co_await view.advance(conversation, *from, std::move(folders)));
  co_return done(key, id);
}

Task<Result<FolderChangeResponse>> remove(Conversation& conversation, FolderDeleteRequest request) {
  CO_TRY(FolderLedgerView view, co_await FolderLedgerView::load(conversation));
  const Outcome outcome = view.outcome(request.sync_key);
  const auto id = parse_collection_id(request.server_id);
  if (const auto* repeated = std::get_if<Repeated>(&outcome)) {
    const bool was_it = id && find_folder(repeated->from->folders, *id) != nullptr &&
                        find_folder(repeated->answered->folders, *id) == nullptr;
    if (was_it) co_return done(repeated->answered->key);
  }
  const FolderGeneration* from = current_of(outcome);
  if (from == nullptr) co_return failed(FolderStatus::invalid_sync_key);
  if (id && !is_mailbox(*id)) co_return failed(FolderStatus::special_folder);
  const Mailbox* mailbox = id ? view.find(*id) : nullptr;
  if (mailbox == nullptr) co_return failed(FolderStatus::not_found);
  if (is_special(*mailbox)) co_return failed(FolderStatus::special_folder);

  // What is below goes, too; the deepest first, so that a failure leaves no child without its parent.
  std::vector<MailboxName> names = {mailbox->name};
  for (const Mailbox& other : view.mailboxes()) {
    if (!other.name.is_below(mailbox->name)) continue;
    if (is_special(other)) co_return failed(FolderStatus::special_folder);
    names.push_back(other.name);
  }
  std::sort(names.begin(), names.end(), std::greater<>());
  for (MailboxName& name : names) {
    auto removed = co_await conversation.store().mailboxes().remove(conversation.account.id, std::move(name),
                                                                    conversation.removal());
    if (!removed) co_return failed(status_of_failure(removed.error()));
  }
  std::vector<KnownFolder> folders = without(from->folders, *id);
  CO_TRY(const std::uint32_t key, co_await view.advance(conversation, *from, std::move(folders)));
  co_return done(key);
}

Task<Result<FolderChangeResponse>> update(Conversation& conversation, FolderUpdateRequest request) {
  CO_TRY(FolderLedgerView view, co_await FolderLedgerView::load(conversation));
  const Outcome outcome = view.outcome(request.sync_key);
  const auto id = parse_collection_id(request.server_id);
  KnownFolder folder;
  folder.id = id.value_or(CollectionId{0});
  folder.parent = parent_of(request.parent_id);
  folder.name = request.display_name;
  if (const auto* repeated = std::get_if<Repeated>(&outcome)) {
    const KnownFolder* told = find_folder(repeated->answered->folders, folder.id);
    if (told != nullptr && *told == folder) co_return done(repeated->answered->key);
  }
  const FolderGeneration* from = current_of(outcome);
  if (from == nullptr) co_return failed(FolderStatus::invalid_sync_key);
  // Special folders are told by 2 here, not by 3 as in FolderDelete (MS-ASCMD section 2.2.3.177.5).
  if (id && !is_mailbox(*id)) co_return failed(FolderStatus::already_exists);
  const Mailbox* mailbox = id ? view.find(*id) : nullptr;
  if (mailbox == nullptr) co_return failed(FolderStatus::not_found);
  if (is_special(*mailbox)) co_return failed(FolderStatus::already_exists);
  auto name = name_below(view, request.parent_id, request.display_name);
  if (!name) co_return FolderChangeResponse{name.refusal(), {}, {}};
  if (*name != mailbox->name) {
    auto renamed = co_await conversation.store().mailboxes().rename(conversation.account.id, mailbox->name,
                                                                    std::move(*name));
    if (!renamed) co_return failed(status_of_failure(renamed.error()));
  }
  std::vector<KnownFolder> folders = without(from->folders, *id);
  folders.push_back(std::move(folder));
  CO_TRY(const std::uint32_t key, co_await view.advance(conversation, *from, std::move(folders)));
  co_return done(key);
}

// A request that another one of the device has overtaken has lost its key.
template <auto read, auto act>
Task<Result<void>> run(Conversation& conversation, std::optional<Document> document) {
  if (!document) co_return co_await refuse(conversation, FolderStatus::malformed_request);
  auto request = read(document->root());
  if (!request) co_return co_await refuse(conversation, request.refusal());
  Result<FolderChangeResponse> response = co_await act(conversation, std::move(*request));
  const bool overtaken = !response && response.error().kind == ErrorKind::stale;
  if (overtaken) response = failed(FolderStatus::invalid_sync_key);
  if (!response) co_return std::move(response).error();
  co_return co_await tell(conversation, *std::move(response));
}

}  // namespace

Task<Result<void>> run_folder_create(Conversation& conversation, std::optional<Document> document) {
  return run<read_folder_create, create>(conversation, std::move(document));
}

Task<Result<void>> run_folder_delete(Conversation& conversation, std::optional<Document> document) {
  return run<read_folder_delete, remove>(conversation, std::move(document));
}

Task<Result<void>> run_folder_update(Conversation& conversation, std::optional<Document> document) {
  return run<read_folder_update, update>(conversation, std::move(document));
}

}  // namespace postern::activesync
