#include "protocols/demo/phone_requests.h"

#include "protocols/activesync/wbxml/writer.h"

namespace postern::demo {

namespace {

using namespace activesync;

constexpr const char* kPolicyType = "MS-EAS-Provisioning-WBXML";
constexpr std::uint64_t kWindowSize = 25;
constexpr std::uint64_t kPlainText = 1;
constexpr std::uint64_t kPreviewOctets = 200;

void write_device(Writer& out) {
  const auto information = out.open("Settings:DeviceInformation"_tag);
  const auto set = out.open("Settings:Set"_tag);
  out.text("Settings:Model"_tag, "Simulated phone");
  out.text("Settings:FriendlyName"_tag, "The demo page's phone");
  out.text("Settings:OS"_tag, "Postern");
}

void write_options(Writer& out) {
  const auto options = out.open("AirSync:Options"_tag);
  out.number("AirSync:FilterType"_tag, 0);
  const auto preference = out.open("AirSyncBase:BodyPreference"_tag);
  out.number("AirSyncBase:Type"_tag, kPlainText);
  out.number("AirSyncBase:TruncationSize"_tag, kPreviewOctets);
}

void write_change(Writer& out, const PhoneChange& change) {
  const auto commands = out.open("AirSync:Commands"_tag);
  const auto command = out.open(change.read ? "AirSync:Change"_tag : "AirSync:Delete"_tag);
  out.text("AirSync:ServerId"_tag, change.id);
  if (!change.read) return;
  const auto data = out.open("AirSync:ApplicationData"_tag);
  out.boolean("Email:Read"_tag, *change.read);
}

void write_policy(Writer& out) {
  const auto provision = out.open("Provision:Provision"_tag);
  write_device(out);
  const auto policies = out.open("Provision:Policies"_tag);
  const auto policy = out.open("Provision:Policy"_tag);
  out.text("Provision:PolicyType"_tag, kPolicyType);
}

void write_policy_acknowledgement(Writer& out, std::string_view key) {
  const auto provision = out.open("Provision:Provision"_tag);
  const auto policies = out.open("Provision:Policies"_tag);
  const auto policy = out.open("Provision:Policy"_tag);
  out.text("Provision:PolicyType"_tag, kPolicyType);
  out.text("Provision:PolicyKey"_tag, key);
  out.number("Provision:Status"_tag, 1);
}

void write_folder_sync(Writer& out, const PhoneMemory& memory) {
  const auto sync = out.open("FolderHierarchy:FolderSync"_tag);
  out.text("FolderHierarchy:SyncKey"_tag, memory.folder_key);
}

void write_sync(Writer& out, const PhoneMemory& memory, const std::optional<PhoneChange>& change) {
  const auto sync = out.open("AirSync:Sync"_tag);
  const auto collections = out.open("AirSync:Collections"_tag);
  const auto collection = out.open("AirSync:Collection"_tag);
  out.text("AirSync:SyncKey"_tag, memory.sync_key);
  out.text("AirSync:CollectionId"_tag, memory.inbox);
  if (memory.sync_key == "0") return;
  // For good, so that only an administrator can bring it back.
  out.boolean("AirSync:DeletesAsMoves"_tag, false);
  out.boolean("AirSync:GetChanges"_tag, true);
  out.number("AirSync:WindowSize"_tag, kWindowSize);
  write_options(out);
  if (change) write_change(out, *change);
}

void write_ping(Writer& out, const PhoneMemory& memory, unsigned heartbeat_s) {
  const auto ping = out.open("Ping:Ping"_tag);
  out.number("Ping:HeartbeatInterval"_tag, heartbeat_s);
  const auto folders = out.open("Ping:Folders"_tag);
  const auto folder = out.open("Ping:Folder"_tag);
  out.text("Ping:Id"_tag, memory.inbox);
  out.text("Ping:Class"_tag, "Email");
}

}  // namespace

std::string policy_request() {
  std::string body;
  Writer out(body);
  write_policy(out);
  return body;
}

std::string policy_acknowledgement(std::string_view key) {
  std::string body;
  Writer out(body);
  write_policy_acknowledgement(out, key);
  return body;
}

std::string folder_sync_request(const PhoneMemory& memory) {
  std::string body;
  Writer out(body);
  write_folder_sync(out, memory);
  return body;
}

std::string sync_request(const PhoneMemory& memory, const std::optional<PhoneChange>& change) {
  std::string body;
  Writer out(body);
  write_sync(out, memory, change);
  return body;
}

std::string ping_request(const PhoneMemory& memory, unsigned heartbeat_s) {
  std::string body;
  Writer out(body);
  write_ping(out, memory, heartbeat_s);
  return body;
}

}  // namespace postern::demo
