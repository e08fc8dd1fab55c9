#include "gateway/net/listener.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "gateway/async/poll_watch.h"
#include "gateway/net/proxy_header.h"
#include "gateway/net/socket.h"
#include "gateway/net/tls_stream.h"

namespace postern {

namespace {

using OwnedStream = std::unique_ptr<ByteStream>;

constexpr int kAcceptsPerTurn = 64;  // the sessions there are get their turn, too
constexpr Milliseconds kPause{100};
constexpr Milliseconds kRefusalLogInterval{1000};
constexpr unsigned kWorkerShift = 48;

// Refusing early keeps descriptors for the database and the log, where running out would hurt more.
ListenerLimits within_descriptors(ListenerLimits limits) {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur == RLIM_INFINITY) return limits;
  const rlim_t reserved = std::min<rlim_t>(limits.descriptors_reserved, descriptors.rlim_cur / 2);
  const rlim_t usable = descriptors.rlim_cur - reserved;
  limits.connections_max = static_cast<std::uint32_t>(std::min<rlim_t>(limits.connections_max, usable));
  return limits;
}

// Reads exactly the header; what came with it goes back to the stream.
Task<Result<ProxyHeader>> read_proxy_header(TcpStream& stream, Deadline deadline) {
  std::string received;
  while (true) {
    CO_TRY(std::string_view octets, co_await stream.read(deadline));
    if (octets.empty()) co_return Error(ErrorKind::closed, "end of the stream in the PROXY header");
    received += octets;
    CO_TRY(std::optional<ProxyHeader> header, parse_proxy_header(received));
    if (!header) continue;
    stream.give_back(std::string_view(received).substr(header->octets));
    if (header->client) stream.set_peer(*header->client);
    co_return *header;
  }
}

std::string text_of(std::exception_ptr bug) {
  try {
    std::rethrow_exception(bug);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "not a std::exception";
  }
}

}  // namespace

struct Listener::Gate {
  FrontEnd* door;
  Endpoint endpoint;
  std::vector<Network> proxies;
  std::size_t label = 0;  // of the door, in metrics
  Descriptor socket;
  std::unique_ptr<PollWatch> watch;  // after the socket: it must go first

  void close() {
    watch.reset();
    socket.reset();
  }
  bool trusts(const PeerAddress& peer) const {
    const auto address = IpAddress::parse(peer.host);
    return address && any_contains(proxies, *address);
  }
};

Result<std::unique_ptr<Listener>> Listener::create(Loop& loop, Log log, const ListenerLimits& limits,
                                                   TlsContext* tls, std::uint16_t worker_number,
                                                   Metrics metrics) {
  TRY(std::vector<Network> exempt, parse_networks(limits.exempt_networks));
  return std::unique_ptr<Listener>(new Listener(loop, std::move(log), within_descriptors(limits),
                                                std::move(exempt), tls, worker_number, std::move(metrics)));
}

Listener::Listener(Loop& loop, Log log, const ListenerLimits& limits, std::vector<Network> exempt,
                   TlsContext* tls, std::uint16_t worker_number, Metrics metrics)
    : loop_(loop),
      log_(std::move(log)),
      limits_(limits),
      tls_(tls),
      worker_number_(worker_number),
      metrics_(std::move(metrics)),
      last_session_(std::uint64_t{worker_number} << kWorkerShift),
      slots_(limits, std::move(exempt)),
      pause_timer_(loop,
                   [this] {
                     for (auto& gate : gates_) {
                       if (gate->watch) gate->watch->start(UV_READABLE);
                     }
                   }),
      sessions_(loop) {}

Listener::~Listener() = default;

Result<void> Listener::open(FrontEnd& door) {
  for (auto& endpoint : door.endpoints()) {
    if (is_unix_path(endpoint.address) && worker_number_ != 0) continue;
    if (endpoint.tls != TlsMode::none && !tls_) {
      return Error(ErrorKind::invalid, std::string(door.name()) + ": TLS needs a certificate");
    }
    auto gate = std::make_unique<Gate>();
    TRY(gate->proxies, parse_networks(endpoint.proxy_from));
    TRY(gate->socket, listen_at(endpoint));
    gate->door = &door;
    gate->label = label_index(family_of(Metric::sessions).first, door.name());
    gate->endpoint = std::move(endpoint);
    Gate& accepting = *gate;
    gate->watch = std::make_unique<PollWatch>(loop_, gate->socket.get(),
                                              [this, &accepting](int) { accept_some(accepting); });
    gate->watch->start(UV_READABLE);
    log_.event(Level::info, "listener.open",
               {{"door", door.name()},
                {"address", gate->endpoint.address},
                {"port", local_port(gate->socket.get())}});
    gates_.push_back(std::move(gate));
  }
  return {};
}

std::uint16_t Listener::port(const FrontEnd& door, std::size_t endpoint) const {
  for (const auto& gate : gates_) {
    if (gate->door == &door && endpoint-- == 0) return local_port(gate->socket.get());
  }
  return 0;
}

void Listener::accept_some(Gate& gate) {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    sockaddr_storage storage{};
    socklen_t octets = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    Descriptor socket(::accept4(gate.socket.get(), address, &octets, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      admit(gate, std::move(socket), address_of(address));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return pause(errno);
    } else if (errno == EAGAIN) {
      return;
    }
    // Anything else is about one connection that is gone already (accept(2)).
  }
}

// The connection stays in the kernel's queue, which would make the socket readable for ever.
void Listener::pause(int reason) {
  if (!pause_timer_.active()) {
    log_.event(Level::warning, "listener.pause", {{"reason", std::strerror(reason)}});
  }
  for (auto& gate : gates_) {
    if (gate->watch) gate->watch->stop();
  }
  pause_timer_.start(kPause);
}

void Listener::refuse(const Gate& gate) {
  ++refused_;
  metrics_.add(Metric::connections_refused, gate.label);
  const auto now = std::chrono::steady_clock::now();
  if (now - refusal_logged_ < kRefusalLogInterval) return;
  refusal_logged_ = now;
  log_.event(Level::warning, "listener.refuse",
             {{"door", gate.door->name()}, {"refused", std::exchange(refused_, 0)}});
}

void Listener::admit(Gate& gate, Descriptor socket, const PeerAddress& peer) {
  const bool proxied = gate.trusts(peer);
  // A balancer brings many clients; each is counted once its header has named it.
  auto slot = slots_.take(proxied ? PeerAddress() : peer);
  if (!slot) return refuse(gate);
  auto stream = TcpStream::adopt(loop_, std::move(socket), peer, &streams_);
  if (stream) sessions_.start(run_session(gate, *std::move(stream), std::move(slot), proxied));
}

Task<Result<OwnedStream>> Listener::prepare(Gate& gate, std::unique_ptr<TcpStream> stream, OwnedSlot& slot,
                                            bool proxied) {
  if (proxied) {
    CO_TRY_VOID(co_await read_proxy_header(*stream, Deadline::after(limits_.proxy_header_max)));
    slot.reset();
    slot = slots_.take(stream->peer());
    if (!slot) {
      refuse(gate);
      co_return Error(ErrorKind::too_large, "too many connections");
    }
  }
  if (gate.endpoint.tls != TlsMode::implicit) co_return OwnedStream(std::move(stream));
  auto tls = TlsStream::server(loop_, std::move(stream), tls_->current(), gate.endpoint.alpn);
  CO_TRY_VOID(co_await tls->handshake(Deadline::after(limits_.tls_handshake_max)));
  co_return OwnedStream(std::move(tls));
}

Task<void> Listener::run_session(Gate& gate, std::unique_ptr<TcpStream> accepted, OwnedSlot slot,
                                 bool proxied) {
  const std::uint64_t id = ++last_session_;
  const std::string peer = accepted->peer().host;
  metrics_.add(Metric::connections, gate.label);
  const Counted counted(metrics_, Metric::sessions, gate.label);
  StopSignal stop;
  signals_.emplace(id, &stop);
  std::exception_ptr bug;
  try {
    auto stream = co_await prepare(gate, std::move(accepted), slot, proxied);
    if (stream) {
      Connection connection;
      connection.id = id;
      connection.stream = *std::move(stream);
      connection.endpoint = &gate.endpoint;
      connection.tls = gate.endpoint.tls == TlsMode::starttls ? tls_ : nullptr;
      connection.stop = &stop;
      connection.authenticated = [&slot] { slot->authenticated(); };
      co_await gate.door->serve(std::move(connection));
    } else {
      metrics_.add(Metric::tls_handshakes_failed, gate.label);
      log_.event(Level::debug, "listener.drop",
                 {{"session", id}, {"peer", peer}, {"reason", stream.error().detail}});
    }
  } catch (...) {
    bug = std::current_exception();
  }
  signals_.erase(id);
  if (on_end_) on_end_(id);
  if (!bug) co_return;
  log_.event(Level::error, "listener.bug",
             {{"session", id}, {"door", gate.door->name()}, {"what", text_of(bug)}});
}

void Listener::stop() {
  pause_timer_.stop();
  for (auto& gate : gates_) {
    if (!gate->socket) continue;
    // Who is in the queue already gets a goodbye, not a reset.
    accept_some(*gate);
    gate->close();
  }
  pause_timer_.stop();
  for (const auto& [session, signal] : signals_) signal->stop();
}

bool Listener::end_session(std::uint64_t session) {
  const auto found = signals_.find(session);
  if (found == signals_.end()) return false;
  found->second->stop();
  return true;
}

Task<void> Listener::drained(Deadline deadline) {
  Timer too_late(loop_, [this] { streams_.close_all(); });
  if (deadline.at != SteadyTime::max()) too_late.start(deadline.left());
  co_await sessions_.drained();
}

}  // namespace postern
