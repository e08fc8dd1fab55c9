// The tree of commands as plain values: what help is made of, read off once for the generators of completions
// and man pages, so that none of them can say anything else.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace postern::cli {

// What a value may be, for options that know; else anything.
using OptionValues = std::map<const CLI::Option*, std::vector<std::string>>;

struct OptionDoc {
  std::vector<std::string> names;  // "--quota", "-f"; of a positional argument the one name without dashes
  std::string placeholder;         // of its value: "FILE", "DIR", "TEXT" …; empty: a flag
  std::string description;
  std::vector<std::string> values;
  bool positional = false;
  bool required = false;
  bool repeatable = false;
};

struct CommandDoc {
  std::string name;
  std::string description;
  std::string examples;  // and what else stands below the help
  std::vector<OptionDoc> options;
  std::vector<CommandDoc> commands;
};

// Without what the help does not show.
CommandDoc describe(const CLI::App& app, const OptionValues& values);

}  // namespace postern::cli
