#include "gateway/base/metric_table.h"

#include <algorithm>
#include <array>

namespace postern {

namespace {

constexpr std::array<std::string_view, 8> kDoors = {"lmtp",       "pop3", "imap",  "http",
                                                    "submission", "auth", "admin", "other"};
// Of sign-ins: the features, which share the HTTP door.
constexpr std::array<std::string_view, 5> kServices = {"imap", "pop3", "mobile_sync", "submission", "other"};
constexpr std::array<std::string_view, 7> kSignIns = {
    "accepted", "credentials", "feature_off", "privacy_required", "throttled", "unavailable", "other"};
constexpr std::array<std::string_view, 5> kDeliveries = {"stored", "duplicate", "over_quota", "refused",
                                                         "deferred"};
constexpr std::array<std::string_view, 3> kRelayed = {"delivered", "deferred", "failed"};
constexpr std::array<std::string_view, 4> kStatuses = {"2xx", "3xx", "4xx", "5xx"};
constexpr std::array<std::string_view, 2> kPushes = {"imap", "mobile_sync"};

constexpr MetricLabel kNone{};
constexpr auto kCounter = MetricKind::counter;
constexpr auto kGauge = MetricKind::gauge;
constexpr auto kHistogram = MetricKind::histogram;
constexpr auto kWhole = MetricSum::whole;
constexpr auto kByWorker = MetricSum::by_worker;

constexpr MetricFamily kTable[] = {
    {Metric::sessions,
     "postern_sessions",
     kGauge,
     kByWorker,
     "Connections that are open now",
     {"door", kDoors},
     kNone},
    {Metric::connections,
     "postern_connections_total",
     kCounter,
     kWhole,
     "Connections that were accepted",
     {"door", kDoors},
     kNone},
    {Metric::connections_refused,
     "postern_connections_refused_total",
     kCounter,
     kWhole,
     "Connections that were closed at once because a limit was reached",
     {"door", kDoors},
     kNone},
    {Metric::tls_handshakes_failed,
     "postern_tls_handshakes_failed_total",
     kCounter,
     kWhole,
     "Connections that ended in the PROXY header or the TLS handshake",
     {"door", kDoors},
     kNone},
    {Metric::sign_ins,
     "postern_sign_ins_total",
     kCounter,
     kWhole,
     "Sign-ins by what came of them; of phones, every request is one",
     {"door", kServices},
     {"result", kSignIns}},
    {Metric::deliveries,
     "postern_deliveries_total",
     kCounter,
     kWhole,
     "Deliveries by LMTP, one for each account",
     {"result", kDeliveries},
     kNone},
    {Metric::delivery_seconds, "postern_delivery_seconds", kHistogram, kWhole,
     "From the end of a message to the answer for its last recipient", kNone, kNone},
    {Metric::submissions, "postern_submissions_total", kCounter, kWhole,
     "Messages of users that were put into the outbox", kNone, kNone},
    {Metric::relay_attempts,
     "postern_relay_recipients_total",
     kCounter,
     kWhole,
     "Recipients at the next hop by what came of an attempt",
     {"result", kRelayed},
     kNone},
    {Metric::http_requests,
     "postern_http_requests_total",
     kCounter,
     kWhole,
     "HTTP requests by class of status",
     {"status", kStatuses},
     kNone},
    {Metric::push_seconds,
     "postern_push_seconds",
     kHistogram,
     kWhole,
     "From the ring of a change in a worker to the news on its way to the waiting client",
     {"door", kPushes},
     kNone},
    {Metric::bell_seconds, "postern_bell_seconds", kHistogram, kWhole,
     "From the commit of a change to its ring in the other workers, over the database", kNone, kNone},
    {Metric::database_round_trip_seconds, "postern_database_round_trip_seconds", kHistogram, kWhole,
     "Round trips to the database, from sending a unit of work to its end", kNone, kNone},
    {Metric::database_requests_waiting, "postern_database_requests_waiting", kGauge, kByWorker,
     "Units of work that wait for a connection to the database", kNone, kNone},
    {Metric::database_connections, "postern_database_connections", kGauge, kByWorker,
     "Open connections to the database", kNone, kNone},
    {Metric::database_failures, "postern_database_connect_failures_total", kCounter, kWhole,
     "Attempts to connect to the database that failed", kNone, kNone},
    {Metric::loop_lag_seconds, "postern_loop_lag_seconds", kHistogram, kWhole,
     "How late a worker's event loop was, looked at every second", kNone, kNone},
    {Metric::resident_memory, "postern_worker_resident_memory_bytes", kGauge, kByWorker,
     "Memory of a worker that is not swapped out", kNone, kNone},
    {Metric::last_beat, "postern_worker_last_beat_timestamp_seconds", kGauge, kByWorker,
     "When a worker's event loop was last seen at work", kNone, kNone},
    {Metric::starts, "postern_worker_starts_total", kCounter, kByWorker,
     "How often a worker was started since the server was", kNone, kNone},
};

constexpr std::array<std::uint32_t, 14> kBounds = {500,       1'000,     2'500,     5'000,     10'000,
                                                   25'000,    50'000,    100'000,   250'000,   500'000,
                                                   1'000'000, 2'500'000, 5'000'000, 10'000'000};

std::size_t count_of(const MetricLabel& label) {
  return std::max<std::size_t>(label.values.size(), 1);
}

}  // namespace

std::size_t MetricFamily::series() const {
  return count_of(first) * count_of(second);
}

std::size_t MetricFamily::cells_per_series() const {
  return kind == MetricKind::histogram ? kBounds.size() + 2 : 1;
}

std::span<const MetricFamily> metric_table() {
  return kTable;
}

const MetricFamily& family_of(Metric metric) {
  return kTable[static_cast<std::size_t>(metric)];
}

std::size_t label_index(const MetricLabel& label, std::string_view value) {
  const auto found = std::find(label.values.begin(), label.values.end(), value);
  return std::min<std::size_t>(static_cast<std::size_t>(found - label.values.begin()),
                               label.values.size() - 1);
}

std::span<const std::uint32_t> bucket_bounds_us() {
  return kBounds;
}

}  // namespace postern
