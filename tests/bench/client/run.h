// A load client's command line: PROGRAM WORKLOAD --name value…: the load of one workload on one server, and
// one line of JSON.
#pragma once

#include <span>
#include <string_view>

#include "tests/bench/client/options.h"
#include "tests/bench/client/report.h"

namespace postern::bench {

struct Workload {
  std::string_view name;
  void (*run)(const Options&, Report&);
};

// The exit status: 0; 1 where the workload failed, which it says; 2 where there is none of that name.
int run(std::span<const Workload> workloads, int count, char** words);

}  // namespace postern::bench
