// Completion of command lines in shells, from the tree of commands: nouns, verbs, options and, where they are
// known, their values; files where a file is wanted. Pure.
#pragma once

#include <string>

#include "gateway/cli/command_docs.h"

namespace postern::cli {

std::string bash_completion(const CommandDoc& program);
std::string zsh_completion(const CommandDoc& program);
std::string fish_completion(const CommandDoc& program);

}  // namespace postern::cli
