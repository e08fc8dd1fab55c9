// Database: the pools of one worker process, in three lanes, and what to do when the server goes away.
// Everything is asynchronous on the loop, prepared and pipelined (one sync per unit of work = one implicit
// transaction = one round trip). Nobody outside storage/postgres sees it.
//
// Errors of all calls:
//   already_exists  a unique key was hit; detail is the constraint's name
//   invalid         a check or foreign key said no; detail is the constraint's name
//   timed_out       the statement or lock timeout; nothing happened
//   unavailable     it certainly did not happen: no connection, server starting up or shutting down, disk
//   full,
//                   or no free connection within queue_wait_limit_s
//   closed          IN DOUBT: the connection broke after the unit had been sent, or COMMIT came back with a
//                   warning of class 01 (not durable on the standby). Settle by looking up our own key.
//   internal        anything else (a bug in our SQL); logged with the statement's name and SQLSTATE
// Deadlocks, serialization failures and lost connections of pure reads are retried inside (≤ 10 times,
// jitter).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "gateway/async/loop.h"
#include "gateway/async/task.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "storage/postgres/statement.h"

namespace postern::postgres {

enum class Lane {
  write,  // changes; a unit occupies its place in one connection's pipeline
  read,   // short reads, shared by all sessions
  bulk,   // message octets, so that long results do not stand in front of short ones
};

class Database;

// A transaction of several round trips on a connection of its own (write lane). If it is dropped unfinished
// the pool rolls back before it lends the connection again. Never keep one while waiting for a client.
class Transaction {
 public:
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();
  Task<Result<Rows>> query(const Statement& statement, Params params);
  Task<Result<std::vector<Rows>>> batch(std::vector<Query> queries);  // one round trip
  // After a failed query there is nothing to commit: internal. After `closed` it is in doubt.
  Task<Result<void>> commit();
  // For migrations: waits for the server as long as it takes.
  void lift_time_limit();

 private:
  friend class Database;
  class Lease;
  explicit Transaction(std::unique_ptr<Lease> lease);
  std::unique_ptr<Lease> lease_;
};

class Database {
 public:
  // conninfo: libpq connection string (several hosts allowed; target_session_attrs=read-write is added if
  // missing). Opens connections when needed.
  Database(Loop& loop, std::string conninfo, const DatabaseSettings& settings, Log log,
           Metrics metrics = Metrics());
  // The same pools, with statements that go before those of each unit of the write lane and of each
  // transaction, inside it. Its listen() and close() are the shared one's affair.
  Database(const Database& shared, std::vector<Query> preamble);
  ~Database();

  Task<Result<Rows>> query(Lane lane, const Statement& statement, Params params);
  // All or nothing, in order, one round trip.
  Task<Result<std::vector<Rows>>> batch(Lane lane, std::vector<Query> queries);
  Task<Result<Transaction>> begin();

  // A connection outside the pools that LISTENs and calls back; reconnects by itself. on_reconnect is called
  // whenever it begins to listen (the first time too), because earlier notifications were missed. Call once.
  void listen(std::string channel, std::function<void(std::string_view payload)> on_notify,
              std::function<void()> on_reconnect);
  // Sends a NOTIFY on the listening connection, fire and forget.
  void notify(std::string channel, std::string payload);

  Task<void> close();  // waits for units under way, then disconnects

  Loop& loop();
  const Log& log() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
  std::vector<Query> preamble_;
};

}  // namespace postern::postgres
