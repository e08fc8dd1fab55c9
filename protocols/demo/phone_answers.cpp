#include "protocols/demo/phone_answers.h"

#include <initializer_list>

#include "gateway/base/text.h"

namespace postern::demo {

namespace {

using namespace activesync;

constexpr std::string_view kInboxType = "2";

std::optional<Element> find(Element from, std::initializer_list<Tag> path) {
  std::optional<Element> at = from;
  for (const Tag tag : path) {
    if (at) at = at->find(tag);
  }
  return at;
}

std::string text_in(Element from, Tag tag) {
  const auto found = from.find(tag);
  return found ? std::string(found->text()) : std::string();
}

int status_in(Element root) {
  for (const Element child : root) {
    if (element_name(child.tag()) != "Status") continue;
    return static_cast<int>(text::number(child.text(), 65535).value_or(0));
  }
  return 0;
}

// MS-ASCMD section 2.2.2: 126 to 131 and 177 are about the user and the device, 142 to 144 about the policy.
Verdict verdict_of(int http_status, int status) {
  if (http_status == 449 || (status >= 142 && status <= 144)) return Verdict::policy_needed;
  if (http_status != 200 || status == 177 || (status >= 126 && status <= 131)) return Verdict::refused;
  return status == 0 || status == 1 ? Verdict::fine : Verdict::anew;
}

PhoneItem item_of(Element command) {
  PhoneItem item;
  const Tag tag = command.tag();
  if (tag == "AirSync:Change"_tag) item.what = PhoneItem::What::changed;
  if (tag == "AirSync:Delete"_tag || tag == "AirSync:SoftDelete"_tag) item.what = PhoneItem::What::removed;
  item.id = text_in(command, "AirSync:ServerId"_tag);
  const auto data = command.find("AirSync:ApplicationData"_tag);
  if (!data) return item;
  item.subject = text_in(*data, "Email:Subject"_tag);
  item.from = text_in(*data, "Email:From"_tag);
  if (const auto read = data->find("Email:Read"_tag)) item.read = read->text() == "1";
  return item;
}

}  // namespace

Judged judge(int http_status, const std::optional<Element>& root) {
  Judged judged;
  const int status = root ? status_in(*root) : 0;
  // A Ping's 2 says that there are changes.
  const bool is_news = root && root->tag() == "Ping:Ping"_tag && status == 2;
  judged.verdict = verdict_of(http_status, is_news ? 1 : status);
  judged.status = http_status == 200 ? status : http_status;
  return judged;
}

std::string policy_key_in(Element root) {
  const auto policy = find(root, {"Provision:Policies"_tag, "Provision:Policy"_tag});
  return policy ? text_in(*policy, "Provision:PolicyKey"_tag) : std::string();
}

void learn_folders(Element root, PhoneMemory& memory) {
  memory.folder_key = text_in(root, "FolderHierarchy:SyncKey"_tag);
  const auto changes = root.find("FolderHierarchy:Changes"_tag);
  if (!changes) return;
  for (const Element change : *changes) {
    const bool is_inbox = text_in(change, "FolderHierarchy:Type"_tag) == kInboxType;
    if (is_inbox) memory.inbox = text_in(change, "FolderHierarchy:ServerId"_tag);
  }
}

PhoneNews learn_messages(Element root, PhoneMemory& memory) {
  PhoneNews news;
  const auto collection = find(root, {"AirSync:Collections"_tag, "AirSync:Collection"_tag});
  if (!collection) return news;
  news.status = status_in(*collection);
  if (const auto key = collection->find("AirSync:SyncKey"_tag)) memory.sync_key = key->text();
  news.more = collection->find("AirSync:MoreAvailable"_tag).has_value();
  if (const auto commands = collection->find("AirSync:Commands"_tag)) {
    for (const Element command : *commands) news.items.push_back(item_of(command));
  }
  return news;
}

}  // namespace postern::demo
