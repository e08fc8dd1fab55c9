#include "protocols/http/exchange.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/async/worker.h"
#include "protocols/http/gzip.h"
#include "protocols/http/limits.h"
#include "protocols/http/problem.h"

namespace postern::http {

namespace {
constexpr std::size_t kOneWriteOctetsMax = 16 * 1024;  // head and body in one TLS record
}  // namespace

Exchange::Exchange(const Surroundings& around, postern::Connection& connection, ByteStream& stream,
                   Input& input, RequestParser& parser, bool may_keep_alive)
    : around_(around),
      connection_(connection),
      stream_(stream),
      input_(input),
      parser_(parser),
      client_(client_of(stream, parser.head().fields, around.proxies)),
      body_began_(std::chrono::steady_clock::now()),
      keep_alive_(may_keep_alive && parser.head().keep_alive),
      continue_due_(parser.head().expects_continue) {}

void Exchange::authenticated() {
  if (connection_.authenticated) connection_.authenticated();
}

// --- the request's body -----------------------------------------------------------------------------------

Task<Result<void>> Exchange::send_continue() {
  continue_due_ = false;
  co_return co_await send("HTTP/1.1 100 Continue\r\n\r\n");
}

Task<Result<std::string>> Exchange::read_body() {
  while (true) {
    if (parser_.has_body_octets()) {
      std::string piece = parser_.take_body();
      body_octets_ += piece.size();
      if (body_octets_ > body_octets_max_) co_return Error(ErrorKind::too_large, "request body");
      co_return piece;
    }
    if (parser_.refusal()) co_return Error(ErrorKind::invalid, std::string(parser_.refusal()->reason));
    if (parser_.complete()) co_return std::string();
    const std::size_t taken = parser_.feed(input_.unread());
    input_.take(taken);
    if (taken > 0 || parser_.refusal()) continue;
    if (continue_due_) CO_TRY_VOID(co_await send_continue());
    const std::chrono::seconds earned(body_octets_ / kBodyOctetsPerSecondMin);
    const std::chrono::seconds grace(around_.settings.http.body_timeout_s);
    const Deadline deadline{body_began_ + grace + earned};
    const Heard heard = co_await input_.more(deadline, Input::Stop::ignored);
    if (heard == Heard::timed_out) co_return Error(ErrorKind::timed_out, "request body");
    if (heard == Heard::ended) co_return Error(ErrorKind::closed, "end of the stream in a request body");
  }
}

Task<Result<std::string>> Exchange::body(std::uint64_t octets_max) {
  body_octets_max_ = std::min(body_octets_max_, octets_max);
  if (head().content_length.value_or(0) > body_octets_max_) {
    co_return Error(ErrorKind::too_large, "Content-Length");
  }
  std::string whole;
  while (true) {
    CO_TRY(std::string piece, co_await read_body());
    if (piece.empty()) co_return whole;
    whole += piece;
  }
}

// A body that nobody wanted stands between us and the next request.
Task<bool> Exchange::skip_rest() {
  if (parser_.complete()) co_return true;
  if (continue_due_) co_return false;  // whether it comes at all is not known (RFC 9110 §10.1.1)
  if (head().content_length.value_or(0) > body_octets_ + kSkippedBodyOctetsMax) co_return false;
  body_octets_max_ = body_octets_ + kSkippedBodyOctetsMax;
  while (true) {
    const auto piece = co_await read_body();
    if (!piece) co_return false;
    if (piece->empty()) co_return true;
  }
}

// --- the answer -------------------------------------------------------------------------------------------

Task<Result<void>> Exchange::send(std::string_view octets) {
  octets_sent_ += octets.size();
  const Deadline deadline = Deadline::after(std::chrono::seconds(around_.settings.limits.output_stall_s));
  auto sent = co_await stream_.write(octets, deadline);
  if (!sent) keep_alive_ = false;
  co_return sent;
}

bool Exchange::has_no_body(int status) const {
  return head().method == "HEAD" || status == 204 || status == 304;
}

void Exchange::add_framing(Response& response) {
  begun_ = true;
  status_ = response.status;
  input_.unwatch();
  const bool body_is_far =
      !parser_.complete() && (continue_due_ || parser_.refusal().has_value() ||
                              head().content_length.value_or(0) > body_octets_ + kSkippedBodyOctetsMax);
  if (body_is_far || input_.stopping()) keep_alive_ = false;
  response.fields.set("Date", http_date(around_.clock.now()));
  for (const Field& field : added_.all()) response.fields.set(field.name, field.value);
  if (!keep_alive_) {
    response.fields.set("Connection", "close");
  } else if (head().minor_version == 0) {
    response.fields.set("Connection", "keep-alive");
  }
}

void Exchange::note(std::string_view octets) {
  copy_ += octets.substr(0, copy_octets_max_ - std::min(copy_octets_max_, copy_.size()));
}

Task<Result<void>> Exchange::answer(Response response) {
  assert(!begun_);
  note(response.body);
  if (wants_gzip(head(), response)) {
    std::string octets = std::move(response.body);
    if (octets.size() <= kGzipOnLoopOctetsMax) {
      response.body = gzip(octets);
    } else {
      auto work = [octets = std::move(octets)] { return gzip(octets); };
      response.body = co_await in_worker(around_.loop, std::move(work));
    }
    response.fields.set("Content-Encoding", "gzip");
    response.fields.set("Vary", "Accept-Encoding");
  }
  add_framing(response);
  ended_ = true;
  if (response.status != 204 && response.status != 304) {
    response.fields.set("Content-Length", std::to_string(response.body.size()));
  }
  std::string octets = head_text(response);
  if (has_no_body(response.status)) response.body.clear();
  if (response.body.size() <= kOneWriteOctetsMax) octets += std::exchange(response.body, std::string());
  CO_TRY_VOID(co_await send(octets));
  if (!response.body.empty()) CO_TRY_VOID(co_await send(response.body));
  co_return Result<void>();
}

Task<Result<void>> Exchange::begin(Response response) {
  assert(!begun_ && response.body.empty());
  streaming_ = true;
  // Without chunks only the end of the connection tells the end of the body.
  const bool chunked = head().minor_version > 0;
  if (!chunked) keep_alive_ = false;
  add_framing(response);
  if (chunked) response.fields.set("Transfer-Encoding", "chunked");
  const std::string octets = head_text(response);
  co_return co_await send(octets);
}

Task<Result<void>> Exchange::write(std::string_view octets) {
  assert(streaming_ && !ended_);
  note(octets);
  if (octets.empty() || has_no_body(status_)) co_return Result<void>();
  if (head().minor_version == 0) co_return co_await send(octets);
  std::string chunk = fmt::format("{:x}\r\n", octets.size());
  chunk += octets;
  chunk += "\r\n";
  co_return co_await send(chunk);
}

Task<Result<void>> Exchange::end() {
  assert(streaming_ && !ended_);
  ended_ = true;
  if (has_no_body(status_) || head().minor_version == 0) co_return Result<void>();
  co_return co_await send("0\r\n\r\n");
}

Task<bool> Exchange::finish(Result<void> handled) {
  input_.unwatch();
  if (!handled && handled.error().kind == ErrorKind::closed) co_return false;
  if (!handled && !begun_) {
    const ErrorKind kind = handled.error().kind;
    int status = status_of(kind);
    // What the parser refused has a status of its own.
    if (kind == ErrorKind::invalid && parser_.refusal()) status = parser_.refusal()->status;
    if (kind == ErrorKind::timed_out || kind == ErrorKind::too_large) keep_alive_ = false;
    Response response = plain(status);
    if (status == 503) response.fields.set("Retry-After", "30");
    handled = co_await answer(std::move(response));
  }
  if (!begun_) {
    Response response = plain(500, "Nothing to say");
    handled = co_await answer(std::move(response));
  }
  if (!handled || !ended_ || !keep_alive_) co_return false;
  co_return co_await skip_rest();
}

}  // namespace postern::http
