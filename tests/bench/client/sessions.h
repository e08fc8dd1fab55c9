// For workloads that hold connections while something else happens: a word to whoever started us, and its
// answer.
#pragma once

#include <string>

#include "tests/bench/client/options.h"

namespace postern::bench {

// Prints "ready " and the text; gives the line that is then read from standard input. Throws Failure at its
// end.
std::string tell_ready(const std::string& text);

// u0001@DOMAIN … by --accounts and --domain: the account for this number, with --password. The prefix may
// differ.
std::string numbered_account(const Options& options, std::uint64_t number);

}  // namespace postern::bench
