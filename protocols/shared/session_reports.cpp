#include "protocols/shared/session_reports.h"

#include <unistd.h>

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"

namespace postern {

namespace {

constexpr Milliseconds kSoon{500};       // what is ended goes from the lists
constexpr std::size_t kNameOctets = 12;  // random: process numbers come again

}  // namespace

SessionReports::SessionReports(Loop& loop, Sessions& sessions, LiveSessions& live, std::string node, Log log,
                               std::function<void(std::uint64_t)> end, Milliseconds every)
    : sessions_(sessions),
      live_(live),
      worker_(text::hex(random_octets(kNameOctets))),
      node_(std::move(node)),
      log_(std::move(log)),
      end_(std::move(end)),
      every_(every),
      wake_(loop),
      timer_(loop, [this] { wake_.send(true); }),
      scope_(loop) {
  timer_.start(every_);
  scope_.start(run());
}

Task<void> SessionReports::run() {
  for (;;) {
    co_await wake_.next();
    if (closing_) break;
    const Milliseconds rest = co_await tell();
    if (closing_) break;
    timer_.start(rest);
  }
  // Who looks later sees that nothing is heard of it, if this fails.
  (void)co_await sessions_.leave(worker_);
}

Task<Milliseconds> SessionReports::tell() {
  LiveSessions::Changes changes = live_.take();
  SessionReport report;
  report.worker = worker_;
  report.node = node_;
  report.process = ::getpid();
  report.begun = changes.begun;
  report.ended = changes.ended;
  const auto orders = co_await sessions_.report(std::move(report));
  const bool first_failure = !orders && !failing_;
  failing_ = !orders;
  if (first_failure) {
    log_.event(Level::warning, "sessions.untold",
               {{"error", name_of(orders.error().kind)}, {"reason", orders.error().detail}});
  }
  if (!orders) {
    live_.not_told(std::move(changes));
    co_return every_;
  }
  if (orders->tell_all) live_.tell_all();
  for (const std::uint64_t session : orders->end) end_(session);
  const bool news = orders->tell_all || !orders->end.empty();
  co_return news ? std::min(kSoon, every_) : every_;
}

Task<void> SessionReports::close() {
  closing_ = true;
  timer_.stop();
  wake_.send(true);
  co_await scope_.drained();
}

}  // namespace postern
