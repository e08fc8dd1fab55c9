#include "protocols/activesync/schema/ping.h"

#include <algorithm>

#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

std::optional<std::vector<PingFolder>> read_folders(Element element) {
  std::vector<PingFolder> folders;
  for (const Element child : element) {
    if (child.tag() != "Ping:Folder"_tag) continue;
    if (folders.size() > kPingFoldersMax) break;
    const auto id = child.find("Ping:Id"_tag);
    auto text = id ? text_of(*id, kIdOctetsMax) : std::nullopt;
    if (!text) return std::nullopt;
    const auto class_name = child.find("Ping:Class"_tag);
    folders.push_back({*std::move(text), std::string(class_name ? class_name->text() : "")});
  }
  return folders;
}

}  // namespace

Parsed<PingRequest> read_ping(Element ping) {
  PingRequest request;
  for (const Element child : ping) {
    switch (child.tag()) {
      case "Ping:HeartbeatInterval"_tag:
        request.heartbeat_s = number_of(child);
        if (!request.heartbeat_s) return PingStatus::syntax_error;
        break;
      case "Ping:Folders"_tag:
        request.folders = read_folders(child);
        if (!request.folders || request.folders->empty()) return PingStatus::syntax_error;
        break;
      default: break;
    }
  }
  return request;
}

std::optional<std::uint32_t> heartbeat_limit(std::uint32_t heartbeat_s) {
  const std::uint32_t nearest = std::clamp(heartbeat_s, kPingHeartbeatMin_s, kPingHeartbeatMax_s);
  if (nearest == heartbeat_s) return std::nullopt;
  return nearest;
}

void write(std::string& out, const PingResponse& response) {
  Writer writer(out);
  const auto ping = writer.open("Ping:Ping"_tag);
  writer.number("Ping:Status"_tag, response.status.code);
  if (!response.folders.empty()) {
    const auto folders = writer.open("Ping:Folders"_tag);
    for (const std::string& id : response.folders) writer.text("Ping:Folder"_tag, id);
  }
  if (response.max_folders) writer.number("Ping:MaxFolders"_tag, *response.max_folders);
  if (response.heartbeat_s) writer.number("Ping:HeartbeatInterval"_tag, *response.heartbeat_s);
}

}  // namespace postern::activesync
