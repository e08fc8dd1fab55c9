// Counting. Each worker process adds to a row of its own in memory that all workers of a server share, so
// whichever of them is asked for /metrics can tell all, without a message between them. A row outlives its
// worker: counters go on where a crashed one left them, gauges begin anew.
//
// A Metrics is a handle, copied like a Log; without shared memory it counts for its own process. Adding is
// one relaxed atomic addition. Who names a series that is not in the table counts nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/base/clock.h"
#include "gateway/base/metric_table.h"
#include "gateway/base/result.h"

namespace postern {

class Metrics {
 public:
  using Cell = std::atomic<std::uint64_t>;
  static_assert(Cell::is_always_lock_free);

  // Memory of this process only.
  Metrics();
  // Before the workers are started: an open descriptor of memory for all of them, closed on exec.
  // unavailable.
  static Result<int> allocate(std::size_t workers);
  // In a worker: its row, gauges at zero. The descriptor is closed. invalid: not such memory.
  static Result<Metrics> attach(int descriptor, std::size_t worker);

  // Label values by their places in the table's lists.
  void add(Metric metric, std::size_t first = 0, std::size_t second = 0, std::uint64_t amount = 1) const;
  void change(Metric metric, std::int64_t by, std::size_t first = 0) const;
  void set(Metric metric, std::uint64_t value) const;
  void observe(Metric metric, SteadyTime since, std::size_t first = 0) const;
  void observe(Metric metric, std::chrono::microseconds span, std::size_t first = 0) const;

  // All of it in Prometheus' text format (version 0.0.4).
  std::string to_text() const;

 private:
  class Memory;
  class Page;
  Metrics(std::shared_ptr<Memory> memory, std::size_t worker);
  Cell* cell(Metric metric, std::size_t first, std::size_t second) const;

  std::shared_ptr<Memory> memory_;
  std::size_t worker_ = 0;
};

// Counts a gauge up for as long as it lives.
class Counted {
 public:
  Counted(const Metrics& metrics, Metric gauge, std::size_t first)
      : metrics_(metrics), gauge_(gauge), first_(first) {
    metrics_.change(gauge_, 1, first_);
  }
  ~Counted() { metrics_.change(gauge_, -1, first_); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  const Metrics& metrics_;
  const Metric gauge_;
  const std::size_t first_;
};

}  // namespace postern
