#include "protocols/activesync/command_table.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::activesync {

namespace {

struct CommandRow {
  Command command;
  RunCommand run;
};

constexpr CommandRow kCommands[] = {
    {Command::sync, run_sync},
    {Command::send_mail, run_send_mail},
    {Command::smart_forward, run_smart_send},
    {Command::smart_reply, run_smart_send},
    {Command::get_attachment, run_get_attachment},
    {Command::folder_sync, run_folder_sync},
    {Command::folder_create, run_folder_create},
    {Command::folder_delete, run_folder_delete},
    {Command::folder_update, run_folder_update},
    {Command::move_items, run_move_items},
    {Command::get_item_estimate, run_get_item_estimate},
    {Command::meeting_response, run_meeting_response},
    {Command::ping, run_ping},
    {Command::item_operations, run_item_operations},
    {Command::search, run_search},
    {Command::find, run_find},
    {Command::provision, run_provision},
    {Command::settings, run_settings},
    {Command::resolve_recipients, run_resolve_recipients},
    {Command::validate_cert, run_validate_cert},
};

void append(std::string& list, std::string_view name) {
  if (!list.empty()) list += ',';
  list += name;
}

}  // namespace

RunCommand find_command(Command command) {
  for (const CommandRow& row : kCommands) {
    if (row.command == command) return row.run;
  }
  return nullptr;
}

std::string command_names() {
  std::string names;
  for (const CommandRow& row : kCommands) append(names, name_of(row.command));
  return names;
}

bool has_new_version(std::string_view told) {
  const auto names = text::split(told, ',');
  return std::any_of(std::begin(kProtocolVersions), std::end(kProtocolVersions),
                     [&names](const ProtocolVersionName& row) {
                       return std::find(names.begin(), names.end(), row.name) == names.end();
                     });
}

std::string version_names() {
  std::string names;
  for (const ProtocolVersionName& row : kProtocolVersions) append(names, row.name);
  return names;
}

}  // namespace postern::activesync
