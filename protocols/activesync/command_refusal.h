// A status of section 2.2.4 of MS-ASCMD (device not provisioned, access denied, too many devices …) as the
// answer to any command: in the command's own element, which is where clients since 14.0 look for it.
#pragma once

#include <optional>
#include <string>

#include "protocols/activesync/request.h"
#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/code_pages.h"

namespace postern::activesync {

// The element that its request and its answer are. nullopt: GetAttachment has none.
std::optional<Tag> root_of(Command command);

// Writes nothing for GetAttachment, which has no body to tell it in: HTTP's status must.
void write_command_refusal(std::string& out, Command command, Status status);

}  // namespace postern::activesync
