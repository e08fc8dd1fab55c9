#include "tests/bench/phone_client/sync_device.h"

#include "tests/bench/client/connection.h"

namespace postern::bench {

namespace {

using namespace phone;
using activesync::operator""_tag;

constexpr std::uint32_t kWindowSize = 100;
constexpr std::uint32_t kTruncationSize = 200'000;  // as Android asks; longer than the messages
constexpr std::uint32_t kHeartbeat_s = 3540;
constexpr const char* kInboxType = "2";

const Profile& load_profile() {
  static const Profile profile = [] {
    Profile made = *find_profile("gmail");
    made.accepts_gzip = false;  // as if a web server in front did not compress either
    return made;
  }();
  return profile;
}

ServerOptions server_options(const Options& options, const std::string& user, const std::string& device_id) {
  ServerOptions made;
  made.target = target_of(options);
  made.identity = {user, options.text("password"), device_id};
  made.version = ProtocolVersion::v14_1;
  made.path = options.text("sync-path", made.path);
  return made;
}

Node inbox_request(const std::string& inbox, const std::string& key) {
  std::vector<Node> children = {phone::text("AirSync:SyncKey"_tag, key),
                                phone::text("AirSync:CollectionId"_tag, inbox)};
  if (key != "0") {
    children.push_back(phone::number("AirSync:GetChanges"_tag, 1));  // an empty one is no to SOGo
    children.push_back(phone::number("AirSync:WindowSize"_tag, kWindowSize));
    children.push_back(
        element("AirSync:Options"_tag,
                {phone::number("AirSync:FilterType"_tag, 0),
                 element("AirSyncBase:BodyPreference"_tag,
                         {phone::number("AirSyncBase:Type"_tag, 2),
                          phone::number("AirSyncBase:TruncationSize"_tag, kTruncationSize)})}));
  }
  return element("AirSync:Sync"_tag, {element("AirSync:Collections"_tag,
                                              {element("AirSync:Collection"_tag, std::move(children))})});
}

}  // namespace

SyncDevice::SyncDevice(const Options& options, const std::string& user, const std::string& device_id)
    : server_(load_profile(), server_options(options, user, device_id)) {}

void SyncDevice::find_inbox() {
  const Node request =
      element("FolderHierarchy:FolderSync"_tag, {phone::text("FolderHierarchy:SyncKey"_tag, "0")});
  const auto answer = server_.ask(Command::folder_sync, request);
  for (const Element folder : child_of(answer.root(), "FolderHierarchy:Changes"_tag)) {
    if (text_if_any(folder, "FolderHierarchy:Type"_tag) == kInboxType)
      inbox_ = text_in(folder, "FolderHierarchy:ServerId"_tag);
  }
  if (inbox_.empty()) throw Failure("no inbox among the folders");
  bool more = false;
  sync(more);
}

std::uint64_t SyncDevice::sync(bool& more) {
  more = false;
  const auto answer = server_.ask(Command::sync, inbox_request(inbox_, key_));
  if (answer.is_empty()) return 0;
  const Element collections = child_of(answer.root(), "AirSync:Collections"_tag);
  const Element collection = child_of(collections, "AirSync:Collection"_tag);
  expect_status(collection, "AirSync:Status"_tag, 1, "Sync");
  key_ = text_in(collection, "AirSync:SyncKey"_tag);
  more = collection.find("AirSync:MoreAvailable"_tag).has_value();
  std::uint64_t items = 0;
  if (const auto commands = collection.find("AirSync:Commands"_tag)) {
    for ([[maybe_unused]] const Element one : *commands) ++items;
  }
  return items;
}

std::uint64_t SyncDevice::sync_all() {
  std::uint64_t items = 0;
  bool more = true;
  while (more) items += sync(more);
  return items;
}

void SyncDevice::start_ping() {
  server_.send(Command::ping,
               element("Ping:Ping"_tag,
                       {phone::number("Ping:HeartbeatInterval"_tag, kHeartbeat_s),
                        element("Ping:Folders"_tag,
                                {element("Ping:Folder"_tag, {phone::text("Ping:Id"_tag, inbox_),
                                                             phone::text("Ping:Class"_tag, "Email")})})}));
}

void SyncDevice::finish_ping() {
  const auto answer = server_.receive(Command::ping);
  expect_status(answer.root(), "Ping:Status"_tag, 2, "Ping");
}

}  // namespace postern::bench
