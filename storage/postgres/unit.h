// A unit of work: statements that succeed or fail together in one round trip, and the coroutine that waits
// for them. It lives in that coroutine's frame; lanes and connections borrow it until finish() or refuse().
#pragma once

#include <coroutine>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/async/loop.h"
#include "storage/postgres/statement.h"

namespace postern::postgres {

class Connection;

// Waits in a lane for a connection, until wait_until.
class Request {
 public:
  virtual ~Request() = default;
  virtual void take(Connection& connection) = 0;
  virtual void refuse(Error error) = 0;
  SteadyTime wait_until = SteadyTime::max();
};

struct Outcome {
  Outcome(Result<std::vector<Rows>> r, bool a) : rows(std::move(r)), again(a) {}
  Result<std::vector<Rows>> rows;
  bool again;  // certainly nothing happened, and the same may succeed on another try
};

class Unit final : public Request {
 public:
  // What it means if the connection breaks after the unit was sent.
  enum class Kind {
    reads,    // nothing to lose: again
    changes,  // commits by itself: in doubt
    inside,   // of an open transaction: rolled back
    commit,   // in doubt
  };

  Unit(Loop& loop, std::vector<Query> queries, Kind kind)
      : loop_(loop), queries_(std::move(queries)), kind_(kind) {}
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  const std::vector<Query>& queries() const { return queries_; }
  Kind kind() const { return kind_; }
  bool commits() const { return kind_ == Kind::changes || kind_ == Kind::commit; }
  SteadyTime sent_at{};    // by the connection
  bool unlimited = false;  // no limit of time on this side (migrations)

  void take(Connection& connection) override;
  void refuse(Error error) override { finish(Outcome(std::move(error), false)); }
  // Once for every time it was handed on. The waiter runs later, not inside the caller.
  void finish(Outcome outcome) {
    outcome_.emplace(std::move(outcome));
    if (waiter_) loop_.resume_soon(std::exchange(waiter_, {}));
  }

  class Awaiter {
   public:
    explicit Awaiter(Unit& unit) : unit_(unit) {}
    bool await_ready() const { return unit_.outcome_.has_value(); }
    void await_suspend(std::coroutine_handle<> waiter) { unit_.waiter_ = waiter; }
    Outcome await_resume() {
      Outcome outcome = std::move(*unit_.outcome_);
      unit_.outcome_.reset();
      return outcome;
    }

   private:
    Unit& unit_;
  };
  Awaiter finished() { return Awaiter(*this); }

 private:
  Loop& loop_;
  std::vector<Query> queries_;
  Kind kind_;
  std::optional<Outcome> outcome_;
  std::coroutine_handle<> waiter_;
};

}  // namespace postern::postgres
