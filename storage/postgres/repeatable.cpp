#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {
constexpr int kAttemptsMax = 10;
constexpr Milliseconds kPause{100};
}  // namespace

Task<Result<std::vector<Rows>>> batch_repeatable(Database& database, Lane lane, std::vector<Query> queries) {
  for (int attempt = 1;; ++attempt) {
    std::vector<Query> again = queries;
    auto rows = co_await database.batch(lane, std::move(again));
    if (rows) co_return rows;
    const Error error = rows.error();
    if (error.kind == ErrorKind::timed_out) co_return Error(ErrorKind::unavailable, error.detail);
    if (error.kind != ErrorKind::closed) co_return error;
    if (attempt == kAttemptsMax) co_return Error(ErrorKind::unavailable, error.detail);
    co_await sleep(database.loop(), kPause);
  }
}

Task<Result<Rows>> query_repeatable(Database& database, Lane lane, const Statement& statement,
                                    Params params) {
  std::vector<Query> queries;
  queries.emplace_back(statement, std::move(params));
  CO_TRY(std::vector<Rows> rows, co_await batch_repeatable(database, lane, std::move(queries)));
  co_return std::move(rows.front());
}

}  // namespace postern::postgres
