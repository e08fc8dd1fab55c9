// IDLE (RFC 2177). News are told at once, but a busy mailbox is looked at no more than ten times a second. A
// line now and then keeps the connection alive in NAT tables; the time limit of RFC 3501 §5.4 still counts.
#include "gateway/base/text.h"
#include "protocols/imap/announce.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/watch.h"

namespace postern::imap {

namespace {
const std::size_t kPushImap = label_index(family_of(Metric::push_seconds).first, "imap");
}  // namespace

namespace {

bool has_news(const Session& session) {
  return session.has_news(Expunges::allowed) || (session.watch && session.watch->has_news());
}

// Of the selected mailbox, and what NOTIFY asked for (RFC 5465 §4).
Task<Result<void>> tell_news(Session& session) {
  if (session.has_news(Expunges::allowed)) {
    CO_TRY_VOID(co_await announce_changes(session, Expunges::allowed));
  }
  if (!session.watch || session.ended()) co_return Result<void>();
  co_return co_await session.watch->tell();
}

}  // namespace

Task<Answer> run(Authenticated& user, const Idle&) {
  Session& session = user.session;
  const auto keep_alive_every = std::chrono::seconds(session.settings.imap.keep_alive_s);
  const SteadyTime idle_until = session.idle_until();
  SteadyTime keep_alive_at = std::chrono::steady_clock::now() + keep_alive_every;
  SteadyTime quiet_until{};
  session.take_rung_at();  // nobody waited for that
  session.io.put("+ Idling\r\n");
  while (true) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= idle_until) {
      session.end(bye("", "Idle for too long"));
      co_return Error(ErrorKind::closed, "idle for too long");
    }
    if (now >= keep_alive_at) {
      session.io.put("* OK Still here\r\n");
      keep_alive_at = now + keep_alive_every;
    }
    if (has_news(session) && now >= quiet_until) {
      auto announced = co_await tell_news(session);
      if (session.ended()) co_return Error(ErrorKind::closed, "ended while announcing");
      const auto rung_at = session.take_rung_at();
      if (announced && rung_at) session.services.metrics.observe(Metric::push_seconds, *rung_at, kPushImap);
      quiet_until = std::chrono::steady_clock::now() + (announced ? kQuietBetweenNews : kQuietAfterError);
    }
    SteadyTime wake_at = std::min(idle_until, keep_alive_at);
    if (has_news(session)) wake_at = std::min(wake_at, quiet_until);

    Event event = co_await session.next_event(wake_at);
    if (auto* input = std::get_if<Input>(&event)) {
      if (!input->line) co_return std::move(input->line).error();
      if (text::same(input->line->text, "DONE")) co_return ok("Done idling");
      session.end(bye("", "Expected DONE"));
      co_return bad("Expected DONE");
    }
    if (std::holds_alternative<Stopping>(event)) {
      session.end_by_stop();
      co_return Error(ErrorKind::closed, "stopped while idling");
    }
  }
}

}  // namespace postern::imap
