// The address of ActiveSync, /Microsoft-Server-ActiveSync (MS-ASHTTP): who asks, from which device, whether
// it may, and then the command's row. What a command does is in commands/.
#pragma once

#include "config/settings.h"
#include "gateway/async/turnstile.h"
#include "gateway/net/network.h"
#include "protocols/activesync/device_budget.h"
#include "protocols/activesync/request.h"
#include "protocols/http/router.h"
#include "protocols/shared/services.h"

namespace postern::activesync {

struct Conversation;

class Endpoint {
 public:
  // `settings` and what `services` refers to outlive it.
  Endpoint(const Settings& settings, Services services)
      : settings_(settings),
        services_(services),
        budget_(settings.activesync.requests_per_minute_max),
        looks_(services.loop, kLooksMax),
        unbounded_(parse_networks(settings.limits.exempt_networks).value_or({})) {}

  Task<Result<void>> options(http::Exchange& exchange);
  Task<Result<void>> post(http::Exchange& exchange);

 private:
  // Who it is, or nothing, when the refusal has been sent.
  Task<Result<std::optional<AccountRecord>>> log_in(http::Exchange& exchange);
  bool asks_too_often(const http::Exchange& exchange, const DeviceKey& device);
  // Opens the device. False: it is refused, and has been told.
  Task<Result<bool>> admit(Conversation& conversation);
  Task<Result<void>> converse(Conversation& conversation);
  void log_trace(const Conversation& conversation, std::string_view what, const std::string& text) const;
  void log(const Conversation& conversation, SteadyTime began, const Result<void>& result) const;

  const Settings& settings_;
  const Services services_;
  static constexpr std::size_t kLooksMax = 64;  // far below what may wait for the database

  DeviceBudget budget_;
  Turnstile looks_;
  const std::vector<Network> unbounded_;  // clients of load tests
};

// OPTIONS and POST; the router's handlers own the endpoint.
void add_routes(http::Router& router, const Settings& settings, Services services);

}  // namespace postern::activesync
