#include "storage/postgres/pool.h"

#include <algorithm>

namespace postern::postgres {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kFirstPause = 50ms;
constexpr Milliseconds kLongestPause = 1000ms;  // a server that comes back is noticed within a second

// Shallow for writes, where one that waits for a row lock holds up those behind it.
constexpr std::size_t kWriteDepthMax = 8;
constexpr std::size_t kReadDepthMax = 64;
constexpr std::size_t kBulkDepthMax = 8;

constexpr Statement kCheckServer{"check_server", R"sql(
  SELECT current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes'))sql"};
constexpr Statement kRollBack{"rollback", "ROLLBACK"};

ConnectionLimits limits_of(const DatabaseSettings& settings) {
  return {Milliseconds((settings.statement_timeout_s + settings.network_timeout_s) * 1000),
          Milliseconds(settings.network_timeout_s * 1000)};
}

}  // namespace

Pool::Pool(Loop& loop, Connector& connector, const DatabaseSettings& settings, Log log, Metrics metrics)
    : loop_(loop),
      connector_(connector),
      settings_(settings),
      log_(std::move(log)),
      metrics_(std::move(metrics)),
      timer_(loop, [this] { step(); }),
      random_(std::random_device()()),
      quiet_(loop),
      scope_(loop) {
  const std::array<std::uint32_t, 4> sizes = {settings.write_connections, settings.read_connections,
                                              settings.bulk_connections, settings.write_connections};
  const std::array<std::size_t, 4> depths = {kWriteDepthMax, kReadDepthMax, kBulkDepthMax, 1};
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    lanes_[i].role = static_cast<PoolLane>(i);
    lanes_[i].connections_max = std::max(sizes[i], 1U);
    lanes_[i].depth_max = depths[i];
  }
}

Pool::~Pool() = default;

void Pool::submit(PoolLane role, Request& request) {
  Lane& lane = lanes_[static_cast<std::size_t>(role)];
  if (closing_) return request.refuse(Error(ErrorKind::unavailable, "shutting down"));
  if (request.wait_until == SteadyTime::max()) {
    request.wait_until = Deadline::after(Milliseconds(settings_.queue_wait_limit_s * 1000)).at;
  }
  if (lane.waiting.empty()) {
    if (Slot* slot = free_slot(lane)) {
      const bool another_would_help = slot->connection->pending() > 0;
      slot->leased = role == PoolLane::transaction;
      request.take(*slot->connection);
      if (another_would_help) open_missing(lane);
      return;
    }
  }
  if (waiting() >= settings_.queue_max) return request.refuse(Error(ErrorKind::unavailable, "queue is full"));
  lane.waiting.push_back(&request);
  metrics_.change(Metric::database_requests_waiting, 1);
  open_missing(lane);
  arm();
}

// The least loaded connection with room.
Pool::Slot* Pool::free_slot(Lane& lane) {
  Slot* best = nullptr;
  for (Slot& slot : lane.slots) {
    if (slot.leased || slot.connection->broken() || slot.connection->pending() >= lane.depth_max) continue;
    if (best == nullptr || slot.connection->pending() < best->connection->pending()) best = &slot;
  }
  return best;
}

void Pool::dispatch(Lane& lane) {
  while (!lane.waiting.empty()) {
    Slot* slot = free_slot(lane);
    if (slot == nullptr) return;
    Request* request = lane.waiting.front();
    lane.waiting.pop_front();
    metrics_.change(Metric::database_requests_waiting, -1);
    slot->leased = lane.role == PoolLane::transaction;
    request->take(*slot->connection);
  }
}

// A connection calls this from inside: nothing may be destroyed here.
void Pool::on_event() {
  bool step_needed = closing_;
  for (Lane& lane : lanes_) {
    dispatch(lane);
    step_needed = step_needed || !lane.waiting.empty();
    for (const Slot& slot : lane.slots) step_needed = step_needed || slot.connection->broken();
  }
  if (step_needed) step_soon();
}

void Pool::step_soon() {
  step_due_ = true;
  timer_.start(0ms);
}

void Pool::step() {
  step_due_ = false;
  sweep();
  for (Lane& lane : lanes_) dispatch(lane);
  expire();
  for (Lane& lane : lanes_) {
    if (!lane.waiting.empty()) open_missing(lane);
  }
  arm();
  if (closing_ && !busy()) quiet_.send(true);
}

void Pool::sweep() {
  for (Lane& lane : lanes_) {
    std::erase_if(lane.slots, [](const Slot& slot) { return !slot.leased && slot.connection->broken(); });
  }
}

void Pool::expire() {
  const SteadyTime now = std::chrono::steady_clock::now();
  for (Lane& lane : lanes_) {
    // A request that is tried again keeps its limit, so the queue is not in the order of limits.
    std::erase_if(lane.waiting, [&](Request* request) {
      if (request->wait_until > now) return false;
      metrics_.change(Metric::database_requests_waiting, -1);
      request->refuse(Error(ErrorKind::unavailable,
                            failures_ > 0 ? "no database: " + last_failure_ : "no free connection in time"));
      return true;
    });
  }
}

void Pool::open_missing(Lane& lane) {
  if (closing_) return;
  const std::size_t have = lane.slots.size() + lane.opening;
  std::size_t missing = lane.connections_max > have ? lane.connections_max - have : 0;
  missing = std::min(missing, std::max<std::size_t>(lane.waiting.size(), 1));
  if (failures_ > 0) {
    if (opening() > 0 || std::chrono::steady_clock::now() < retry_at_) return;
    missing = std::min<std::size_t>(missing, 1);
  }
  for (; missing > 0; --missing) {
    ++lane.opening;
    scope_.start(open(lane));
  }
}

// The next thing that time alone brings about.
void Pool::arm() {
  if (step_due_) return;
  SteadyTime next = SteadyTime::max();
  for (const Lane& lane : lanes_) {
    for (const Request* request : lane.waiting) next = std::min(next, request->wait_until);
  }
  if (next == SteadyTime::max()) return;
  if (failures_ > 0 && opening() == 0) next = std::min(next, retry_at_);
  timer_.start(Deadline{next}.left());
}

Task<void> Pool::open(Lane& lane) {
  Result<std::unique_ptr<Connection>> opened = co_await open_checked();
  --lane.opening;
  if (opened && !closing_) {
    made_connection();
    Slot slot;
    slot.connection = std::move(*opened);
    lane.slots.push_back(std::move(slot));
  } else if (!opened) {
    could_not_connect(opened.error());
  }
  step_soon();
}

Task<Result<std::unique_ptr<Connection>>> Pool::open_checked() {
  CO_TRY(ConnectionHandle handle, co_await connector_.connect(std::string()));
  auto on_event = [this] { this->on_event(); };
  auto connection = std::make_unique<Connection>(loop_, std::move(handle), limits_of(settings_), log_,
                                                 std::move(on_event), metrics_);
  std::vector<Query> check;
  check.emplace_back(kCheckServer, Params());
  Unit unit(loop_, std::move(check), Unit::Kind::reads);
  connection->submit(unit);
  Outcome outcome = co_await unit.finished();
  if (!outcome.rows) co_return std::move(outcome.rows).error();
  const Row row = (*outcome.rows)[0][0];
  if (row.get<std::string_view>(0) == "off") {
    co_return Error(ErrorKind::unavailable, "synchronous_commit is off: a commit would not be durable");
  }
  if (row.get<std::string_view>(1) != "on" || row.get<std::string_view>(2) != "on") {
    log_.event(Level::warning, "database.not_durable",
               {{"fsync", row.get<std::string_view>(1)}, {"full_page_writes", row.get<std::string_view>(2)}});
  }
  co_return connection;
}

void Pool::could_not_connect(const Error& error) {
  const bool is_news = failures_ == 0 || last_failure_ != error.detail;
  last_failure_ = error.detail;
  if (is_news) log_.event(Level::error, "database.unreachable", {{"reason", error.detail}});
  failures_ = std::min(failures_ + 1, 16U);
  metrics_.add(Metric::database_failures);
  const auto longest = std::min<std::int64_t>(kFirstPause.count() << failures_, kLongestPause.count());
  std::uniform_int_distribution<std::int64_t> jitter(longest / 2, longest);
  retry_at_ = Deadline::after(Milliseconds(jitter(random_))).at;
}

void Pool::made_connection() {
  if (failures_ > 0) log_.event(Level::info, "database.reachable");
  failures_ = 0;
}

void Pool::release(Connection& connection) {
  Lane& lane = lanes_[static_cast<std::size_t>(PoolLane::transaction)];
  for (Slot& slot : lane.slots) {
    if (slot.connection.get() != &connection) continue;
    if (connection.broken() || (connection.pending() == 0 && !connection.in_transaction())) {
      slot.leased = false;
      on_event();
    } else {
      scope_.start(roll_back(connection));
    }
  }
}

Task<void> Pool::roll_back(Connection& connection) {
  std::vector<Query> queries;
  queries.emplace_back(kRollBack, Params());
  Unit unit(loop_, std::move(queries), Unit::Kind::inside);
  connection.submit(unit);
  co_await unit.finished();
  for (Slot& slot : lanes_[static_cast<std::size_t>(PoolLane::transaction)].slots) {
    if (slot.connection.get() == &connection) slot.leased = false;
  }
  on_event();
}

bool Pool::busy() const {
  for (const Lane& lane : lanes_) {
    for (const Slot& slot : lane.slots) {
      if (slot.leased || (!slot.connection->broken() && slot.connection->pending() > 0)) return true;
    }
  }
  return false;
}

std::size_t Pool::opening() const {
  std::size_t count = 0;
  for (const Lane& lane : lanes_) count += lane.opening;
  return count;
}

std::size_t Pool::waiting() const {
  std::size_t count = 0;
  for (const Lane& lane : lanes_) count += lane.waiting.size();
  return count;
}

Task<void> Pool::close() {
  closing_ = true;
  for (Lane& lane : lanes_) {
    for (Request* request : std::exchange(lane.waiting, {})) {
      metrics_.change(Metric::database_requests_waiting, -1);
      request->refuse(Error(ErrorKind::unavailable, "shutting down"));
    }
  }
  while (busy()) co_await quiet_.next();
  co_await scope_.drained();
  for (Lane& lane : lanes_) lane.slots.clear();
  timer_.stop();
}

}  // namespace postern::postgres
