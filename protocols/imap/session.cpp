#include "protocols/imap/session.h"

#include <exception>

#include "protocols/imap/announce.h"
#include "protocols/imap/capabilities.h"
#include "protocols/imap/watch.h"

namespace postern::imap {

namespace {
constexpr std::size_t kOutputBeforeLogInOctetsMax = 4 * 1024;  // answers to a stranger who does not read them
constexpr Milliseconds kFarewellMax{5000};

SteadyTime from_now(std::uint32_t seconds) {
  return Deadline::after(std::chrono::seconds(seconds)).at;
}
}  // namespace

Session::Session(Connection from, const Settings& given, const Services& borrowed, OrderCache& kept_orders)
    : settings(given),
      services(borrowed),
      orders(kept_orders),
      connection(std::move(from)),
      io(borrowed.loop, std::move(connection.stream)),
      life_until_(from_now(given.limits.unauthenticated_life_s)),
      last_input_(std::chrono::steady_clock::now()),
      inbox_(borrowed.loop),
      timer_(borrowed.loop, [this] { inbox_.send(Expired()); }),
      scope_(borrowed.loop) {
  if (connection.stop != nullptr) stop_ = connection.stop->listen([this] { inbox_.send(Stopping()); });
}

Session::~Session() {
  if (stop_) connection.stop->forget(*stop_);
}

Task<void> Session::serve() {
  std::exception_ptr bug;
  try {
    co_await greet_and_obey();
  } catch (...) {
    bug = std::current_exception();
  }
  watch.reset();
  selected.reset();
  timer_.stop();
  if (bug || lost_) {
    io.close();
  } else if (scope_.running() > 0) {
    // The reader has the stream's one read; what it would still find is of no interest.
    co_await flush();
    co_await io.stream().shutdown();
    io.close();
  } else {
    co_await io.finish(Deadline::after(kFarewellMax));
  }
  if (watch_) co_await watch_->ended();
  co_await scope_.drained();
  services.log.event(Level::info, "imap.end",
                     {{"session", connection.id},
                      {"account", user ? raw(user->account) : 0},
                      {"commands", commands_},
                      {"reason", lost_ ? std::string_view("connection lost") : std::string_view(farewell_)}});
  if (bug) std::rethrow_exception(bug);
}

Task<void> Session::greet_and_obey() {
  if (connection.stop != nullptr && connection.stop->stopping()) {
    end(bye("UNAVAILABLE", "Shutting down"));
    co_return;
  }
  print(io.output(), "", ok(ResponseCode::capability(capability_text(offer_of(*this))), "Postern ready"));
  while (!ended_) {
    const FramerState state = co_await next_command();
    if (ended_) co_return;
    ++commands_;
    if (state == FramerState::refused) {
      co_await refuse_frame();
    } else {
      co_await execute_frame(state == FramerState::message);
    }
    const bool stopping = connection.stop != nullptr && connection.stop->stopping();
    if (!ended_ && (stopping || revoked_)) end_by_stop();
  }
}

// --- input ------------------------------------------------------------------------------------------------

Task<void> Session::read_line_into_inbox() {
  Result<Line> line = co_await io.read_line(framer_.line_octets_max(), Deadline());
  inbox_.send(Input(std::move(line)));
}

Task<Event> Session::next_event(SteadyTime until) {
  if (!line_asked_ && inbox_.empty() && io.has_buffered_line()) {
    if (!user && io.output().size() > kOutputBeforeLogInOctetsMax) co_await flush();
    Result<Line> line = co_await io.read_line(framer_.line_octets_max(), Deadline());
    last_input_ = std::chrono::steady_clock::now();
    if (!line) lose();
    co_return Event(Input(std::move(line)));
  }
  auto flushed = co_await flush();
  if (!flushed) co_return Event(Input(std::move(flushed).error()));
  if (!line_asked_) {
    line_asked_ = true;
    scope_.start(read_line_into_inbox());
  }
  const Deadline limit{until};
  timer_.start(limit.left());
  while (true) {
    auto next = co_await inbox_.next();
    Event event = *std::move(next);
    if (std::holds_alternative<Expired>(event) && !limit.passed()) {
      // A timer of an earlier wait, or one that counts in coarser steps.
      timer_.start(limit.left());
      continue;
    }
    timer_.stop();
    if (std::holds_alternative<Changed>(event)) changed_sent_ = false;
    if (auto* input = std::get_if<Input>(&event)) {
      line_asked_ = false;
      last_input_ = std::chrono::steady_clock::now();
      if (!input->line) lose();
    }
    co_return event;
  }
}

Task<Result<Line>> Session::next_line() {
  const SteadyTime until = user ? idle_until() : life_until_;
  while (true) {
    Event event = co_await next_event(until);
    if (auto* input = std::get_if<Input>(&event)) co_return std::move(input->line);
    if (std::holds_alternative<Changed>(event)) continue;
    if (std::holds_alternative<Stopping>(event)) {
      end_by_stop();
    } else {
      end(bye("", user ? "Idle for too long" : "Too long without a log-in"));
    }
    co_return Error(ErrorKind::closed, "session ended while waiting");
  }
}

Task<Result<Line>> Session::next_first_line() {
  SteadyTime quiet_until{};
  while (watch && !io.has_buffered_line()) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (has_watched_news(*this) && now >= quiet_until) {
      const Result<void> told = co_await tell_watched_news(*this);
      if (ended_) co_return Error(ErrorKind::closed, "ended while telling news");
      quiet_until = std::chrono::steady_clock::now() + (told ? kQuietBetweenNews : kQuietAfterError);
    }
    const SteadyTime until = idle_until();
    const SteadyTime wake_at = has_watched_news(*this) ? std::min(until, quiet_until) : until;
    Event event = co_await next_event(wake_at);
    if (auto* input = std::get_if<Input>(&event)) co_return std::move(input->line);
    const bool too_long = std::holds_alternative<Expired>(event) && std::chrono::steady_clock::now() >= until;
    if (too_long) end(bye("", "Idle for too long"));
    if (std::holds_alternative<Stopping>(event)) end_by_stop();
    if (ended_) co_return Error(ErrorKind::closed, "session ended while waiting");
  }
  co_return co_await next_line();
}

Task<FramerState> Session::next_command() {
  Result<Line> first = co_await next_first_line();
  if (!first) co_return FramerState::refused;
  FramerState state = framer_.line({first->text, first->too_long, first->has_nul, first->has_bare_cr});
  co_return co_await collect(state);
}

// The literals of a command and the lines behind them.
Task<FramerState> Session::collect(FramerState state) {
  while (!ended_) {
    if (state == FramerState::need_line) {
      Result<Line> line = co_await next_line();
      if (line) state = framer_.line({line->text, line->too_long, line->has_nul, line->has_bare_cr});
    } else if (state == FramerState::need_literal) {
      if (framer_.synchronizing()) {
        io.put("+ Go on\r\n");
        co_await flush();
      }
      while (!ended_ && framer_.literal_octets() > 0) {
        auto octets = co_await read_some(framer_.literal_octets());
        if (octets) framer_.literal(*octets);
      }
      state = FramerState::need_line;
    } else {
      break;
    }
  }
  co_return state;
}

Task<Result<std::string_view>> Session::read_some(std::size_t octets_max) {
  Deadline deadline{user ? Deadline::after(std::chrono::seconds(settings.limits.output_stall_s)).at
                         : life_until_};
  auto octets = co_await io.read_some(octets_max, deadline);
  last_input_ = std::chrono::steady_clock::now();
  if (octets) co_return octets;
  if (octets.error().kind == ErrorKind::timed_out) {
    end(bye("", "Waited too long for the rest of a literal"));
  } else {
    lose();
  }
  co_return octets;
}

// --- output -----------------------------------------------------------------------------------------------

Deadline Session::output_deadline() const {
  return user ? Deadline::after(std::chrono::seconds(settings.limits.output_stall_s)) : Deadline{life_until_};
}

Task<Result<void>> Session::flush() {
  auto done = co_await io.flush(output_deadline());
  if (!done) lose();
  co_return done;
}

Task<Result<void>> Session::flush_if_full() {
  auto done = co_await io.flush_if_full(output_deadline());
  if (!done) lose();
  co_return done;
}

Task<Result<void>> Session::write(std::string_view octets) {
  auto done = co_await io.write(octets, output_deadline());
  if (!done) lose();
  co_return done;
}

// --- the selected mailbox ---------------------------------------------------------------------------------

Result<MailboxView::Named> Selected::named(const SequenceSet& set, bool as_uids) const {
  if (!set.saved) return view.resolve(set, as_uids);
  MailboxView::Named named;
  named.uids = saved;
  return named;
}

FetchSubject Selected::subject(Uid uid) const {
  if (user.uid_only) return FetchSubject::by_uid(uid);
  return raw(view.number_of(uid));
}

// --- state ------------------------------------------------------------------------------------------------

LoginContext Session::login_context() const {
  LoginContext context;
  context.session = connection.id;
  context.door = Feature::imap;
  context.peer = io.stream().peer();
  context.encrypted = io.stream().tls() != nullptr;
  return context;
}

SteadyTime Session::idle_until() const {
  return last_input_ + std::chrono::seconds(settings.imap.idle_timeout_s);
}

void Session::log_in(AccountId account) {
  user.emplace(Authenticated{*this, account});
  framer_.set_limits(kAfterLogIn);
  auto revoke = [this] {
    revoked_ = true;
    inbox_.send(Stopping());
  };
  watch_ = std::make_unique<AccountWatch>(services, account, Feature::imap, std::move(revoke));
  if (const auto tell = std::exchange(connection.authenticated, nullptr)) tell();
}

Task<void> Session::log_out() {
  if (watch_) co_await watch_->ended();
  watch_.reset();
  watch.reset();
  selected.reset();
  heard();
  user.reset();
  stranger.bad_commands = 0;
  framer_.set_limits(kBeforeLogIn);
  life_until_ = from_now(settings.limits.unauthenticated_life_s);
}

bool Session::has_news(Expunges expunges) const {
  return selected &&
         (news_wanted_ != ModSeq(0) || (expunges == Expunges::allowed && selected->view.has_ghosts()));
}

void Session::ring(ModSeq now) {
  look_for_news(now);
  if (!rung_at_) rung_at_ = std::chrono::steady_clock::now();
  wake();
}

void Session::wake() {
  if (!changed_sent_) inbox_.send(Changed());
  changed_sent_ = true;
}

void Session::answer_now(const StatusResponse& answer) {
  print(io.output(), tag_, answer);
  tag_ = std::string();
}

void Session::end_by_stop() {
  end(revoked_ ? bye("", "This account may not use IMAP any more") : bye("UNAVAILABLE", "Shutting down"));
}

void Session::end(StatusResponse farewell) {
  farewell_ = farewell.text;
  print(io.output(), "", farewell);
  ended_ = true;
}

}  // namespace postern::imap
