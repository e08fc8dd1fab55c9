#include "protocols/http/connection.h"

#include <fmt/ranges.h>

#include <exception>

#include "protocols/http/limits.h"
#include "protocols/http/problem.h"

namespace postern::http {

namespace {

constexpr Milliseconds kLinger{1000};
constexpr std::size_t kLingerOctetsMax = 1024 * 1024;

std::string joined(const std::vector<std::string>& methods) {
  return fmt::format("{}", fmt::join(methods, ", "));
}

}  // namespace

ServerConnection::ServerConnection(const Surroundings& around, const Router& router,
                                   postern::Connection connection)
    : around_(around),
      router_(router),
      connection_(std::move(connection)),
      stream_(std::move(connection_.stream)),
      input_(around.loop, *stream_, connection_.stop),
      began_(std::chrono::steady_clock::now()) {
  auto inner = std::move(connection_.authenticated);
  connection_.authenticated = [this, inner = std::move(inner)] {
    if (!std::exchange(authenticated_, true) && inner) inner();
  };
}

Task<void> ServerConnection::serve() {
  std::exception_ptr bug;
  try {
    co_await serve_requests();
  } catch (...) {
    bug = std::current_exception();
  }
  stream_->close();
  co_await input_.drained();
  if (bug) std::rethrow_exception(bug);
}

Task<void> ServerConnection::serve_requests() {
  while (true) {
    const bool has_head = co_await read_head();
    if (!has_head) co_return;
    ++requests_;
    const bool go_on = co_await serve_request();
    if (!go_on) break;
  }
  co_await linger();
}

Deadline ServerConnection::life_end() const {
  if (authenticated_) return Deadline();
  return Deadline{began_ + std::chrono::seconds(around_.settings.limits.unauthenticated_life_s)};
}

bool ServerConnection::may_keep_alive() const {
  return requests_ < around_.settings.http.requests_max && !input_.stopping() && !life_end().passed();
}

// A silent client is left without a word; one that began a request is told (RFC 9110 §15.5.9).
Task<bool> ServerConnection::read_head() {
  parser_.emplace();
  const HttpSettings& settings = around_.settings.http;
  const auto from_now = [](std::uint32_t seconds) {
    return Deadline::after(std::chrono::seconds(seconds)).at;
  };
  const bool first = requests_ == 0;
  Deadline deadline{from_now(first ? settings.header_timeout_s : settings.idle_timeout_s)};
  deadline.at = std::min(deadline.at, life_end().at);
  bool begun = false;
  while (true) {
    input_.take(parser_->feed(input_.unread()));
    if (parser_->refusal()) {
      co_await refuse(parser_->refusal()->status, parser_->refusal()->reason);
      co_return false;
    }
    if (parser_->has_head()) co_return true;
    if (!begun && parser_->begun()) {
      begun = true;
      deadline.at = from_now(settings.header_timeout_s);
    }
    const auto stop = begun ? Input::Stop::ignored : Input::Stop::heard;
    const Heard heard = co_await input_.more(deadline, stop);
    if (heard == Heard::octets) continue;
    if (heard == Heard::timed_out && begun) co_await refuse(408, "the request took too long");
    if (heard == Heard::stopping || (heard == Heard::timed_out && !begun)) co_await linger();
    co_return false;
  }
}

Task<bool> ServerConnection::serve_request() {
  const SteadyTime began = std::chrono::steady_clock::now();
  Exchange exchange(around_, connection_, *stream_, input_, *parser_, may_keep_alive());
  auto handled = co_await handle(exchange);
  const std::string detail = handled ? std::string() : handled.error().detail;
  const bool go_on = co_await exchange.finish(std::move(handled));
  const auto span = std::chrono::steady_clock::now() - began;
  if (exchange.status() >= 200)
    around_.metrics.add(Metric::http_requests, static_cast<std::size_t>(exchange.status() / 100 - 2));
  around_.log.event(exchange.status() >= 500 ? Level::warning : Level::debug, "http.request",
                    {{"session", connection_.id},
                     {"peer", exchange.client().peer.host},
                     {"method", exchange.head().method.substr(0, 32)},
                     {"path", exchange.head().path.substr(0, 256)},
                     {"status", exchange.status()},
                     {"octets", exchange.octets_sent()},
                     {"ms", std::chrono::duration_cast<Milliseconds>(span).count()},
                     {"detail", detail}});
  co_return go_on;
}

Task<Result<void>> ServerConnection::handle(Exchange& exchange) {
  const RequestHead& head = exchange.head();
  const Route* route = router_.find(head.method, head.path);
  if (route != nullptr) {
    if (head.content_length.value_or(0) > route->body_octets_max) {
      co_return Error(ErrorKind::too_large, "Content-Length");
    }
    exchange.limit_body(route->body_octets_max);
    co_return co_await route->handler(exchange);
  }
  const std::vector<std::string> methods = router_.methods(head.path);
  Response response;
  if (methods.empty()) {
    response = plain(404);
  } else {
    response = head.method == "OPTIONS" ? Response(204) : plain(405);
    response.fields.set("Allow", joined(methods));
  }
  co_return co_await exchange.answer(std::move(response));
}

// Before there is a request to speak of.
Task<void> ServerConnection::refuse(int status, std::string_view reason) {
  Response response = plain(status, reason);
  response.fields.set("Date", http_date(around_.clock.now()));
  response.fields.set("Connection", "close");
  response.fields.set("Content-Length", std::to_string(response.body.size()));
  const std::string octets = head_text(response) + response.body;
  around_.log.event(
      Level::info, "http.refused",
      {{"session", connection_.id}, {"peer", stream_->peer().host}, {"status", status}, {"reason", reason}});
  const Deadline deadline = Deadline::after(std::chrono::seconds(around_.settings.limits.output_stall_s));
  auto sent = co_await stream_->write(octets, deadline);
  if (sent) co_await linger();
}

// Closing over unread input would send a reset, which may overtake our last answer (RFC 9112 §9.6).
Task<void> ServerConnection::linger() {
  co_await stream_->shutdown();
  const Deadline deadline = Deadline::after(kLinger);
  for (std::size_t dropped = 0; dropped < kLingerOctetsMax;) {
    dropped += input_.unread().size();
    input_.take(input_.unread().size());
    const Heard heard = co_await input_.more(deadline, Input::Stop::ignored);
    if (heard != Heard::octets) co_return;
  }
}

}  // namespace postern::http
