#include "tests/bench/client/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace postern::bench {

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double Times::percentile(double share) const {
  if (ms_.empty()) return 0;
  std::vector<double> sorted = ms_;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  const std::size_t index = std::max<std::size_t>(rank, 1) - 1;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(index), sorted.end());
  return sorted[index];
}

void Report::add(const std::string& metric, const std::string& unit, double value, Better better) {
  rows_.push_back({metric, unit, value, better});
}

std::string Report::to_json() const {
  std::string rows;
  for (const Row& row : rows_) {
    rows += fmt::format(R"({}{{"name": "{}", "unit": "{}", "value": {:.6g}, "better": "{}"}})",
                        rows.empty() ? "" : ", ", row.metric, row.unit, row.value,
                        row.better == Better::higher ? "higher" : "lower");
  }
  return R"({"metrics": [)" + rows + "]}";
}

}  // namespace postern::bench
