// The folder hierarchy. MS-ASCMD sections 2.2.1.2 to 2.2.1.6.
#include <fmt/format.h>

#include "tests/phone/phone.h"

namespace postern::phone {

namespace {

constexpr const char* kMadeFolder = "Made on the phone";
constexpr const char* kRenamedFolder = "Named on the phone";

LocalFolder folder_in(Element entry) {
  LocalFolder folder;
  folder.id = text_in(entry, "FolderHierarchy:ServerId"_tag);
  folder.parent = text_in(entry, "FolderHierarchy:ParentId"_tag);
  folder.name = text_in(entry, "FolderHierarchy:DisplayName"_tag);
  folder.type = number_in(entry, "FolderHierarchy:Type"_tag);
  expect(!folder.id.empty() && folder.id != "0" && !folder.name.empty(), "a folder without id or name");
  return folder;
}

void apply(LocalMailbox& mailbox, Element changes) {
  std::uint32_t count = 0;
  for (const Element change : changes) {
    if (change.tag() == "FolderHierarchy:Count"_tag) continue;
    ++count;
    if (change.tag() == "FolderHierarchy:Delete"_tag) {
      const std::string id = text_in(change, "FolderHierarchy:ServerId"_tag);
      expect(mailbox.folders.erase(id) == 1, "a folder removed that never was: " + id);
      continue;
    }
    const LocalFolder folder = folder_in(change);
    const auto known = mailbox.folders.find(folder.id);
    const bool is_add = change.tag() == "FolderHierarchy:Add"_tag;
    expect(is_add == (known == mailbox.folders.end()),
           fmt::format("folder {} is {}", folder.name, is_add ? "added twice" : "updated, and never added"));
    // A parent comes before its children, or the phone has nowhere to put them.
    expect(folder.parent == "0" || mailbox.folders.contains(folder.parent),
           "no parent yet for " + folder.name);
    LocalFolder& kept = mailbox.folders[folder.id];
    kept.id = folder.id;
    kept.parent = folder.parent;
    kept.name = folder.name;
    kept.type = folder.type;
  }
  expect(count == number_in(changes, "FolderHierarchy:Count"_tag), "Count is not the number of changes");
}

Node folder_sync_request(const std::string& key) {
  return element("FolderHierarchy:FolderSync"_tag, {text("FolderHierarchy:SyncKey"_tag, key)});
}

// As Android looks whether the account works: under a name that must not become a device.
void validate(Phone& phone) {
  phone.server.as_device = "validate";
  const Answer answer = phone.ask(Command::folder_sync, folder_sync_request("0"));
  expect_status(answer.root(), "FolderHierarchy:Status"_tag, 1, "FolderSync as \"validate\"");
  phone.server.as_device.clear();
}

// One change of a folder; the key goes on. Returns the answer.
Answer change_folder(Phone& phone, Command command, Tag root, std::vector<Node> fields) {
  fields.insert(fields.begin(), text("FolderHierarchy:SyncKey"_tag, phone.mailbox.folder_key));
  Answer answer = phone.ask(command, element(root, std::move(fields)));
  expect_status(answer.root(), "FolderHierarchy:Status"_tag, 1, name_of(command));
  const std::string key = text_in(answer.root(), "FolderHierarchy:SyncKey"_tag);
  expect(key != phone.mailbox.folder_key, "a folder changes, and the key does not");
  phone.mailbox.folder_key = key;
  return answer;
}

}  // namespace

void sync_folders(Phone& phone) {
  LocalMailbox& mailbox = phone.mailbox;
  const bool is_first = mailbox.folder_key == "0";
  if (is_first && phone.profile.validates_first) validate(phone);
  const Answer answer = phone.ask(Command::folder_sync, folder_sync_request(mailbox.folder_key));
  const Element root = answer.root();
  expect(root.tag() == "FolderHierarchy:FolderSync"_tag, "the answer to FolderSync is no FolderSync");
  expect_status(root, "FolderHierarchy:Status"_tag, 1, "FolderSync");
  const std::string key = text_in(root, "FolderHierarchy:SyncKey"_tag);
  expect(!key.empty() && key != "0", "no proper SyncKey of folders");
  const Element changes = child_of(root, "FolderHierarchy:Changes"_tag);
  const bool any = number_in(changes, "FolderHierarchy:Count"_tag) > 0;
  expect(!any || key != mailbox.folder_key, "folders change, and the key does not");
  apply(mailbox, changes);
  mailbox.folder_key = key;
  if (!is_first) return;
  for (const std::uint32_t type : {kInbox, kDrafts, kDeleted, kSent}) mailbox.of_type(type);
}

void change_folders(Phone& phone) {
  LocalMailbox& mailbox = phone.mailbox;
  const Answer made = change_folder(
      phone, Command::folder_create, "FolderHierarchy:FolderCreate"_tag,
      {text("FolderHierarchy:ParentId"_tag, "0"), text("FolderHierarchy:DisplayName"_tag, kMadeFolder),
       number("FolderHierarchy:Type"_tag, kUserMail)});
  const std::string id = text_in(made.root(), "FolderHierarchy:ServerId"_tag);
  expect(!mailbox.folders.contains(id), "a new folder has the id of another one");
  LocalFolder& folder = mailbox.folders[id];
  folder.id = id;
  folder.parent = "0";
  folder.name = kMadeFolder;
  folder.type = kUserMail;
  change_folder(phone, Command::folder_update, "FolderHierarchy:FolderUpdate"_tag,
                {text("FolderHierarchy:ServerId"_tag, id), text("FolderHierarchy:ParentId"_tag, "0"),
                 text("FolderHierarchy:DisplayName"_tag, kRenamedFolder)});
  folder.name = kRenamedFolder;
  // What the phone has done itself is not told to it again.
  const std::size_t before = mailbox.folders.size();
  sync_folders(phone);
  expect(mailbox.folders.size() == before && mailbox.folders.at(id).name == kRenamedFolder,
         "the phone's own change of a folder comes back changed");
  change_folder(phone, Command::folder_delete, "FolderHierarchy:FolderDelete"_tag,
                {text("FolderHierarchy:ServerId"_tag, id)});
  mailbox.folders.erase(id);
}

}  // namespace postern::phone
