// The verbs that take a file of many accounts.
#pragma once

#include "gateway/cli/command_line.h"

namespace postern::cli {

struct BulkOptions {
  std::string file;
  bool dry_run = false;
  bool prune = false;
};

// `postern account import`.
void add_bulk_verb(CommandLine& line, CLI::App& accounts);

}  // namespace postern::cli
