#include "protocols/submission/relay_attempt.h"

#include <algorithm>

#include "protocols/submission/delivery_report.h"

namespace postern::submission {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kPauseMax = 15s;       // after the smarthost could not be reached
constexpr Milliseconds kRecordAgain = 500ms;  // while the store is away
constexpr std::uint64_t kOriginalOctetsMax = 256 * 1024;

// "451 4.4.2 …": the words are ours, so no line end of a server gets in.
SmtpReply reply_for(const Error& error) {
  const bool unreachable = error.kind == ErrorKind::unavailable || error.kind == ErrorKind::not_found;
  const std::string status = error.kind == ErrorKind::denied ? "4.7.0 " : unreachable ? "4.4.1 " : "4.4.2 ";
  return own_reply(451, status + error.detail);
}

}  // namespace

Task<void> Relay::Attempt::run() {
  const SteadyTime began = relay_.services_.clock.steady_now();
  const Log& log = relay_.services_.log;
  // Reports that an attempt before was too late to make.
  auto done = co_await report();
  if (done && has_waiting()) done = co_await send();
  if (done) done = co_await report();
  if (!done) log.event(Level::warning, "relay.attempt_broken_off", {{"reason", done.error().detail}});
  release_.retry_in = retry_in();
  auto released = co_await relay_.services_.store.outbox().release(message_, relay_.holder_, release_);
  if (!released) log.event(Level::warning, "relay.not_released", {{"reason", released.error().detail}});

  std::size_t count[3] = {};
  for (const QueuedRecipient& recipient : message_.recipients)
    ++count[static_cast<std::size_t>(recipient.state)];
  const SteadyTime ended = relay_.services_.clock.steady_now();
  log.event(Level::info, "relay.attempt",
            {{"account", raw(message_.key.account)},
             {"message", raw(message_.key.id)},
             {"attempt", message_.attempts},
             {"waiting", count[0]},
             {"delivered", count[1]},
             {"failed", count[2]},
             {"ms", std::chrono::duration_cast<Milliseconds>(ended - began).count()}});
}

Task<Result<void>> Relay::Attempt::send() {
  for (;;) {
    auto client = co_await ready_client();
    if (!client) {
      const Error error = client.error();
      relay_.services_.log.event(Level::warning, "relay.no_connection", {{"reason", error.detail}});
      const Milliseconds retry_min = std::chrono::seconds(relay_.settings_.relay.retry_min_s);
      relay_.pause_until_ = Deadline::after(std::min(retry_min, kPauseMax));
      co_return co_await defer_the_rest(error);
    }
    relay_.used_.push_back(client->get());
    auto done = co_await converse(**client);
    relay_.used_.remove(client->get());
    if (done) {
      if ((*client)->is_ready()) {
        relay_.keep(*std::move(client));
      } else {
        co_await (*client)->quit();
      }
      co_return Result<void>();
    }
    const Error error = done.error();
    if (error.kind == ErrorKind::internal) co_return error;  // the store, not the server
    // It was idle too long for the server's taste; the others were, too.
    if (reused_ && !offered_ && !relay_.stopping_) {
      relay_.idle_.clear();
      continue;
    }
    co_return co_await defer_the_rest(error);
  }
}

Task<Result<Relay::OwnedClient>> Relay::Attempt::ready_client() {
  while (!relay_.idle_.empty()) {
    OwnedClient client = std::move(relay_.idle_.back());
    relay_.idle_.pop_back();
    reused_ = client->is_ready();
    if (reused_) co_return client;
  }
  reused_ = false;
  auto client = std::make_unique<SmtpClient>(relay_.services_.loop, relay_.settings_.relay, relay_.hostname_);
  relay_.used_.push_back(client.get());
  auto connected = co_await client->connect(relay_.tls_);
  relay_.used_.remove(client.get());
  if (!connected) co_return connected.error();
  co_return client;
}

Task<Result<void>> Relay::Attempt::converse(SmtpClient& client) {
  CO_TRY(std::vector<Answer> answers, co_await client.offer(message_));
  const bool says_goodbye =
      !client.has_accepted() && std::all_of(answers.begin(), answers.end(),
                                            [](const Answer& answer) { return answer.reply.code == 421; });
  if (says_goodbye && reused_) co_return Error(ErrorKind::closed, "the server has closed the connection");
  offered_ = true;
  if (client.has_accepted()) {
    CO_TRY(auto reader, co_await relay_.services_.store.outbox().open(message_));
    std::function<bool()> may_end = [this] { return still_ours(); };
    auto transferred = co_await client.transfer(*reader, std::move(may_end));
    if (!transferred) {
      CO_TRY_VOID(co_await record(std::move(answers), client.offers_dsn()));
      co_return transferred;
    }
  }
  // What is known is written before anything more is waited for.
  for (;;) {
    auto more = co_await client.answers();
    if (more) answers.insert(answers.end(), more->begin(), more->end());
    const bool last = !more || more->empty();
    if (!answers.empty()) {
      std::vector<Answer> known = std::exchange(answers, std::vector<Answer>());
      CO_TRY_VOID(co_await record(std::move(known), client.offers_dsn()));
    }
    if (!more) co_return more.error();
    if (last) co_return Result<void>();
  }
}

void Relay::Attempt::count(RecipientState state) const {
  const char* result = state == RecipientState::delivered ? "delivered"
                       : state == RecipientState::failed  ? "failed"
                                                          : "deferred";
  relay_.services_.metrics.add(Metric::relay_attempts,
                               label_index(family_of(Metric::relay_attempts).first, result));
}

Task<Result<void>> Relay::Attempt::record(std::vector<Answer> answers, bool dsn_offered) {
  std::vector<RecipientResult> results;
  for (const Answer& answer : answers) {
    for (QueuedRecipient& recipient : message_.recipients) {
      if (recipient.number != answer.recipient) continue;
      results.push_back(result_of(recipient, answer.reply, dsn_offered));
      recipient.state = results.back().state;
      recipient.report = results.back().report;
      recipient.answer = results.back().answer;
      answered_.insert(recipient.number);
      count(recipient.state);
    }
  }
  if (results.empty()) co_return Result<void>();
  // A delivery that is not written will be made again, so this does not give up easily.
  for (;;) {
    auto recorded = co_await relay_.services_.store.outbox().record(message_.key, results);
    if (recorded) co_return recorded;
    if (relay_.cutting_off_ || recorded.error().kind == ErrorKind::internal)
      co_return Error(ErrorKind::internal, recorded.error().detail);
    co_await sleep(relay_.services_.loop, kRecordAgain);
  }
}

Task<Result<void>> Relay::Attempt::defer_the_rest(const Error& error) {
  std::vector<Answer> answers;
  for (const QueuedRecipient& recipient : message_.recipients) {
    const bool open = recipient.state == RecipientState::waiting && !answered_.contains(recipient.number);
    if (open) answers.push_back(Answer{recipient.number, reply_for(error)});
  }
  co_return co_await record(std::move(answers), false);
}

RecipientResult Relay::Attempt::result_of(const QueuedRecipient& recipient, const SmtpReply& reply,
                                          bool dsn_offered) {
  const OutboxRecipient& who = recipient.who;
  const bool unasked = who.notify == 0;
  const WallTime now = relay_.services_.clock.now();
  RecipientResult result;
  result.number = recipient.number;
  result.answer = reply.text();
  Report report = Report::none;
  if (reply.is_positive()) {
    result.state = RecipientState::delivered;
    if (who.wants(Notify::success) && !dsn_offered) report = Report::relayed;
  } else if (reply.is_permanent() || now >= message_.expires_at) {
    result.state = RecipientState::failed;
    if (!reply.is_permanent()) result.answer = "554 5.4.7 Not delivered in time; last: " + result.answer;
    if (unasked || who.wants(Notify::failure)) report = Report::failed;
  } else {
    const auto delay = std::chrono::seconds(relay_.settings_.relay.delay_report_s);
    const bool late = delay.count() > 0 && !message_.warned && now >= message_.queued_at + delay;
    if (late && (unasked || who.wants(Notify::delay))) report = Report::delayed;
    release_.warned = release_.warned || late;
  }
  if (!message_.envelope.reverse_path.empty()) result.report = report;
  return result;
}

Task<Result<void>> Relay::Attempt::report() {
  const auto is_due = [this](Report kind) {
    return std::any_of(message_.recipients.begin(), message_.recipients.end(),
                       [kind](const QueuedRecipient& recipient) { return recipient.report == kind; });
  };
  if (!is_due(Report::failed) && !is_due(Report::relayed) && !is_due(Report::delayed))
    co_return Result<void>();
  // As written, times included: a report that is made again is then the same octets.
  CO_TRY(QueuedMessage written, co_await relay_.services_.store.outbox().find(message_.key.id));
  message_.recipients = std::move(written.recipients);
  for (const Report kind : {Report::failed, Report::relayed, Report::delayed}) {
    if (is_due(kind)) CO_TRY_VOID(co_await report(kind));
  }
  co_return Result<void>();
}

Task<Result<void>> Relay::Attempt::report(Report kind) {
  MessageStore& messages = relay_.services_.store.messages();
  ReportFacts facts;
  facts.hostname = relay_.hostname_;
  facts.to = message_.envelope.reverse_path;
  facts.kind = kind;
  facts.date = message_.queued_at + std::chrono::seconds(relay_.settings_.relay.delay_report_s);
  if (kind != Report::delayed) facts.date = message_.queued_at;
  for (const QueuedRecipient& recipient : message_.recipients) {
    if (recipient.report == kind)
      facts.date = std::max(facts.date, recipient.settled_at.value_or(facts.date));
  }
  CO_TRY(facts.original, co_await original(facts.original_is_whole));
  const std::string octets = compose_report(facts, message_);
  auto sink = messages.receive(message_.key.account, "Return-Path: <>\r\n");
  CO_TRY_VOID(co_await sink->write(octets));
  CO_TRY(const StagedMessage staged, co_await sink->finish());
  Delivery delivery{message_.key.account, std::string(), message_.envelope.reverse_path};
  auto delivered = co_await messages.deliver(staged, std::move(delivery));
  if (!delivered) {
    const Error error = delivered.error();
    const bool hopeless =
        error.kind == ErrorKind::not_found ||
        (error.kind == ErrorKind::over_quota && relay_.services_.clock.now() >= message_.expires_at);
    relay_.services_.log.event(Level::warning, "relay.not_reported",
                               {{"account", raw(message_.key.account)},
                                {"message", raw(message_.key.id)},
                                {"reason", error.detail}});
    if (!hopeless) co_return error;
  }
  for (QueuedRecipient& recipient : message_.recipients) {
    if (recipient.report != kind) continue;
    release_.reported.push_back(recipient.number);
    recipient.report = Report::none;
  }
  co_return Result<void>();
}

// The whole message only if the sender asked for it, and only if it is small.
Task<Result<std::string>> Relay::Attempt::original(bool& is_whole) {
  CO_TRY(auto reader, co_await relay_.services_.store.outbox().open(message_));
  is_whole = message_.envelope.return_content == ReturnContent::full && reader->size() <= kOriginalOctetsMax;
  CO_TRY(const std::string_view begin, co_await reader->read(0, kOriginalOctetsMax));
  if (is_whole) co_return std::string(begin);
  co_return std::string(header_of(begin));
}

bool Relay::Attempt::has_waiting() const {
  return std::any_of(
      message_.recipients.begin(), message_.recipients.end(),
      [](const QueuedRecipient& recipient) { return recipient.state == RecipientState::waiting; });
}

bool Relay::Attempt::still_ours() const {
  return relay_.services_.clock.steady_now() < relay_.leased_until(claimed_at_);
}

Milliseconds Relay::Attempt::retry_in() const {
  if (relay_.stopping_) return Milliseconds(0);  // another worker has it at once
  const RelaySettings& settings = relay_.settings_.relay;
  const unsigned doublings = std::min(message_.attempts, 20u) - std::min(message_.attempts, 1u);
  const std::uint64_t seconds = std::min<std::uint64_t>(std::uint64_t{settings.retry_min_s} << doublings,
                                                        std::max(settings.retry_min_s, settings.retry_max_s));
  const Milliseconds pause = std::chrono::seconds(seconds);
  const auto left = message_.expires_at - relay_.services_.clock.now();
  if (left <= 1s) return std::min(pause, Milliseconds(std::chrono::seconds(settings.retry_min_s)));
  return std::min(pause, std::chrono::duration_cast<Milliseconds>(left));
}

}  // namespace postern::submission
