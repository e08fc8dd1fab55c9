// The connections of one worker process, in lanes, opened when needed. Requests that find none wait in order,
// and not for long. While no server answers, one attempt at a time is made, with a growing, jittered pause
// between.
//
// Transactions have a lane of their own beside the pipelined writes: whoever holds one can always reach the
// other lanes, so nobody waits for a connection that waits for him.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <random>
#include <vector>

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "storage/postgres/connection.h"

namespace postern::postgres {

enum class PoolLane { write, read, bulk, transaction };

class Pool {
 public:
  Pool(Loop& loop, Connector& connector, const DatabaseSettings& settings, Log log, Metrics metrics);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Takes it now if a connection has room, else it waits until request.wait_until (set here if unset).
  // Refused with unavailable: the queue is full, nothing could be reached in time, or the pool is closing.
  void submit(PoolLane lane, Request& request);
  // The end of a lease (lane transaction): rolled back first if something is open.
  void release(Connection& connection);

  // Refuses what waits, lets finish what was sent, then disconnects.
  Task<void> close();

 private:
  struct Slot {
    std::unique_ptr<Connection> connection;
    bool leased = false;
  };
  struct Lane {
    PoolLane role = PoolLane::write;
    std::size_t connections_max = 1;
    std::size_t depth_max = 1;  // units in one connection's pipeline
    std::vector<Slot> slots;
    std::size_t opening = 0;
    std::deque<Request*> waiting;
  };

  Slot* free_slot(Lane& lane);
  void dispatch(Lane& lane);
  void on_event();
  void step_soon();
  void step();
  void sweep();
  void expire();
  void open_missing(Lane& lane);
  void arm();
  Task<void> open(Lane& lane);
  Task<Result<std::unique_ptr<Connection>>> open_checked();
  Task<void> roll_back(Connection& connection);
  void could_not_connect(const Error& error);
  void made_connection();
  bool busy() const;
  std::size_t opening() const;
  std::size_t waiting() const;

  Loop& loop_;
  Connector& connector_;
  const DatabaseSettings settings_;
  const Log log_;
  const Metrics metrics_;
  std::array<Lane, 4> lanes_;
  Timer timer_;
  std::minstd_rand random_;

  std::uint32_t failures_ = 0;  // in a row; 0: the server was there when last seen
  SteadyTime retry_at_;
  std::string last_failure_;
  bool step_due_ = false;
  bool closing_ = false;
  Channel<bool> quiet_;
  TaskScope scope_;
};

}  // namespace postern::postgres
