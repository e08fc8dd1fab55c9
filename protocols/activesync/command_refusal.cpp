#include "protocols/activesync/command_refusal.h"

#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

struct Row {
  Command command;
  Tag root;
  Tag status;
};
constexpr Row kRows[] = {
    {Command::sync, "AirSync:Sync"_tag, "AirSync:Status"_tag},
    {Command::send_mail, "ComposeMail:SendMail"_tag, "ComposeMail:Status"_tag},
    {Command::smart_forward, "ComposeMail:SmartForward"_tag, "ComposeMail:Status"_tag},
    {Command::smart_reply, "ComposeMail:SmartReply"_tag, "ComposeMail:Status"_tag},
    {Command::folder_sync, "FolderHierarchy:FolderSync"_tag, "FolderHierarchy:Status"_tag},
    {Command::folder_create, "FolderHierarchy:FolderCreate"_tag, "FolderHierarchy:Status"_tag},
    {Command::folder_delete, "FolderHierarchy:FolderDelete"_tag, "FolderHierarchy:Status"_tag},
    {Command::folder_update, "FolderHierarchy:FolderUpdate"_tag, "FolderHierarchy:Status"_tag},
    {Command::move_items, "Move:MoveItems"_tag, "Move:Status"_tag},
    {Command::get_item_estimate, "GetItemEstimate:GetItemEstimate"_tag, "GetItemEstimate:Status"_tag},
    {Command::meeting_response, "MeetingResponse:MeetingResponse"_tag, "MeetingResponse:Status"_tag},
    {Command::search, "Search:Search"_tag, "Search:Status"_tag},
    {Command::settings, "Settings:Settings"_tag, "Settings:Status"_tag},
    {Command::ping, "Ping:Ping"_tag, "Ping:Status"_tag},
    {Command::item_operations, "ItemOperations:ItemOperations"_tag, "ItemOperations:Status"_tag},
    {Command::provision, "Provision:Provision"_tag, "Provision:Status"_tag},
    {Command::resolve_recipients, "ResolveRecipients:ResolveRecipients"_tag, "ResolveRecipients:Status"_tag},
    {Command::validate_cert, "ValidateCert:ValidateCert"_tag, "ValidateCert:Status"_tag},
    {Command::find, "Find:Find"_tag, "Find:Status"_tag},
};

}  // namespace

std::optional<Tag> root_of(Command command) {
  for (const Row& row : kRows) {
    if (row.command == command) return row.root;
  }
  return std::nullopt;
}

void write_command_refusal(std::string& out, Command command, Status status) {
  for (const Row& row : kRows) {
    if (row.command != command) continue;
    Writer writer(out);
    const auto root = writer.open(row.root);
    if (command != Command::meeting_response) return writer.number(row.status, status.code);
    const auto result = writer.open("MeetingResponse:Result"_tag);  // its only place for a status
    writer.number(row.status, status.code);
  }
}

}  // namespace postern::activesync
