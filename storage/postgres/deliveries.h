// Deliveries: messages on their way into mailboxes (laws 3, 4, 5). Those that wait are placed together by one
// statement. One such unit is under way at a time, because what gathers meanwhile shares the next one's costs
// and flush; more, up to the write connections, when a full unit waits or the one under way takes long, but
// never two with the same account, because they would queue on its row. A unit that fails is repeated one by
// one, so that only the guilty one fails; a unit in doubt is settled by the keys it wrote.
#pragma once

#include <deque>
#include <unordered_set>

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "storage/messages.h"
#include "storage/postgres/database.h"
#include "storage/postgres/doorbell.h"
#include "storage/postgres/placement.h"

namespace postern::postgres {

class Deliveries {
 public:
  Deliveries(Database& database, Doorbell& doorbell, const Settings& settings);

  // over_quota, not_found, unavailable. `duplicate` if the key was there before.
  Task<Result<Appended>> place(Placement placement);
  // Why a placement has no row in the answer: over_quota or not_found.
  Task<Result<Appended>> why_refused(const Placement& placement);
  // Waits for what is under way.
  Task<void> drained() { return scope_.drained(); }

  static constexpr Milliseconds kSettleTimeMax{60'000};
  static constexpr Milliseconds kUnitPatience{20};  // then what waits no longer waits for the unit under way

 private:
  struct Waiting {
    Waiting(Loop& loop, Placement p) : placement(std::move(p)), answer(loop) {}
    Placement placement;
    Promised<Result<Appended>> answer;
    bool in_doubt = false;  // may be stored already
    int conflicts = 0;      // with another writer of the same key
  };
  using Unit = std::vector<Waiting*>;

  void dispatch();
  bool may_start() const;
  Unit take_unit();
  Task<void> run(Unit unit);
  Task<void> commit(Unit unit, Deadline deadline);
  Task<void> commit_singly(Unit unit, Deadline deadline);
  // Returns those that have no answer yet: together they did not fit, each alone may.
  Task<Unit> answer_from(Unit unit, std::vector<Placed> placed);
  // Answers those whose key is there, and those that time ran out for; returns the others.
  Task<Unit> settle(Unit unit, Deadline deadline);

  Database& database_;
  Doorbell& doorbell_;
  const std::size_t waiting_max_;
  const std::size_t units_max_;
  const std::size_t batch_max_;
  std::deque<Waiting*> waiting_;
  std::unordered_set<std::int64_t> busy_accounts_;
  std::size_t units_ = 0;
  bool dispatching_ = false;
  bool impatient_ = false;
  Timer patience_;
  TaskScope scope_;
};

}  // namespace postern::postgres
