// MoveItems and GetItemEstimate. MS-ASCMD sections 2.2.1.12 and 2.2.1.8.
#include <fmt/format.h>

#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

constexpr std::uint32_t kMoved = 3;

std::uint32_t ask_estimate(Phone& phone, const LocalFolder& folder) {
  const Node key = text("AirSync:SyncKey"_tag, folder.sync_key);
  const Node id = text("GetItemEstimate:CollectionId"_tag, folder.id);
  const Node filter = number("AirSync:FilterType"_tag, phone.profile.filter_type);
  // The order and place of FilterType changed with 14.0.
  std::vector<Node> collection = {id, filter, key};
  if (phone.version >= ProtocolVersion::v14_0)
    collection = {key, id, element("AirSync:Options"_tag, {filter})};
  const Answer answer =
      phone.ask(Command::get_item_estimate,
                element("GetItemEstimate:GetItemEstimate"_tag,
                        {element("GetItemEstimate:Collections"_tag,
                                 {element("GetItemEstimate:Collection"_tag, std::move(collection))})}));
  const Element response = child_of(answer.root(), "GetItemEstimate:Response"_tag);
  expect_status(response, "GetItemEstimate:Status"_tag, 1, "GetItemEstimate");
  const Element told = child_of(response, "GetItemEstimate:Collection"_tag);
  expect(text_in(told, "GetItemEstimate:CollectionId"_tag) == folder.id, "an estimate of another folder");
  return number_in(told, "GetItemEstimate:Estimate"_tag);
}

}  // namespace

void move_item(Phone& phone, const std::string& subject, const std::string& folder_name) {
  LocalFolder& from = phone.mailbox.of_type(kInbox);
  LocalFolder& to = phone.mailbox.named(folder_name);
  const std::string id = item_with_subject(from, subject);
  const Answer answer = phone.ask(
      Command::move_items,
      element("Move:MoveItems"_tag,
              {element("Move:Move"_tag, {text("Move:SrcMsgId"_tag, id), text("Move:SrcFldId"_tag, from.id),
                                         text("Move:DstFldId"_tag, to.id)})}));
  const Element response = child_of(answer.root(), "Move:Response"_tag);
  expect_status(response, "Move:Status"_tag, kMoved, "MoveItems");
  expect(text_in(response, "Move:SrcMsgId"_tag) == id, "a move of another item");
  const std::string moved = text_in(response, "Move:DstMsgId"_tag);
  expect(!to.items.contains(moved), "the moved item has the id of another one");
  sync_some(phone, {from.id, to.id});
  expect(!from.items.contains(id), "a moved item is still where it was");
  expect(item_with_subject(to, subject) == moved, "a moved item has another id than MoveItems has told");
}

void estimate(Phone& phone) {
  LocalFolder& inbox = phone.mailbox.of_type(kInbox);
  sync_some(phone, {inbox.id});
  expect(ask_estimate(phone, inbox) == 0, "items are estimated, though all were got");
  if (!phone.incoming) return;
  const std::string subject = fmt::format("To be estimated {}", inbox.sync_key);
  deliver(phone, subject);
  const std::uint32_t items = ask_estimate(phone, inbox);
  const SyncNews news = sync_some(phone, {inbox.id});
  expect(items == news.added + news.changed + news.removed, "the estimate is not what Sync brings");
}

}  // namespace postern::phone
