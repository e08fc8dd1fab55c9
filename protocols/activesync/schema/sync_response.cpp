#include "protocols/activesync/schema/sync_response.h"

namespace postern::activesync {

namespace {

class ResultWriter {
 public:
  ResultWriter(Writer& out, ProtocolVersion version) : out_(out), version_(version) {}

  void operator()(const AddResult& result) {
    const auto add = out_.open("AirSync:Add"_tag);
    if (!result.class_name.empty()) out_.text("AirSync:Class"_tag, result.class_name);
    out_.text("AirSync:ClientId"_tag, result.client_id);
    if (!result.server_id.empty()) out_.text("AirSync:ServerId"_tag, result.server_id);
    out_.number("AirSync:Status"_tag, result.status.code);
    if (version_ >= ProtocolVersion::v16_0) write_data(result.properties);
  }
  void operator()(const ChangeResult& result) {
    const auto change = out_.open("AirSync:Change"_tag);
    out_.text("AirSync:ServerId"_tag, result.server_id);
    out_.number("AirSync:Status"_tag, result.status.code);
    if (version_ >= ProtocolVersion::v16_0) write_data(result.properties);
  }
  void operator()(const DeleteResult& result) {
    const auto remove = out_.open("AirSync:Delete"_tag);
    out_.text("AirSync:ServerId"_tag, result.server_id);
    out_.number("AirSync:Status"_tag, result.status.code);
  }
  void operator()(const FetchResult& result) {
    const auto fetch = out_.open("AirSync:Fetch"_tag);
    out_.text("AirSync:ServerId"_tag, result.server_id);
    out_.number("AirSync:Status"_tag, result.status.code);
    write_data(result.properties);
  }

 private:
  void write_data(const std::optional<EmailProperties>& properties) {
    if (!properties) return;
    const auto data = out_.open("AirSync:ApplicationData"_tag);
    write_properties(out_, *properties, version_);
  }

  Writer& out_;
  ProtocolVersion version_;
};

}  // namespace

SyncAnswer::SyncAnswer(std::string& out, ProtocolVersion version) : writer_(out), version_(version) {
  writer_.begin("AirSync:Sync"_tag);
}

void SyncAnswer::begin_collection(const CollectionHead& head) {
  if (!in_collections_) writer_.begin("AirSync:Collections"_tag);
  in_collections_ = true;
  writer_.begin("AirSync:Collection"_tag);
  if (!head.sync_key.empty()) writer_.text("AirSync:SyncKey"_tag, head.sync_key);
  writer_.text("AirSync:CollectionId"_tag, head.collection_id);
  writer_.number("AirSync:Status"_tag, head.status.code);
  if (head.more_available) writer_.empty("AirSync:MoreAvailable"_tag);
}

void SyncAnswer::add(std::string_view server_id, const EmailProperties& properties) {
  item("AirSync:Add"_tag, server_id, &properties);
}

void SyncAnswer::change(std::string_view server_id, const EmailProperties& properties) {
  item("AirSync:Change"_tag, server_id, &properties);
}

void SyncAnswer::remove(std::string_view server_id) {
  item("AirSync:Delete"_tag, server_id, nullptr);
}

void SyncAnswer::soft_remove(std::string_view server_id) {
  item("AirSync:SoftDelete"_tag, server_id, nullptr);
}

void SyncAnswer::item(Tag command, std::string_view server_id, const EmailProperties* properties) {
  if (!in_commands_) writer_.begin("AirSync:Commands"_tag);
  in_commands_ = true;
  const auto element = writer_.open(command);
  writer_.text("AirSync:ServerId"_tag, server_id);
  if (properties == nullptr) return;
  const auto data = writer_.open("AirSync:ApplicationData"_tag);
  write_properties(writer_, *properties, version_);
}

void SyncAnswer::respond(const CommandResult& result) {
  if (in_commands_) writer_.close();
  in_commands_ = false;
  if (!in_responses_) writer_.begin("AirSync:Responses"_tag);
  in_responses_ = true;
  ResultWriter write(writer_, version_);
  std::visit(write, result);
}

void SyncAnswer::end_collection() {
  if (in_commands_ || in_responses_) writer_.close();
  in_commands_ = false;
  in_responses_ = false;
  writer_.close();
}

void SyncAnswer::end_collection(const std::vector<CommandResult>& results) {
  for (const CommandResult& result : results) respond(result);
  end_collection();
}

void SyncAnswer::finish() {
  if (in_collections_) writer_.close();
  writer_.close();
}

void write_sync_refusal(std::string& out, Status status, std::optional<std::uint32_t> limit) {
  Writer writer(out);
  const auto sync = writer.open("AirSync:Sync"_tag);
  writer.number("AirSync:Status"_tag, status.code);
  if (limit) writer.number("AirSync:Limit"_tag, *limit);
}

}  // namespace postern::activesync
