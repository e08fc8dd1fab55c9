// What a transcript finds when it begins: accounts, mailboxes, messages and settings from its opening lines.
#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "tests/support/transcript.h"

namespace postern::tests {

struct TranscriptSetup {
  Settings settings;
  std::size_t workers = 1;
};

// Fills the database and returns how to serve it. Takes the opening steps off the front of `steps`.
TranscriptSetup set_up(const std::string& conninfo, std::vector<TranscriptStep>& steps);

// An opening step that comes later, as an administrator's process does it.
void change_while_serving(const std::string& conninfo, const TranscriptStep& step);

}  // namespace postern::tests
