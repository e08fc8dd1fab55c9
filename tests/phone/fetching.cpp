// Whole bodies and attachments: ItemOperations (MS-ASCMD section 2.2.1.10), Fetch in Sync, and GetAttachment
// of old phones (section 2.2.1.7).
#include <fmt/format.h>

#include "gateway/base/text.h"
#include "tests/phone/item_operations.h"
#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

LocalItem fetch_by_sync(Phone& phone, const std::string& folder_id, const std::string& item_id) {
  // In its Options the phone asks for more than it does otherwise.
  FolderAsk ask(folder_id);
  ask.commands.push_back(element("AirSync:Fetch"_tag, {text("AirSync:ServerId"_tag, item_id)}));
  Node request = sync_request(phone, {ask});
  Node& collection = request.children.front().children.front();
  const std::uint32_t type = phone.mailbox.folders.at(folder_id).items.at(item_id).body_type;
  for (Node& child : collection.children) {
    if (child.tag == "AirSync:Options"_tag) child = element("AirSync:Options"_tag, {whole_body(type)});
  }
  const Answer answer = phone.ask(Command::sync, request);
  const SyncNews news = apply_sync(phone, answer, {ask});
  const auto found = news.fetched.find(item_id);
  expect(found != news.fetched.end(), "Fetch in Sync brings nothing");
  return found->second;
}

std::string fetch_old_way(Phone& phone, const std::string& file_reference) {
  Parameters parameters;
  parameters.attachment_name = file_reference;
  return phone.ask(Command::get_attachment, std::nullopt, parameters).http.body;
}

}  // namespace

void fetch_body(Phone& phone, const std::string& subject) {
  LocalFolder& inbox = phone.mailbox.of_type(kInbox);
  const std::string id = item_with_subject(inbox, subject);
  LocalItem& item = inbox.items.at(id);
  if (!item.truncated || phone.profile.refetch == Refetch::never) return;
  LocalItem whole;
  if (phone.profile.refetch == Refetch::sync) {
    whole = fetch_by_sync(phone, inbox.id, id);
  } else {
    whole = fetch_item(phone, {text("AirSync:CollectionId"_tag, inbox.id), text("AirSync:ServerId"_tag, id)},
                       {whole_body(item.body_type)});
  }
  expect(!whole.truncated, "a body asked for without limit is truncated");
  expect(whole.body_type == item.body_type, "a body of another type than asked for");
  expect(whole.body.size() == item.estimated_size, "the whole body is not as long as was estimated");
  expect(whole.body.starts_with(item.body), "the whole body begins in another way than the truncated one");
  item.body = whole.body;
  item.truncated = false;
}

void fetch_attachment(Phone& phone, const std::string& subject) {
  const LocalFolder& inbox = phone.mailbox.of_type(kInbox);
  const LocalItem& item = inbox.items.at(item_with_subject(inbox, subject));
  expect(item.attachments.size() == 1, "the attachment is not told");
  const LocalAttachment& attachment = item.attachments.front();
  expect(attachment.name == kAttachmentName, "the attachment has another name: " + attachment.name);
  const bool old_way = phone.version < ProtocolVersion::v14_0 && phone.announced.contains("GetAttachment");
  const std::string octets = old_way ? fetch_old_way(phone, attachment.file_reference)
                                     : fetch_file(phone, attachment.file_reference);
  expect(octets == attachment_octets(), "the attachment has other octets than were sent");
}

}  // namespace postern::phone
