#include "tests/bench/client/sessions.h"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>

namespace postern::bench {

std::string tell_ready(const std::string& text) {
  std::printf("ready %s\n", text.c_str());
  std::fflush(stdout);
  std::string line;
  if (!std::getline(std::cin, line)) throw Failure("nobody answers on standard input");
  return line;
}

std::string numbered_account(const Options& options, std::uint64_t number) {
  return fmt::format("{}{:04}@{}", options.text("prefix", "u"), 1 + number % options.number("accounts"),
                     options.text("domain"));
}

}  // namespace postern::bench
