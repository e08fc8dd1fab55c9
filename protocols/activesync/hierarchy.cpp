#include "protocols/activesync/hierarchy.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gateway/base/text.h"

namespace postern::activesync {

namespace {

std::optional<std::int64_t> positive_number(std::string_view text) {
  if (text.empty() || text.front() == '0') return std::nullopt;
  const auto number = text::number(text, INT64_MAX);
  if (!number) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

FolderType type_of(const Mailbox& mailbox) {
  if (mailbox.name.is_inbox()) return FolderType::inbox;
  switch (mailbox.special_use) {
    case SpecialUse::drafts: return FolderType::drafts;
    case SpecialUse::sent: return FolderType::sent_items;
    case SpecialUse::trash: return FolderType::deleted_items;
    default: return FolderType::user_mail;
  }
}

// The place of each folder in the hierarchy, for its type and for telling parents first.
std::map<CollectionId, std::size_t> places_of(const std::vector<Folder>& folders) {
  std::map<CollectionId, std::size_t> places;
  for (std::size_t i = 0; i < folders.size(); ++i) places[folders[i].known.id] = i;
  return places;
}

}  // namespace

std::string wire_id(CollectionId id) {
  for (const OtherCollection& row : kOtherCollections) {
    if (row.id == id) return std::string(row.wire_id);
  }
  return fmt::format("{}", raw(id));
}

std::optional<CollectionId> parse_collection_id(std::string_view text) {
  for (const OtherCollection& row : kOtherCollections) {
    if (row.wire_id == text) return row.id;
  }
  const auto number = positive_number(text);
  if (!number) return std::nullopt;
  return CollectionId{*number};
}

std::string server_id(ItemId item) {
  return fmt::format("{}:{}", raw(item.mailbox), raw(item.uid));
}

std::optional<ItemId> parse_server_id(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto mailbox = positive_number(text.substr(0, colon));
  const auto uid = positive_number(text.substr(colon + 1));
  if (!mailbox || !uid || *uid > UINT32_MAX) return std::nullopt;
  return ItemId{MailboxId{*mailbox}, Uid{static_cast<std::uint32_t>(*uid)}};
}

std::vector<Folder> folders_of(const std::vector<Mailbox>& mailboxes) {
  // By name, so that "a" comes before "a/b".
  std::map<MailboxName, const Mailbox*> by_name;
  for (const Mailbox& mailbox : mailboxes) by_name[mailbox.name] = &mailbox;
  std::vector<Folder> folders;
  for (const auto& [name, mailbox] : by_name) {
    Folder folder;
    folder.known.id = collection_of(mailbox->key.mailbox);
    folder.known.name = name.text();
    folder.type = type_of(*mailbox);
    // A level that is no mailbox is no folder: the child then shows it in its name.
    for (const MailboxName& ancestor : name.ancestors()) {
      const auto found = by_name.find(ancestor);
      if (found == by_name.end()) continue;
      folder.known.parent = collection_of(found->second->key.mailbox);
      folder.known.name = name.text().substr(ancestor.text().size() + 1);
    }
    folders.push_back(std::move(folder));
  }
  for (const OtherCollection& row : kOtherCollections) {
    Folder folder;
    folder.known.id = row.id;
    folder.known.name = row.name;
    folder.type = row.type;
    folders.push_back(std::move(folder));
  }
  return folders;
}

std::vector<KnownFolder> known_folders(const std::vector<Folder>& folders) {
  std::vector<KnownFolder> known;
  for (const Folder& folder : folders) known.push_back(folder.known);
  return in_order(std::move(known));
}

std::vector<KnownFolder> in_order(std::vector<KnownFolder> folders) {
  std::sort(folders.begin(), folders.end(),
            [](const KnownFolder& a, const KnownFolder& b) { return a.id < b.id; });
  return folders;
}

FolderSyncResponse folder_changes(const std::vector<KnownFolder>& before, const std::vector<KnownFolder>& now,
                                  const std::vector<Folder>& current) {
  std::map<CollectionId, const KnownFolder*> old;
  for (const KnownFolder& folder : before) old[folder.id] = &folder;
  const std::map<CollectionId, std::size_t> places = places_of(current);
  const auto place_of = [&places](const KnownFolder& folder) {
    const auto found = places.find(folder.id);
    return found == places.end() ? SIZE_MAX : found->second;
  };
  const auto entry_of = [&](const KnownFolder& folder) {
    const std::size_t place = place_of(folder);
    const FolderType type = place == SIZE_MAX ? FolderType::user_mail : current[place].type;
    return FolderEntry{wire_id(folder.id), wire_id(folder.parent), folder.name, type};
  };
  std::vector<KnownFolder> parents_first = now;
  std::sort(parents_first.begin(), parents_first.end(),
            [&](const KnownFolder& a, const KnownFolder& b) { return place_of(a) < place_of(b); });
  FolderSyncResponse response;
  for (const KnownFolder& folder : parents_first) {
    const auto found = old.find(folder.id);
    if (found == old.end()) {
      response.added.push_back(entry_of(folder));
      continue;
    }
    if (*found->second != folder) response.updated.push_back(entry_of(folder));
    old.erase(found);
  }
  for (const auto& [id, folder] : old) response.deleted.push_back(wire_id(id));
  return response;
}

}  // namespace postern::activesync
