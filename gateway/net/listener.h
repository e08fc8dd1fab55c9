// Listener: all doors of one worker process. It binds their endpoints (SO_REUSEPORT, so that workers share
// ports), accepts within the limits of connection_slots.h, reads the PROXY header of trusted balancers, does
// implicit TLS, and hands the connection to its door. It never speaks a protocol itself.
//
// When descriptors run out it pauses and tries again; it never spins. A drain is stop(), then drained().
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "gateway/async/task_scope.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/net/connection_slots.h"
#include "gateway/net/front_end.h"
#include "gateway/net/tcp_stream.h"
#include "gateway/net/tls_context.h"

namespace postern {

class Listener {
 public:
  // `tls` may be nullptr if no endpoint wants TLS; it outlives the listener, as do the doors. invalid: a
  // network in the limits is not one.
  static Result<std::unique_ptr<Listener>> create(Loop& loop, Log log, const ListenerLimits& limits,
                                                  TlsContext* tls, std::uint16_t worker_number,
                                                  Metrics metrics = Metrics());
  ~Listener();  // stopped and drained before

  // Binds the door's endpoints and begins to accept. A unix socket has no SO_REUSEPORT, so only worker 0
  // opens it. Errors: invalid (address, network, TLS without certificate), unavailable (the system refuses).
  Result<void> open(FrontEnd& door);
  // The port that a door's endpoint got; 0 for a unix socket.
  std::uint16_t port(const FrontEnd& door, std::size_t endpoint = 0) const;

  // Hears of every session that is over. Before open().
  void on_end(std::function<void(std::uint64_t session)> then) { on_end_ = std::move(then); }
  // One session hears the StopSignal, as all do when the listener stops. False: there is none.
  bool end_session(std::uint64_t session);
  // No new connections; every session hears the StopSignal.
  void stop();
  // Returns when no session is left; those that stay beyond the deadline lose their connection.
  Task<void> drained(Deadline deadline);
  std::size_t sessions() const { return sessions_.running(); }
  const ConnectionSlots& slots() const { return slots_; }

 private:
  struct Gate;
  using OwnedSlot = std::unique_ptr<ConnectionSlots::Slot>;

  Listener(Loop& loop, Log log, const ListenerLimits& limits, std::vector<Network> exempt, TlsContext* tls,
           std::uint16_t worker_number, Metrics metrics);
  void accept_some(Gate& gate);
  void admit(Gate& gate, Descriptor socket, const PeerAddress& peer);
  void pause(int reason);
  void refuse(const Gate& gate);
  Task<void> run_session(Gate& gate, std::unique_ptr<TcpStream> stream, OwnedSlot slot, bool proxied);
  Task<Result<std::unique_ptr<ByteStream>>> prepare(Gate& gate, std::unique_ptr<TcpStream> stream,
                                                    OwnedSlot& slot, bool proxied);

  Loop& loop_;
  const Log log_;
  const ListenerLimits limits_;
  TlsContext* const tls_;
  const std::uint16_t worker_number_;
  const Metrics metrics_;
  std::uint64_t last_session_;
  ConnectionSlots slots_;
  StreamGroup streams_;
  std::unordered_map<std::uint64_t, StopSignal*> signals_;  // by session
  std::function<void(std::uint64_t)> on_end_;
  std::vector<std::unique_ptr<Gate>> gates_;
  Timer pause_timer_;
  std::uint64_t refused_ = 0;
  SteadyTime refusal_logged_;
  TaskScope sessions_;
};

}  // namespace postern
