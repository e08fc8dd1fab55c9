#include "tests/bench/client/sessions.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

namespace postern::bench {

namespace {
constexpr unsigned kOpeners = 4;
}

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

void open_side_by_side(std::uint64_t count, const std::function<void(std::uint64_t)>& open) {
  std::atomic<std::uint64_t> next{0};
  std::exception_ptr problem;
  std::mutex mutex;
  const auto open_some = [&] {
    try {
      for (std::uint64_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) open(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      problem = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < kOpeners; ++i) threads.emplace_back(open_some);
  }
  if (problem) std::rethrow_exception(problem);
}

}  // namespace postern::bench
