// Manual pages (man(7)) from the tree of commands: one for the program and one for each noun. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gateway/cli/command_docs.h"

namespace postern::cli {

struct ManPage {
  std::string file;  // "postern-account.1"
  std::string text;
};

// `version` stands at the foot of each.
std::vector<ManPage> man_pages(const CommandDoc& program, const std::string& version);

}  // namespace postern::cli
