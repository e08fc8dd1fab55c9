#include "tests/phone/sync.h"

#include <fmt/format.h>

#include <algorithm>

namespace postern::phone {

namespace {

constexpr std::uint32_t kInvalidSyncKey = 3;
constexpr std::uint32_t kFoldersChanged = 12;
constexpr std::size_t kSyncKeyOctetsMax = 64;
constexpr int kRoundsMax = 2000;  // of one folder that never ends

// The order in which the schema has them; some clients read no other.
constexpr Tag kCollectionOrder[] = {
    "AirSync:Class"_tag,         "AirSync:SyncKey"_tag,  "AirSync:CollectionId"_tag, "AirSync:Status"_tag,
    "AirSync:MoreAvailable"_tag, "AirSync:Commands"_tag, "AirSync:Responses"_tag};

class CollectionAnswer {
 public:
  CollectionAnswer(Phone& phone, Element collection, LocalFolder& folder, SyncNews& news)
      : phone_(phone), collection_(collection), folder_(folder), news_(news) {}

  void apply() {
    check_order();
    expect_status(collection_, "AirSync:Status"_tag, 1, "Sync of " + folder_.name);
    const std::string key = text_in(collection_, "AirSync:SyncKey"_tag);
    expect(!key.empty() && key.size() <= kSyncKeyOctetsMax && key != "0", "no proper SyncKey: " + key);
    expect(key != folder_.sync_key, "an answer under the key of the request: phones take that for a loop");
    const bool was_first = folder_.sync_key == "0";
    folder_.sync_key = key;
    const auto commands = collection_.find("AirSync:Commands"_tag);
    const bool more = collection_.find("AirSync:MoreAvailable"_tag).has_value();
    expect(!was_first || (!commands && !more), "items under the first key");
    expect(!more || commands, "MoreAvailable, and nothing with it");
    news_.more |= more;
    if (commands) take_commands(*commands);
    if (const auto responses = collection_.find("AirSync:Responses"_tag)) take_responses(*responses);
  }

 private:
  void check_order() const {
    const Tag* at = std::begin(kCollectionOrder);
    for (const Element child : collection_) {
      at = std::find(at, std::end(kCollectionOrder), child.tag());
      if (at == std::end(kCollectionOrder))
        throw Broken(qualified_name(child.tag()) + " does not stand there in a Collection");
    }
    expect(!collection_.find("AirSync:Class"_tag),
           "a Class, which has no place in answers of 12.1 and later");
  }

  void take_commands(Element commands) {
    std::uint32_t count = 0;
    for (const Element command : commands) {
      ++count;
      const std::string id = text_in(command, "AirSync:ServerId"_tag);
      const auto known = folder_.items.find(id);
      const bool is_known = known != folder_.items.end();
      switch (command.tag()) {
        case "AirSync:Add"_tag: {
          expect(!is_known, "added twice: " + id);
          LocalItem item;
          take_properties(phone_, child_of(command, "AirSync:ApplicationData"_tag), item);
          check_item(phone_, id, item);
          folder_.items.emplace(id, std::move(item));
          ++news_.added;
          break;
        }
        case "AirSync:Change"_tag:
          expect(is_known, "changed, and never added: " + id);
          take_properties(phone_, child_of(command, "AirSync:ApplicationData"_tag), known->second);
          ++news_.changed;
          break;
        case "AirSync:Delete"_tag:
        case "AirSync:SoftDelete"_tag:
          expect(is_known, "removed, and never added: " + id);
          folder_.items.erase(known);
          ++news_.removed;
          break;
        default: throw Broken("no command of a server: " + qualified_name(command.tag()));
      }
    }
    expect(count > 0, "Commands without any");
    expect(count <= phone_.profile.window_size, "more items than WindowSize allows");
  }

  void take_responses(Element responses) {
    expect(responses.has_children(), "Responses without any");
    for (const Element response : responses) {
      const bool is_add = response.tag() == "AirSync:Add"_tag;
      const std::string id = text_in(response, is_add ? "AirSync:ClientId"_tag : "AirSync:ServerId"_tag);
      const std::uint32_t status = number_in(response, "AirSync:Status"_tag);
      if (status != 1) news_.refused[id] = status;
      if (status != 1 || response.tag() != "AirSync:Fetch"_tag) continue;
      take_properties(phone_, child_of(response, "AirSync:ApplicationData"_tag), news_.fetched[id]);
    }
  }

  Phone& phone_;
  const Element collection_;
  LocalFolder& folder_;
  SyncNews& news_;
};

// The folders to ask for at once: all, or one after the other.
std::vector<std::vector<FolderAsk>> requests_for(const Phone& phone, const std::vector<std::string>& ids) {
  std::vector<std::vector<FolderAsk>> requests;
  for (const std::string& id : ids) {
    if (requests.empty() || !phone.profile.folders_together) requests.emplace_back();
    requests.back().emplace_back(id);
  }
  return requests;
}

}  // namespace

void SyncNews::add(const SyncNews& other) {
  added += other.added;
  changed += other.changed;
  removed += other.removed;
  told.insert(told.end(), other.told.begin(), other.told.end());
  refused.insert(other.refused.begin(), other.refused.end());
  fetched.insert(other.fetched.begin(), other.fetched.end());
}

SyncNews apply_sync(Phone& phone, const Answer& answer, const std::vector<FolderAsk>& asked) {
  SyncNews news;
  if (answer.is_empty()) {
    expect(!answer.http.field("content-type").empty(), "an empty answer without Content-Type");
    return news;
  }
  const Element root = answer.root();
  expect(root.tag() == "AirSync:Sync"_tag, "the answer to Sync is no Sync");
  if (root.find("AirSync:Status"_tag)) expect_status(root, "AirSync:Status"_tag, 1, "Sync");
  for (const Element collection : child_of(root, "AirSync:Collections"_tag)) {
    const std::string id = text_in(collection, "AirSync:CollectionId"_tag);
    const bool was_asked =
        std::any_of(asked.begin(), asked.end(), [&id](const FolderAsk& one) { return one.id == id; });
    expect(was_asked, "a folder that was not asked for: " + id);
    expect(std::find(news.told.begin(), news.told.end(), id) == news.told.end(),
           "a folder told twice: " + id);
    news.told.push_back(id);
    CollectionAnswer(phone, collection, phone.mailbox.folders.at(id), news).apply();
  }
  return news;
}

SyncNews sync_once(Phone& phone, const std::vector<FolderAsk>& folders) {
  Answer answer = phone.ask(Command::sync, sync_request(phone, folders));
  const auto status = answer.is_empty() ? std::nullopt : text_if_any(answer.root(), "AirSync:Status"_tag);
  if (status == std::to_string(kFoldersChanged)) {
    sync_folders(phone);
    std::vector<FolderAsk> left;
    for (const FolderAsk& one : folders) {
      if (phone.mailbox.folders.contains(one.id)) left.push_back(one);
    }
    expect(!left.empty(), "the folder is gone");
    answer = phone.ask(Command::sync, sync_request(phone, left));
  }
  const SyncNews news = apply_sync(phone, answer, folders);
  for (const FolderAsk& one : folders) {
    const auto folder = phone.mailbox.folders.find(one.id);
    const bool has_key = folder == phone.mailbox.folders.end() || folder->second.sync_key != "0";
    expect(has_key, "no first key for folder " + one.id);
  }
  return news;
}

SyncNews sync_some(Phone& phone, const std::vector<std::string>& folder_ids) {
  SyncNews all;
  for (const std::vector<FolderAsk>& request : requests_for(phone, folder_ids)) {
    const bool is_first = std::any_of(request.begin(), request.end(), [&phone](const FolderAsk& one) {
      return phone.mailbox.folders.at(one.id).sync_key == "0";
    });
    if (is_first) all.add(sync_once(phone, request));
    int rounds = 0;
    for (SyncNews news = sync_once(phone, request);; news = sync_once(phone, request)) {
      all.add(news);
      if (!news.more) break;
      expect(++rounds < kRoundsMax, "MoreAvailable without end");
    }
    if (!phone.profile.empty_sync_when_quiet) continue;
    // The server completes it with what it remembers of the request before.
    const Answer answer = phone.ask(Command::sync, std::nullopt);
    all.add(apply_sync(phone, answer, request));
  }
  return all;
}

SyncNews sync_all(Phone& phone) {
  std::vector<std::string> ids;
  for (const auto& [id, folder] : phone.mailbox.folders) ids.push_back(id);
  return sync_some(phone, ids);
}

void begin_anew(Phone& phone) {
  LocalFolder& inbox = phone.mailbox.of_type(kInbox);
  std::vector<FolderAsk> asked;
  asked.emplace_back(inbox.id);
  const Answer answer = phone.ask(Command::sync, sync_request(phone, asked));
  const Element collections = child_of(answer.root(), "AirSync:Collections"_tag);
  const Element collection = child_of(collections, "AirSync:Collection"_tag);
  expect_status(collection, "AirSync:Status"_tag, kInvalidSyncKey, "Sync of " + inbox.name);
  inbox.sync_key = "0";
  inbox.items.clear();
  sync_some(phone, {inbox.id});
}

}  // namespace postern::phone
