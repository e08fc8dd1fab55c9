// The commands that are served, by row: what OPTIONS announces is printed from here, so nothing is announced
// that is not there.
#pragma once

#include <string>

#include "protocols/activesync/commands/run.h"

namespace postern::activesync {

// nullptr: not served.
RunCommand find_command(Command command);
// "Sync,FolderSync,…" for MS-ASProtocolCommands.
std::string command_names();
// "12.1,14.0,…", ascending: some clients take the last one that they know.
std::string version_names();

}  // namespace postern::activesync
