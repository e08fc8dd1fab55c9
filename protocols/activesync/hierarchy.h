// Mailboxes as a device sees them: folders with ids, parents, names and types (MS-ASCMD section 2.2.3.186.3),
// and the folders for what is no mail, which are there and empty. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/activesync/schema/folders.h"
#include "storage/model/device.h"
#include "storage/model/mailbox.h"

namespace postern::activesync {

// A collection that is no mailbox.
struct OtherCollection {
  CollectionId id;
  std::string_view wire_id;
  std::string_view name;
  FolderType type;
  std::string_view class_name;  // "Calendar"
};
constexpr OtherCollection kOtherCollections[] = {
    {CollectionId{-1}, "calendar", "Calendar", FolderType::calendar, "Calendar"},
    {CollectionId{-2}, "contacts", "Contacts", FolderType::contacts, "Contacts"},
    {CollectionId{-3}, "tasks", "Tasks", FolderType::tasks, "Tasks"},
    {CollectionId{-4}, "notes", "Notes", FolderType::notes, "Notes"},
};

constexpr bool is_mailbox(CollectionId id) {
  return raw(id) > 0;
}
constexpr CollectionId collection_of(MailboxId id) {
  return CollectionId{raw(id)};
}
constexpr MailboxId mailbox_of(CollectionId id) {
  return MailboxId{raw(id)};
}

// "7" for a mailbox, a word for the others, "0" for the top.
std::string wire_id(CollectionId id);
// nullopt: none that this server gives; "0" is not one.
std::optional<CollectionId> parse_collection_id(std::string_view text);

// "7:41": a message.
struct ItemId {
  MailboxId mailbox{};
  Uid uid{};
};
std::string server_id(ItemId item);
std::optional<ItemId> parse_server_id(std::string_view text);

struct Folder {
  KnownFolder known;
  FolderType type = FolderType::user_mail;
};
// All folders, parents before their children.
std::vector<Folder> folders_of(const std::vector<Mailbox>& mailboxes);
// By id, which is the order that ledgers keep.
std::vector<KnownFolder> known_folders(const std::vector<Folder>& folders);
std::vector<KnownFolder> in_order(std::vector<KnownFolder> folders);

// From what the device knows to `now`; types are those of `current`.
FolderSyncResponse folder_changes(const std::vector<KnownFolder>& before, const std::vector<KnownFolder>& now,
                                  const std::vector<Folder>& current);

}  // namespace postern::activesync
