// What the process says at its end; the same words stand in `postern --help`.
#pragma once

#include "gateway/base/result.h"

namespace postern::cli {

enum class ExitCode : int {
  ok = 0,
  failed = 1,         // refused, not found, or a check found a problem
  usage = 2,          // the command line itself
  configuration = 3,  // mistakes in the settings
  database = 4,       // the database cannot answer
};

constexpr ExitCode exit_code_for(ErrorKind kind) {
  const bool unreachable =
      kind == ErrorKind::unavailable || kind == ErrorKind::closed || kind == ErrorKind::timed_out;
  return unreachable ? ExitCode::database : ExitCode::failed;
}

}  // namespace postern::cli
