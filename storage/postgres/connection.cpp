#include "storage/postgres/connection.h"

#include <libpq-fe.h>

#include "gateway/base/text.h"

namespace postern::postgres {

namespace {
struct ResultCloser {
  void operator()(PGresult* result) const { PQclear(result); }
};
}  // namespace

void Unit::take(Connection& connection) {
  connection.submit(*this);
}

Connection::Connection(Loop& loop, ConnectionHandle handle, ConnectionLimits limits, Log log,
                       std::function<void()> on_event, Metrics metrics)
    : loop_(loop),
      handle_(std::move(handle)),
      limits_(limits),
      log_(std::move(log)),
      metrics_(std::move(metrics)),
      on_event_(std::move(on_event)),
      deadline_(loop, [this] { broke("no answer in time"); }) {
  PQsetNoticeReceiver(handle_.get(), &Connection::on_notice, this);
  watch_.emplace(loop_, PQsocket(handle_.get()), [this](int events) { on_socket(events); });
  watch_->want(UV_READABLE);
}

Connection::~Connection() {
  watch_.reset();
  handle_.reset();
}

bool Connection::in_transaction() const {
  return PQtransactionStatus(handle_.get()) != PQTRANS_IDLE;
}
int Connection::server_pid() const {
  return PQbackendPID(handle_.get());
}

std::string Connection::quoted(std::string_view identifier) const {
  char* escaped = PQescapeIdentifier(handle_.get(), identifier.data(), identifier.size());
  std::string out = escaped == nullptr ? std::string() : std::string(escaped);
  PQfreemem(escaped);
  return out;
}

void Connection::submit(Unit& unit) {
  if (broken_) {
    unit.finish(lost(unit, false, false, "the connection broke"));
    return;
  }
  if (output_full_) {
    queued_.push_back(&unit);
    return;
  }
  send(unit);
  if (!broken_) flush();
}

void Connection::send(Unit& unit) {
  sent_.push_back(&unit);
  unit.sent_at = std::chrono::steady_clock::now();
  bool taken = true;
  for (const Query& query : unit.queries()) taken = taken && send_query(query);
  // The server keeps its answers until the sync is done; asked to flush, it tells us that only the commit is
  // missing, and a commit has a much shorter limit than a statement.
  if (unit.commits() && !unit.unlimited) taken = taken && PQsendFlushRequest(handle_.get()) == 1;
  taken = taken && PQpipelineSync(handle_.get()) == 1;
  if (!taken) {
    broke(PQerrorMessage(handle_.get()));
    return;
  }
  steps_.push_back(Step{Step::Kind::sync, nullptr});
  if (sent_.size() == 1) arm_deadline();
}

bool Connection::send_query(const Query& query) {
  const Statement& statement = *query.statement;
  const Params::Wire wire = query.params.wire();
  const int count = static_cast<int>(wire.values.size());
  const auto known = prepared_.find(statement.name);
  const bool as_prepared =
      *statement.name != '\0' && (known == prepared_.end() || known->second == statement.sql);
  if (as_prepared && known == prepared_.end()) {
    if (PQsendPrepare(handle_.get(), statement.name, statement.sql, 0, nullptr) != 1) return false;
    prepared_.emplace(statement.name, statement.sql);
    steps_.push_back(Step{Step::Kind::prepare, &statement});
  }
  const int sent = as_prepared
                       ? PQsendQueryPrepared(handle_.get(), statement.name, count, wire.values.data(),
                                             wire.lengths.data(), wire.formats.data(), 1)
                       : PQsendQueryParams(handle_.get(), statement.sql, count, nullptr, wire.values.data(),
                                           wire.lengths.data(), wire.formats.data(), 1);
  steps_.push_back(Step{Step::Kind::query, &statement});
  return sent == 1;
}

void Connection::send_queued() {
  while (!queued_.empty() && !output_full_ && !broken_) {
    Unit& unit = *queued_.front();
    queued_.pop_front();
    send(unit);
    if (!broken_) flush();
  }
}

void Connection::flush() {
  const bool was_full = output_full_;
  const int left = PQflush(handle_.get());
  if (left < 0) {
    broke(PQerrorMessage(handle_.get()));
    return;
  }
  output_full_ = left == 1;
  watch_->want(output_full_ ? UV_READABLE | UV_WRITABLE : UV_READABLE);
  // A write that would block makes libpq read, and what it has read makes no further event.
  if (was_full || output_full_) take_results();
}

void Connection::on_socket(int events) {
  if ((events & UV_READABLE) != 0) {
    const bool alive = PQconsumeInput(handle_.get()) == 1;
    if (alive && !sent_.empty()) arm_deadline();
    take_results();
    if (broken_) return;
    take_notifications();
    if (!alive || PQstatus(handle_.get()) == CONNECTION_BAD) {
      broke(PQerrorMessage(handle_.get()));
      return;
    }
  }
  // Reading may have made room as well: the server stops reading while we do.
  if (output_full_) flush();
  if (!broken_) send_queued();
}

void Connection::take_results() {
  // Between the results of two statements libpq gives one nullptr; two in a row mean that nothing is left.
  int empty_in_a_row = 0;
  while (!broken_ && !sent_.empty() && empty_in_a_row < 2 && PQisBusy(handle_.get()) == 0) {
    PGresult* result = PQgetResult(handle_.get());
    if (result == nullptr) {
      ++empty_in_a_row;
    } else {
      empty_in_a_row = 0;
      take(result);
    }
  }
}

void Connection::take(PGresult* owned) {
  std::unique_ptr<PGresult, ResultCloser> result(owned);
  const ExecStatusType status = PQresultStatus(owned);
  if (status == PGRES_FATAL_ERROR) {
    ServerError error = read_server_error(owned);
    // A result without a code is libpq's: the connection is lost, and on_socket says so.
    if (error.sqlstate.empty()) return;
    if (error.fatal) {
      session_ended_ = true;
      broke(error.sqlstate + " " + error.message);
      return;
    }
    if (!error_) {
      error_ = std::move(error);
      failed_ = steps_.empty() ? nullptr : steps_.front().statement;
    }
  }
  if (status == PGRES_PIPELINE_SYNC) {
    while (!steps_.empty() && steps_.front().kind != Step::Kind::sync) steps_.pop_front();
    if (!steps_.empty()) steps_.pop_front();
    finish_front();
    return;
  }
  // An error of the commit itself comes when only the sync is owed.
  if (steps_.empty() || steps_.front().kind == Step::Kind::sync) return;
  const Step step = steps_.front();
  steps_.pop_front();
  if (step.kind == Step::Kind::prepare) {
    if (status != PGRES_COMMAND_OK) prepared_.erase(step.statement->name);
  } else {
    rows_.emplace_back(result.release());
  }
  arm_deadline();
}

void Connection::finish_front() {
  Unit& unit = *sent_.front();
  sent_.pop_front();
  metrics_.observe(Metric::database_round_trip_seconds, unit.sent_at);
  std::vector<Rows> rows = std::exchange(rows_, {});
  const std::optional<ServerError> error = std::exchange(error_, std::nullopt);
  const std::string doubt = std::exchange(doubt_, {});
  const Statement* failed = std::exchange(failed_, nullptr);
  arm_deadline();
  if (error) {
    Verdict verdict = judge(*error);
    if (verdict.error.kind == ErrorKind::internal) {
      log_.event(Level::error, "database.refused",
                 {{"statement", failed == nullptr ? "commit" : failed->name},
                  {"sqlstate", error->sqlstate},
                  {"message", error->message}});
    }
    unit.finish(Outcome(std::move(verdict.error), verdict.again && unit.kind() != Unit::Kind::inside));
  } else if (!doubt.empty() && unit.commits()) {
    unit.finish(Outcome(Error(ErrorKind::closed, "committed with a warning: " + doubt), false));
  } else {
    unit.finish(Outcome(std::move(rows), false));
  }
  on_event_();
}

void Connection::arm_deadline() {
  if (sent_.empty() || sent_.front()->unlimited) {
    deadline_.stop();
    return;
  }
  const bool only_commit =
      !steps_.empty() && steps_.front().kind == Step::Kind::sync && sent_.front()->commits();
  deadline_.start(only_commit ? limits_.commit : limits_.statement);
}

void Connection::take_notifications() {
  while (PGnotify* notification = PQnotifies(handle_.get())) {
    if (on_notify_) on_notify_(notification->relname, notification->extra);
    PQfreemem(notification);
  }
}

void Connection::on_notice(void* self, const PGresult* notice) {
  Connection& connection = *static_cast<Connection*>(self);
  const ServerError report = read_server_error(notice);
  const bool grave = report.fatal || puts_commit_in_doubt(report);
  connection.log_.event(grave ? Level::warning : Level::debug, "database.notice",
                        {{"sqlstate", report.sqlstate}, {"message", report.message}});
  if (puts_commit_in_doubt(report)) connection.doubt_ = report.sqlstate + " " + report.message;
}

Outcome Connection::lost(const Unit& unit, bool sent, bool begun, const std::string& reason) const {
  if (!sent || !begun)
    return Outcome(Error(ErrorKind::unavailable, reason), unit.kind() != Unit::Kind::inside);
  switch (unit.kind()) {
    case Unit::Kind::reads: return Outcome(Error(ErrorKind::unavailable, reason), true);
    case Unit::Kind::inside: return Outcome(Error(ErrorKind::unavailable, reason), false);
    case Unit::Kind::changes:
    case Unit::Kind::commit: break;
  }
  return Outcome(Error(ErrorKind::closed, "in doubt: " + reason), false);
}

void Connection::broke(std::string reason) {
  if (broken_) return;
  broken_ = true;
  reason = std::string(text::trim(reason));
  watch_.reset();
  deadline_.stop();
  log_.event(pending() > 0 ? Level::warning : Level::info, "database.lost",
             {{"reason", reason}, {"units", pending()}, {"server_pid", server_pid()}});
  bool front = true;
  for (Unit* unit : std::exchange(sent_, {})) {
    unit->finish(lost(*unit, true, front || !session_ended_, reason));
    front = false;
  }
  for (Unit* unit : std::exchange(queued_, {})) unit->finish(lost(*unit, false, false, reason));
  steps_.clear();
  on_event_();
}

}  // namespace postern::postgres
