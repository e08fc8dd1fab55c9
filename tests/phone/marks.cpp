// What a user does to messages in the list: read, flag, delete. Told with the folder's next Sync.
#include <fmt/format.h>

#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

constexpr std::uint32_t kConflict = 7, kGone = 8;

// The folder in which a message with this subject is.
std::string folder_with(const Phone& phone, const std::string& subject) {
  for (const auto& [id, folder] : phone.mailbox.folders) {
    if (count_with_subject(folder, subject) > 0 && folder.type != kDeleted) return id;
  }
  throw NotThere("nowhere: " + subject);
}

// False: somebody else was faster. Then the server's word counts, and its Sync brings it.
bool tell(Phone& phone, const std::string& folder_id, const std::string& item_id, Node command) {
  FolderAsk ask(folder_id);
  ask.commands.push_back(std::move(command));
  const SyncNews news = sync_once(phone, {ask});
  const auto refused = news.refused.find(item_id);
  const bool is_well =
      refused == news.refused.end() || refused->second == kConflict || refused->second == kGone;
  if (!is_well) throw Broken(fmt::format("the phone's change is refused with status {}", refused->second));
  if (news.more) sync_some(phone, {folder_id});
  return refused == news.refused.end();
}

void remove(Phone& phone, const std::string& folder_id, const std::string& item_id) {
  const bool is_done =
      tell(phone, folder_id, item_id, element("AirSync:Delete"_tag, {text("AirSync:ServerId"_tag, item_id)}));
  if (is_done) phone.mailbox.folders.at(folder_id).items.erase(item_id);
}

void change(Phone& phone, const std::string& subject, Node what,
            const std::function<void(LocalItem&)>& locally) {
  const std::string folder_id = folder_with(phone, subject);
  LocalFolder& folder = phone.mailbox.folders.at(folder_id);
  const std::string item_id = item_with_subject(folder, subject);
  locally(folder.items.at(item_id));
  tell(phone, folder_id, item_id,
       element("AirSync:Change"_tag, {text("AirSync:ServerId"_tag, item_id),
                                      element("AirSync:ApplicationData"_tag, {std::move(what)})}));
}

}  // namespace

void mark_read(Phone& phone, const std::string& subject, bool read) {
  change(phone, subject, number("Email:Read"_tag, read ? 1 : 0),
         [read](LocalItem& item) { item.read = read; });
}

void mark_flagged(Phone& phone, const std::string& subject, bool flagged) {
  // An empty Flag takes it away.
  Node flag = empty("Email:Flag"_tag);
  if (flagged) {
    flag = element("Email:Flag"_tag,
                   {number("Email:Status"_tag, 2), text("Email:FlagType"_tag, "Flag for follow up")});
  }
  change(phone, subject, std::move(flag), [flagged](LocalItem& item) { item.flag = flagged ? 2 : 0; });
}

void delete_item(Phone& phone, const std::string& subject) {
  const std::string folder_id = folder_with(phone, subject);
  remove(phone, folder_id, item_with_subject(phone.mailbox.folders.at(folder_id), subject));
}

void delete_for_good(Phone& phone, const std::string& subject) {
  const LocalFolder& deleted = phone.mailbox.of_type(kDeleted);
  remove(phone, deleted.id, item_with_subject(deleted, subject));
}

}  // namespace postern::phone
