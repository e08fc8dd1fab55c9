// Push: a Ping, or a Sync that waits, and what a phone does when it ends. MS-ASCMD sections 2.2.1.13
// and 2.2.3.80.
#include <fmt/format.h>

#include <chrono>

#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

constexpr std::uint32_t kExpired = 1, kChanges = 2, kFoldersChanged = 7;

Node ping_request(const Phone& phone) {
  std::vector<Node> folders;
  for (const auto& [id, folder] : phone.mailbox.folders) {
    if (!folder.is_mail()) continue;
    folders.push_back(element("Ping:Folder"_tag, {text("Ping:Id"_tag, id), text("Ping:Class"_tag, "Email")}));
  }
  return element("Ping:Ping"_tag, {number("Ping:HeartbeatInterval"_tag, phone.profile.heartbeat_s),
                                   element("Ping:Folders"_tag, std::move(folders))});
}

SyncNews act_on_ping(Phone& phone, const Answer& answer) {
  const Element root = answer.root();  // an empty answer is a broken network to Android
  const std::uint32_t status = number_in(root, "Ping:Status"_tag);
  if (status == kExpired) return {};
  if (status == kFoldersChanged) {
    sync_folders(phone);
    return sync_all(phone);
  }
  expect(status == kChanges, fmt::format("Ping: status {}", status));
  std::vector<std::string> ids;
  for (const Element folder : child_of(root, "Ping:Folders"_tag)) {
    ids.emplace_back(folder.text());
    expect(phone.mailbox.folders.contains(ids.back()), "Ping names a folder that is none");
  }
  expect(!ids.empty(), "Ping has changes, and names no folder");
  SyncNews news;
  for (const std::string& id : ids) {
    const SyncNews one = sync_some(phone, {id});
    // Phones take three of these for a loop.
    expect(one.any(), "Ping tells of changes, and its folder's Sync brings none");
    news.add(one);
  }
  return news;
}

std::vector<FolderAsk> mail_folders(const Phone& phone) {
  std::vector<FolderAsk> asks;
  for (const auto& [id, folder] : phone.mailbox.folders) {
    if (folder.is_mail()) asks.emplace_back(id);
  }
  return asks;
}

SyncNews act_on_sync(Phone& phone, const Answer& answer, const std::vector<FolderAsk>& asked) {
  SyncNews news = apply_sync(phone, answer, asked);
  if (news.more) news.add(sync_some(phone, news.told));
  return news;
}

SyncNews wait_once(Phone& phone, const std::function<void()>& meanwhile) {
  if (phone.profile.push == Push::ping) {
    phone.server.send(Command::ping, ping_request(phone));
    meanwhile();
    return act_on_ping(phone, phone.server.receive(Command::ping));
  }
  const std::vector<FolderAsk> asked = mail_folders(phone);
  phone.server.send(Command::sync, sync_request(phone, asked, phone.profile.heartbeat_s));
  meanwhile();
  return act_on_sync(phone, phone.server.receive(Command::sync), asked);
}

}  // namespace

void wait_for_news(Phone& phone, const std::function<void()>& meanwhile) {
  sync_all(phone);
  SyncNews news = wait_once(phone, meanwhile);
  while (!news.any()) news = wait_once(phone, [] {});
}

void wait_for_mail(Phone& phone, std::uint32_t folder_type, const std::string& subject) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(phone.patience_s);
  sync_all(phone);
  while (count_with_subject(phone.mailbox.of_type(folder_type), subject) == 0) {
    expect(std::chrono::steady_clock::now() < give_up, "it never comes: " + subject);
    wait_once(phone, [] {});
  }
  item_with_subject(phone.mailbox.of_type(folder_type), subject);
}

}  // namespace postern::phone
