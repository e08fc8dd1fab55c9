#include "storage/postgres/database.h"

#include <random>

#include "storage/postgres/listener.h"
#include "storage/postgres/pool.h"

namespace postern::postgres {

namespace {

using namespace std::chrono_literals;

constexpr int kTriesMax = 10;
constexpr Statement kBegin{"begin", "BEGIN"};
constexpr Statement kCommit{"commit", "COMMIT"};

PoolLane lane_of(Lane lane) {
  switch (lane) {
    case Lane::write: return PoolLane::write;
    case Lane::read: return PoolLane::read;
    case Lane::bulk: break;
  }
  return PoolLane::bulk;
}

bool only_reads(const std::vector<Query>& queries) {
  for (const Query& query : queries) {
    std::string_view sql = query.statement->sql;
    sql.remove_prefix(std::min(sql.find_first_not_of(" \n"), sql.size()));
    if (!sql.starts_with("SELECT")) return false;
  }
  return true;
}

// What may be repeated when the connection is lost: the read lane by definition, the bulk lane unless it
// writes.
Unit::Kind kind_of(Lane lane, const std::vector<Query>& queries) {
  if (lane == Lane::read || (lane == Lane::bulk && only_reads(queries))) return Unit::Kind::reads;
  return Unit::Kind::changes;
}

}  // namespace

class Database::Impl {
 public:
  Impl(Loop& l, const std::string& conninfo, const DatabaseSettings& settings, const Log& g,
       const Metrics& metrics)
      : loop(l),
        log(g),
        connector(loop, conninfo, settings),
        pool(loop, connector, settings, log, metrics),
        listener(loop, connector, settings, log, metrics),
        random(std::random_device()()) {}

  Milliseconds pause() { return Milliseconds(std::uniform_int_distribution<int>(10, 100)(random)); }

  Loop& loop;
  const Log log;
  Connector connector;
  Pool pool;
  Listener listener;
  std::minstd_rand random;
};

Database::Database(Loop& loop, std::string conninfo, const DatabaseSettings& settings, Log log,
                   Metrics metrics)
    : impl_(std::make_shared<Impl>(loop, conninfo, settings, log, metrics)) {}
Database::Database(const Database& shared, std::vector<Query> preamble)
    : impl_(shared.impl_), preamble_(std::move(preamble)) {}
Database::~Database() = default;

Loop& Database::loop() {
  return impl_->loop;
}
const Log& Database::log() const {
  return impl_->log;
}

Task<Result<Rows>> Database::query(Lane lane, const Statement& statement, Params params) {
  std::vector<Query> queries;
  queries.emplace_back(statement, std::move(params));
  CO_TRY(std::vector<Rows> rows, co_await batch(lane, std::move(queries)));
  co_return std::move(rows.front());
}

Task<Result<std::vector<Rows>>> Database::batch(Lane lane, std::vector<Query> queries) {
  const Unit::Kind kind = kind_of(lane, queries);
  const auto first = static_cast<std::ptrdiff_t>(lane == Lane::write ? preamble_.size() : 0);
  queries.insert(queries.begin(), preamble_.begin(), preamble_.begin() + first);
  Unit unit(impl_->loop, std::move(queries), kind);
  for (int tries = 1;; ++tries) {
    impl_->pool.submit(lane_of(lane), unit);
    Outcome outcome = co_await unit.finished();
    if (outcome.rows) outcome.rows->erase(outcome.rows->begin(), outcome.rows->begin() + first);
    if (outcome.rows || !outcome.again || tries == kTriesMax) co_return std::move(outcome.rows);
    const Milliseconds pause = impl_->pause();
    co_await sleep(impl_->loop, pause);
    // Its place in the queue was no fault of its own; a second is enough to find another connection.
    unit.wait_until = std::max(unit.wait_until, Deadline::after(1s).at);
  }
}

class Transaction::Lease final : public Request {
 public:
  Lease(Loop& loop, Pool& pool) : loop_(loop), pool_(pool), answer_(loop) {}
  ~Lease() override {
    if (connection_ != nullptr) pool_.release(*connection_);
  }

  void take(Connection& connection) override {
    connection_ = &connection;
    answer_.send(Result<void>());
  }
  void refuse(Error error) override { answer_.send(Result<void>(std::move(error))); }
  Task<Result<void>> granted() {
    std::optional<Result<void>> answer = co_await answer_.next();
    co_return std::move(*answer);
  }

  Task<Result<std::vector<Rows>>> run(std::vector<Query> queries) {
    if (failed_ || connection_ == nullptr) co_return Error(ErrorKind::internal, "transaction is over");
    const bool first = !begun_;
    begun_ = true;
    if (first) queries.insert(queries.begin(), Query(kBegin, Params()));
    Unit unit(loop_, std::move(queries), Unit::Kind::inside);
    unit.unlimited = unlimited_;
    connection_->submit(unit);
    Outcome outcome = co_await unit.finished();
    failed_ = !outcome.rows;
    if (first && outcome.rows) outcome.rows->erase(outcome.rows->begin());
    co_return std::move(outcome.rows);
  }

  Task<Result<void>> commit() {
    // The server answers the COMMIT of a failed transaction with success, having rolled back.
    if (failed_ || connection_ == nullptr)
      co_return Error(ErrorKind::internal, "commit of a failed transaction");
    if (begun_) {
      std::vector<Query> queries;
      queries.emplace_back(kCommit, Params());
      Unit unit(loop_, std::move(queries), Unit::Kind::commit);
      unit.unlimited = unlimited_;
      connection_->submit(unit);
      Outcome outcome = co_await unit.finished();
      failed_ = true;
      if (!outcome.rows) co_return std::move(outcome.rows).error();
    }
    pool_.release(*std::exchange(connection_, nullptr));
    co_return Result<void>();
  }

  void lift_time_limit() { unlimited_ = true; }

 private:
  Loop& loop_;
  Pool& pool_;
  Channel<Result<void>> answer_;
  Connection* connection_ = nullptr;
  bool begun_ = false;
  bool failed_ = false;
  bool unlimited_ = false;
};

Transaction::Transaction(std::unique_ptr<Lease> lease) : lease_(std::move(lease)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Task<Result<Transaction>> Database::begin() {
  auto lease = std::make_unique<Transaction::Lease>(impl_->loop, impl_->pool);
  impl_->pool.submit(PoolLane::transaction, *lease);
  CO_TRY_VOID(co_await lease->granted());
  if (!preamble_.empty()) CO_TRY_VOID(co_await lease->run(preamble_));
  co_return Transaction(std::move(lease));
}

Task<Result<Rows>> Transaction::query(const Statement& statement, Params params) {
  std::vector<Query> queries;
  queries.emplace_back(statement, std::move(params));
  CO_TRY(std::vector<Rows> rows, co_await lease_->run(std::move(queries)));
  co_return std::move(rows.front());
}

Task<Result<std::vector<Rows>>> Transaction::batch(std::vector<Query> queries) {
  return lease_->run(std::move(queries));
}
Task<Result<void>> Transaction::commit() {
  return lease_->commit();
}
void Transaction::lift_time_limit() {
  lease_->lift_time_limit();
}

void Database::listen(std::string channel, std::function<void(std::string_view payload)> on_notify,
                      std::function<void()> on_reconnect) {
  impl_->listener.listen(std::move(channel), std::move(on_notify), std::move(on_reconnect));
}
void Database::notify(std::string channel, std::string payload) {
  impl_->listener.notify(std::move(channel), std::move(payload));
}

Task<void> Database::close() {
  co_await impl_->listener.close();
  co_await impl_->pool.close();
}

}  // namespace postern::postgres
