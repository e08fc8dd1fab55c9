// postern import imap: an account on another server, into one here.
#pragma once

#include "gateway/cli/command_line.h"

namespace postern::cli {

void add_import_imap(CommandLine& line, CLI::App& noun);

}  // namespace postern::cli
