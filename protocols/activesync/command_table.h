// The commands that are served, by row: what OPTIONS announces is printed from here, so nothing is announced
// that is not there.
#pragma once

#include <string>
#include <string_view>

#include "protocols/activesync/commands/run.h"

namespace postern::activesync {

// nullptr: not served.
RunCommand find_command(Command command);
// "Sync,FolderSync,…" for MS-ASProtocolCommands.
std::string command_names();
// "12.1,14.0,…", ascending: some clients take the last one that they know.
std::string version_names();
// Something is served that such a list does not name. Less than before is no news: in a rolling upgrade nodes
// of two releases answer in turn.
bool has_new_version(std::string_view told);

}  // namespace postern::activesync
