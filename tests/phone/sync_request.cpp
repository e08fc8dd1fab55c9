// A Sync request as the profile's phone makes it.
#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

constexpr std::uint32_t kCalendarFilter = 4;  // two weeks; mail's own would be refused or mean another thing

Node body_preference(const Phone& phone, const activesync::BodyPreference& wish) {
  std::vector<Node> children = {number("AirSyncBase:Type"_tag, static_cast<std::uint64_t>(wish.type))};
  if (wish.truncation_size)
    children.push_back(number("AirSyncBase:TruncationSize"_tag, *wish.truncation_size));
  if (wish.preview_characters > 0 && phone.version >= ProtocolVersion::v14_0)
    children.push_back(number("AirSyncBase:Preview"_tag, wish.preview_characters));
  return element("AirSyncBase:BodyPreference"_tag, std::move(children));
}

Node options(const Phone& phone, const LocalFolder& folder) {
  std::vector<Node> children = {
      number("AirSync:FilterType"_tag, folder.is_mail() ? phone.profile.filter_type : kCalendarFilter)};
  if (folder.is_mail()) {
    for (Node& wish : body_wishes(phone)) children.push_back(std::move(wish));
  }
  return element("AirSync:Options"_tag, std::move(children));
}

Node collection(const Phone& phone, const FolderAsk& ask) {
  const LocalFolder& folder = phone.mailbox.folders.at(ask.id);
  const bool is_first = folder.sync_key == "0";
  std::vector<Node> children = {text("AirSync:SyncKey"_tag, folder.sync_key),
                                text("AirSync:CollectionId"_tag, folder.id)};
  if (!is_first) {
    children.push_back(number("AirSync:DeletesAsMoves"_tag, folder.type == kDeleted ? 0 : 1));
    children.push_back(empty("AirSync:GetChanges"_tag));
    children.push_back(number("AirSync:WindowSize"_tag, phone.profile.window_size));
  }
  if (!is_first || phone.profile.options_in_first_sync) children.push_back(options(phone, folder));
  if (!ask.commands.empty()) children.push_back(element("AirSync:Commands"_tag, ask.commands));
  return element("AirSync:Collection"_tag, std::move(children));
}

}  // namespace

std::vector<Node> body_wishes(const Phone& phone) {
  std::vector<Node> wishes = {number("AirSync:MIMESupport"_tag, phone.profile.mime_support)};
  for (const auto& wish : phone.profile.bodies) wishes.push_back(body_preference(phone, wish));
  return wishes;
}

Node sync_request(const Phone& phone, const std::vector<FolderAsk>& folders,
                  std::optional<std::uint32_t> heartbeat_s) {
  std::vector<Node> collections;
  for (const FolderAsk& ask : folders) collections.push_back(collection(phone, ask));
  std::vector<Node> children = {element("AirSync:Collections"_tag, std::move(collections))};
  // HeartbeatInterval is of 14.0; before there are minutes.
  if (heartbeat_s && phone.version >= ProtocolVersion::v14_0) {
    children.push_back(number("AirSync:HeartbeatInterval"_tag, *heartbeat_s));
  } else if (heartbeat_s) {
    children.push_back(number("AirSync:Wait"_tag, *heartbeat_s / 60));
  }
  return element("AirSync:Sync"_tag, std::move(children));
}

}  // namespace postern::phone
