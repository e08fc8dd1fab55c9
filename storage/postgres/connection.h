// One open PGconn on the loop, in pipeline mode: a first-in first-out line of units, each ended by its own
// sync (one implicit transaction, one round trip). PostgreSQL 15 documentation, 34.5. Does not connect, does
// not retry, and never cancels: a COMMIT that is cancelled reports success.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "storage/postgres/connect.h"
#include "storage/postgres/server_error.h"
#include "storage/postgres/socket_watch.h"
#include "storage/postgres/unit.h"

namespace postern::postgres {

// How long the server may be silent while it owes an answer; then the connection is given up.
struct ConnectionLimits {
  Milliseconds statement;  // while a statement runs (the server's own limit comes first)
  Milliseconds commit;     // when every statement is done and only the commit is missing
};

class Connection {
 public:
  using OnNotify = std::function<void(std::string_view channel, std::string_view payload)>;

  // on_event: a unit has ended, or the connection broke. It must not destroy the connection.
  Connection(Loop& loop, ConnectionHandle handle, ConnectionLimits limits, Log log,
             std::function<void()> on_event, Metrics metrics);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The unit's outcome: rows, or an error as database.h has them.
  void submit(Unit& unit);
  std::size_t pending() const { return sent_.size() + queued_.size(); }
  bool broken() const { return broken_; }
  bool in_transaction() const;  // only true between units
  void on_notify(OnNotify on_notify) { on_notify_ = std::move(on_notify); }
  int server_pid() const;
  std::string quoted(std::string_view identifier) const;

 private:
  // One answer that the server owes.
  struct Step {
    enum class Kind { prepare, query, sync };
    Kind kind;
    const Statement* statement;
  };

  void on_socket(int events);
  void send(Unit& unit);
  bool send_query(const Query& query);
  void send_queued();
  void flush();
  void take_results();
  void take_notifications();
  void take(PGresult* owned);
  void finish_front();
  void arm_deadline();
  void broke(std::string reason);
  Outcome lost(const Unit& unit, bool sent, bool begun, const std::string& reason) const;
  static void on_notice(void* self, const PGresult* notice);

  Loop& loop_;
  ConnectionHandle handle_;
  const ConnectionLimits limits_;
  const Log log_;
  const Metrics metrics_;
  const Counted counted_{metrics_, Metric::database_connections, 0};
  std::function<void()> on_event_;
  OnNotify on_notify_;
  std::optional<SocketWatch> watch_;
  Timer deadline_;

  std::unordered_map<std::string, std::string> prepared_;  // name to text
  std::deque<Unit*> queued_;                               // while the socket takes no more
  std::deque<Unit*> sent_;
  std::deque<Step> steps_;
  // Of the unit in front:
  std::vector<Rows> rows_;
  std::optional<ServerError> error_;
  const Statement* failed_ = nullptr;
  std::string doubt_;

  bool output_full_ = false;
  bool session_ended_ = false;  // the server said so itself, so nothing behind the front unit was begun
  bool broken_ = false;
};

}  // namespace postern::postgres
