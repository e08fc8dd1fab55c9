#include "storage/postgres/server_error.h"

#include <libpq-fe.h>

namespace postern::postgres {

namespace {

std::string field(const PGresult* result, int code) {
  const char* value = PQresultErrorField(result, code);
  return value == nullptr ? std::string() : std::string(value);
}

bool is_class(const std::string& sqlstate, std::string_view two_digits) {
  return sqlstate.starts_with(two_digits);
}

}  // namespace

ServerError read_server_error(const PGresult* result) {
  ServerError error;
  error.sqlstate = field(result, PG_DIAG_SQLSTATE);
  error.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  // libpq's own errors (a lost connection) have a text and no fields.
  if (error.message.empty()) error.message = PQresultErrorMessage(result);
  error.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  const std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  error.fatal = severity == "FATAL" || severity == "PANIC";
  return error;
}

Verdict judge(const ServerError& error) {
  const std::string& code = error.sqlstate;
  const std::string text = code + " " + error.message;
  const auto verdict = [](ErrorKind kind, std::string detail, bool again) {
    return Verdict{Error(kind, std::move(detail)), again};
  };
  if (code == "23505") return verdict(ErrorKind::already_exists, error.constraint, false);
  // Check, foreign key and exclusion constraints.
  if (code == "23514" || code == "23503" || code == "23P01") {
    return verdict(ErrorKind::invalid, error.constraint, false);
  }
  // Octets that no text column can hold (NUL, not UTF-8): from outside, not from our SQL.
  if (code == "22021" || code == "22P05") return verdict(ErrorKind::invalid, text, false);
  // Serialization failure and deadlock: nothing happened, the next try may find the way free.
  if (code == "40001" || code == "40P01") return verdict(ErrorKind::unavailable, text, true);
  // A statement that this connection was believed to know: the prepare before it failed with its own unit.
  if (code == "26000") return verdict(ErrorKind::unavailable, text, true);
  // lock_timeout, statement_timeout
  if (code == "55P03" || code == "57014") return verdict(ErrorKind::timed_out, text, false);
  // A parameter of another width than its cast has: a bug in the statement, though of class 08.
  if (code == "08P01") return verdict(ErrorKind::internal, text, false);
  // Disk full, out of memory, too many connections; operator intervention; connection; not the primary.
  if (is_class(code, "53") || is_class(code, "57") || is_class(code, "08") || is_class(code, "58") ||
      code == "25006") {
    return verdict(ErrorKind::unavailable, text, false);
  }
  return verdict(ErrorKind::internal, text, false);
}

bool puts_commit_in_doubt(const ServerError& notice) {
  return is_class(notice.sqlstate, "01");
}

}  // namespace postern::postgres
