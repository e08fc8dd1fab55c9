// Everything the product counts: one row for each metric family, which the page at /metrics, docs/metrics.md
// and the rules of docker/prometheus are all held to. Names and units follow Prometheus' conventions. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace postern {

enum class Metric : std::uint8_t {
  sessions,
  connections,
  connections_refused,
  tls_handshakes_failed,
  sign_ins,
  deliveries,
  delivery_seconds,
  submissions,
  relay_attempts,
  http_requests,
  push_seconds,
  bell_seconds,
  database_round_trip_seconds,
  database_requests_waiting,
  database_connections,
  database_failures,
  loop_lag_seconds,
  resident_memory,
  last_beat,
  starts,
};

enum class MetricKind : std::uint8_t { counter, gauge, histogram };
// What the values of the workers of one machine are made into on the page.
enum class MetricSum : std::uint8_t { whole, by_worker };

struct MetricLabel {
  std::string_view name;  // empty: there is none
  std::span<const std::string_view> values;
};

struct MetricFamily {
  Metric metric;
  std::string_view name;
  MetricKind kind;
  MetricSum sum;
  std::string_view help;
  MetricLabel first;
  MetricLabel second;

  std::size_t series() const;            // combinations of labels
  std::size_t cells_per_series() const;  // a histogram has its buckets and its sum
};

// In the order of Metric.
std::span<const MetricFamily> metric_table();
const MetricFamily& family_of(Metric metric);
// The value's place in the label's list; a name that is not there counts as the last, "other".
std::size_t label_index(const MetricLabel& label, std::string_view value);

// Upper bounds of all histograms' buckets, in microseconds; one more has no bound.
std::span<const std::uint32_t> bucket_bounds_us();

}  // namespace postern
