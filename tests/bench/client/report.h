// What a workload measured, printed as one line of JSON; and times, with their percentiles.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace postern::bench {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start);

class Times {
 public:
  void add(double ms) { ms_.push_back(ms); }
  void add(const Times& others) { ms_.insert(ms_.end(), others.ms_.begin(), others.ms_.end()); }
  std::size_t count() const { return ms_.size(); }
  double percentile(double share) const;  // nearest rank; 0 if nothing was timed
  double median() const { return percentile(0.5); }

 private:
  std::vector<double> ms_;
};

enum class Better { higher, lower };

class Report {
 public:
  void add(const std::string& metric, const std::string& unit, double value, Better better);
  void ms(const std::string& metric, double value) { add(metric, "ms", value, Better::lower); }
  void per_second(const std::string& metric, const std::string& unit, double value) {
    add(metric, unit + "/s", value, Better::higher);
  }
  std::string to_json() const;  // {"metrics": [{"name", "unit", "value", "better"}…]}

 private:
  struct Row {
    std::string metric, unit;
    double value;
    Better better;
  };
  std::vector<Row> rows_;
};

}  // namespace postern::bench
