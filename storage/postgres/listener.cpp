#include "storage/postgres/listener.h"

#include <random>

namespace postern::postgres {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSendsMax = 64;
constexpr Milliseconds kLongestPause = 1000ms;
constexpr Statement kNotify{"notify", "SELECT pg_notify($1::text, $2::text)"};

}  // namespace

Listener::Listener(Loop& loop, Connector& connector, const DatabaseSettings& settings, Log log,
                   Metrics metrics)
    : loop_(loop),
      connector_(connector),
      limits_{Milliseconds(settings.network_timeout_s * 2000),
              Milliseconds(settings.network_timeout_s * 1000)},
      log_(std::move(log)),
      metrics_(std::move(metrics)),
      wake_(loop),
      sends_(loop),
      scope_(loop) {}

void Listener::listen(std::string channel, std::function<void(std::string_view payload)> on_notify,
                      std::function<void()> on_listening) {
  assert(channel_.empty());
  channel_ = std::move(channel);
  on_notify_ = std::move(on_notify);
  on_listening_ = std::move(on_listening);
  scope_.start(run());
}

Task<void> Listener::run() {
  std::minstd_rand random(std::random_device{}());
  int failures = 0;
  while (!closing_) {
    const Result<void> connected = co_await connect();
    if (connected) {
      failures = 0;
      on_listening_();
      while (!connection_->broken() && !closing_) co_await wake_.next();
    } else {
      if (failures == 0)
        log_.event(Level::warning, "database.not_listening", {{"reason", connected.error().detail}});
      failures = std::min(failures + 1, 5);
    }
    listening_ = false;
    co_await sends_.drained();
    connection_.reset();
    if (closing_) co_return;
    const auto longest = std::min<std::int64_t>(25 << failures, kLongestPause.count());
    std::uniform_int_distribution<std::int64_t> jitter(longest / 2, longest);
    const Milliseconds pause(jitter(random));
    co_await sleep(loop_, pause);
  }
}

Task<Result<void>> Listener::connect() {
  CO_TRY(ConnectionHandle handle, co_await connector_.connect("-c synchronous_commit=off"));
  auto on_event = [this] { wake_.send(true); };
  connection_ =
      std::make_unique<Connection>(loop_, std::move(handle), limits_, log_, std::move(on_event), metrics_);
  connection_->on_notify([this](std::string_view channel, std::string_view payload) {
    if (channel == channel_) on_notify_(payload);
  });
  const std::string sql = "LISTEN " + connection_->quoted(channel_);
  const Statement statement{"", sql.c_str()};
  std::vector<Query> queries;
  queries.emplace_back(statement, Params());
  Unit unit(loop_, std::move(queries), Unit::Kind::reads);
  connection_->submit(unit);
  Outcome outcome = co_await unit.finished();
  if (!outcome.rows) co_return std::move(outcome.rows).error();
  listening_ = true;
  co_return Result<void>();
}

void Listener::notify(std::string channel, std::string payload) {
  if (!listening_ || closing_ || connection_->broken() || sends_.running() >= kSendsMax) return;
  sends_.start(send(std::move(channel), std::move(payload)));
}

Task<void> Listener::send(std::string channel, std::string payload) {
  const Params params(channel, payload);
  std::vector<Query> queries;
  queries.emplace_back(kNotify, params);
  Unit unit(loop_, std::move(queries), Unit::Kind::reads);
  connection_->submit(unit);
  const Outcome outcome = co_await unit.finished();
  if (!outcome.rows)
    log_.event(Level::debug, "database.not_notified", {{"reason", outcome.rows.error().detail}});
}

Task<void> Listener::close() {
  closing_ = true;
  wake_.send(true);
  co_await scope_.drained();
}

}  // namespace postern::postgres
