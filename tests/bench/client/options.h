// What a run of the load client was asked for: `--name value` pairs, read by the workloads by name.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

namespace postern::bench {

// What ends a run: a refused command, a wrong count, a broken connection, a bad option. Never a figure.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Options {
 public:
  Options(int count, char** words);  // throws Failure on what is not a pair

  bool has(const std::string& name) const { return values_.count(name) > 0; }
  std::string text(const std::string& name) const;  // throws Failure if it is missing
  std::string text(const std::string& name, const std::string& otherwise) const;
  std::uint64_t number(const std::string& name) const;
  std::uint64_t number(const std::string& name, std::uint64_t otherwise) const;

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace postern::bench
