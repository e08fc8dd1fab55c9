// One request and its answer, as a handler sees them. Bodies come and go in pieces, so that neither a large
// upload nor a slow reader costs more than a piece; small ones have a shorter word.
//
// A handler that waits (long polling) holds the head and its own frame, nothing else: no body, no buffer.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/net/front_end.h"
#include "protocols/http/client.h"
#include "protocols/http/input.h"
#include "protocols/http/request_parser.h"

namespace postern::http {

// What a door has for all its connections; outlives them.
struct Surroundings {
  Loop& loop;
  const Clock& clock;
  const Settings& settings;
  const std::vector<Network>& proxies;
  Log log;
  Metrics metrics = Metrics();
};

class Exchange {
 public:
  // By its connection only; the parser has its head. All are borrowed.
  Exchange(const Surroundings& around, postern::Connection& connection, ByteStream& stream, Input& input,
           RequestParser& parser, bool may_keep_alive);
  ~Exchange() { input_.unwatch(); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // --- the request --------------------------------------------------------------------------------------
  const RequestHead& head() const { return parser_.head(); }
  const Client& client() const { return client_; }
  std::uint64_t session() const { return connection_.id; }
  // The whole body. too_large (from its Content-Length even before it is sent), invalid (broken chunks),
  // timed_out, closed.
  Task<Result<std::string>> body(std::uint64_t octets_max);
  // Its next piece, at most kInputOctetsMax octets; empty at the end. invalid, too_large (beyond the
  // route's), timed_out, closed.
  Task<Result<std::string>> read_body();
  // What is still to come of it is at most so much.
  void limit_body(std::uint64_t octets_max) { body_octets_max_ = octets_max; }

  // The right to the connection's long life: call once somebody has logged in.
  void authenticated();
  // Long polling: see Input::watch. Ends by itself with the answer.
  void watch(std::function<void()> on_gone) { input_.watch(std::move(on_gone)); }
  void unwatch() { input_.unwatch(); }
  bool gone() const { return input_.gone(); }
  bool stopping() const { return input_.stopping(); }  // the server, not the client

  // What is answered is copied as well, before it is packed: its first octets_max octets.
  void keep_copy(std::size_t octets_max) { copy_octets_max_ = octets_max; }
  std::string take_copy() { return std::move(copy_); }
  // A field of whatever answer comes.
  void add_field(std::string name, std::string value) { added_.set(std::move(name), std::move(value)); }

  // --- the answer: one of these -------------------------------------------------------------------------
  // Whole, gzipped if that is wanted. closed, timed_out: the client does not take it.
  Task<Result<void>> answer(Response response);
  // In pieces: begin() with an empty body, then write(), then end(). The same errors; after one, stop.
  Task<Result<void>> begin(Response head);
  Task<Result<void>> write(std::string_view octets);
  Task<Result<void>> end();
  bool answered() const { return begun_; }

  // For the connection, after the handler: answers for it if it did not, and says whether the connection is
  // in a state to go on.
  Task<bool> finish(Result<void> handled);
  int status() const { return status_; }
  std::uint64_t octets_sent() const { return octets_sent_; }

 private:
  void add_framing(Response& response);
  bool has_no_body(int status) const;
  void note(std::string_view octets);
  Task<Result<void>> send(std::string_view octets);
  Task<Result<void>> send_continue();
  Task<bool> skip_rest();

  const Surroundings& around_;
  postern::Connection& connection_;
  ByteStream& stream_;
  Input& input_;
  RequestParser& parser_;
  const Client client_;
  std::uint64_t body_octets_max_ = UINT64_MAX;
  std::uint64_t body_octets_ = 0;  // read so far
  SteadyTime body_began_;
  bool keep_alive_;
  bool continue_due_;  // the client waits for 100 (Continue)
  bool begun_ = false;
  bool streaming_ = false;
  bool ended_ = false;
  int status_ = 0;
  std::uint64_t octets_sent_ = 0;
  Fields added_;
  std::string copy_;
  std::size_t copy_octets_max_ = 0;
};

}  // namespace postern::http
