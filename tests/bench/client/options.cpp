#include "tests/bench/client/options.h"

#include <charconv>

namespace postern::bench {

Options::Options(int count, char** words) {
  for (int i = 0; i < count; i += 2) {
    const std::string word = words[i];
    if (!word.starts_with("--") || i + 1 == count) throw Failure("expected --name value at " + word);
    values_[word.substr(2)] = words[i + 1];
  }
}

std::string Options::text(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw Failure("--" + name + " is missing");
  return found->second;
}

std::string Options::text(const std::string& name, const std::string& otherwise) const {
  return has(name) ? text(name) : otherwise;
}

std::uint64_t Options::number(const std::string& name) const {
  const std::string value = text(name);
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (problem != std::errc() || end != value.data() + value.size()) {
    throw Failure("--" + name + ": not a number: " + value);
  }
  return number;
}

std::uint64_t Options::number(const std::string& name, std::uint64_t otherwise) const {
  return has(name) ? number(name) : otherwise;
}

}  // namespace postern::bench
