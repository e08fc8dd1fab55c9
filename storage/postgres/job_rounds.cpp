#include "storage/postgres/job_rounds.h"

namespace postern::postgres {

JobRounds::JobRounds(Loop& loop, Log log, Job job)
    : log_(std::move(log)),
      job_(std::move(job)),
      wake_(loop),
      timer_(loop, [this] { wake_.send(true); }),
      scope_(loop) {
  timer_.start(job_.first_after);
  scope_.start(run());
}

Task<void> JobRounds::run() {
  for (;;) {
    co_await wake_.next();
    if (closing_) break;
    const Result<void> done = co_await job_.round();
    if (closing_) break;
    if (!done) {
      log_.event(Level::warning, job_.name + ".broken_off",
                 {{"error", name_of(done.error().kind)}, {"reason", done.error().detail}});
    }
    timer_.start(job_.interval);
  }
}

Task<void> JobRounds::close() {
  closing_ = true;
  job_.stop();
  timer_.stop();
  wake_.send(true);
  co_await scope_.drained();
}

}  // namespace postern::postgres
