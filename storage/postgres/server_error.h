// What an error report of the server means for a unit of work: the kind of refusal, and whether the same may
// be tried again. SQLSTATE codes: PostgreSQL 15 documentation, appendix A. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

typedef struct pg_result PGresult;

namespace postern::postgres {

struct ServerError {
  std::string sqlstate;
  std::string message;  // the primary line only: DETAIL quotes values of rows
  std::string constraint;
  bool fatal = false;  // the server ends the session with it
};

ServerError read_server_error(const PGresult* result);

struct Verdict {
  Error error;
  bool again = false;  // nothing happened, and the same unit may succeed now
};

// Of an error that ended a unit; what a lost connection means is not judged here.
Verdict judge(const ServerError& error);

// A warning (class 01) while a change is committed: not durable where it was promised, so in doubt.
bool puts_commit_in_doubt(const ServerError& notice);

}  // namespace postern::postgres
