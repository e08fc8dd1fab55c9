// The program, run by a shell, and a demo of its own for tests that need a server.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace postern::tests {

using Json = nlohmann::json;

struct Outcome {
  int code = -1;
  std::string output;  // standard output
  Json json() const { return Json::parse(output, nullptr, false); }
};

// By the shell, so that quoting is the caller's; standard error goes to the test's.
inline Outcome postern(const std::string& arguments, const std::string& input = "") {
  const std::string command = "printf '%s' '" + input + "' | " POSTERN_BINARY " " + arguments;
  Outcome outcome;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t length = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    outcome.output.append(buffer.data(), length);
  }
  const int status = ::pclose(pipe);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

class Demo : public testing::Test {
 protected:
  Demo() {
    std::string pattern = (std::filesystem::temp_directory_path() / "postern-demo-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    // PostgreSQL does not run as root and must reach its part.
    ::chmod(directory_.c_str(), 0711);
  }
  ~Demo() override {
    run("stop");
    std::filesystem::remove_all(directory_);
  }
  Outcome run(const std::string& arguments, const std::string& input = "") {
    return postern(arguments + " --data " + directory_, input);
  }
  std::string directory_;
};

}  // namespace postern::tests
