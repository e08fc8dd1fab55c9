// Starting PostgreSQL's own programs: blocking, for the supervisor before its loop runs and for tests. A
// child has a session of its own, so that signals to our process group do not reach it, and gets SIGINT
// (PostgreSQL's fast shutdown) if we die first.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace postern::postgres {

// The user a child runs as.
struct Identity {
  uid_t user = 0;
  gid_t group = 0;
  std::vector<gid_t> groups;
};

// not_found: no such user.
Result<Identity> identity_of(const std::string& user_name);

struct Command {
  std::vector<std::string> arguments;  // the first is the program's path
  std::string output_file;             // receives standard output and error, appended
  std::optional<Identity> identity;    // absent: ours
};

// unavailable: it could not be started.
Result<pid_t> start_child(const Command& command);
// True once the child has ended; exit_status as waitpid gives it.
bool child_ended(pid_t child, int* exit_status);
bool child_ends_within(pid_t child, std::chrono::milliseconds limit, int* exit_status);
// Runs it to its end. unavailable with the end of its output if it fails.
Result<void> run_child(const Command& command);

// The last lines of a text file, for error messages.
std::string last_lines(const std::string& file);
// The newest installed PostgreSQL server's folder of programs, version 15 at least; not_found.
Result<std::string> server_programs();

}  // namespace postern::postgres
