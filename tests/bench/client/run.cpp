#include "tests/bench/client/run.h"

#include <cstdio>
#include <exception>

namespace postern::bench {

int run(std::span<const Workload> workloads, int count, char** words) try {
  const std::string_view name = count > 1 ? words[1] : "";
  for (const Workload& workload : workloads) {
    if (workload.name != name) continue;
    Report report;
    workload.run(Options(count - 2, words + 2), report);
    std::puts(report.to_json().c_str());
    return 0;
  }
  std::fprintf(stderr, "usage: %s WORKLOAD [--name value]...\n", words[0]);
  return 2;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s: %s\n", words[0], problem.what());
  return 1;
}

}  // namespace postern::bench
