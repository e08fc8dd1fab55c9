// For workloads that hold connections while something else happens: a word to whoever started us, and its
// answer.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "tests/bench/client/options.h"

namespace postern::bench {

// Prints "ready " and the text; gives the line that is then read from standard input. Throws Failure at its
// end.
std::string tell_ready(const std::string& text);

// u0001@DOMAIN … by --accounts and --domain: the account for this number, with --password. The prefix may
// differ.
std::string numbered_account(const Options& options, std::uint64_t number);

// Calls open(0) … open(count - 1), several at a time. Throws what one of them threw.
void open_side_by_side(std::uint64_t count, const std::function<void(std::uint64_t)>& open);

}  // namespace postern::bench
