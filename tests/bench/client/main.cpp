// postern_bench_client WORKLOAD --name value…: the load of one workload on one server, and one line of JSON.
#include <array>
#include <cstdio>
#include <string_view>

#include "tests/bench/client/workloads.h"

namespace {

using namespace postern::bench;

struct Workload {
  std::string_view name;
  void (*run)(const Options&, Report&);
};

constexpr std::array kWorkloads{
    Workload{"deliver", run_deliver},
    Workload{"select", run_select},
    Workload{"status", run_status},
    Workload{"flags", run_flags},
    Workload{"resync", run_resync},
    Workload{"headers", run_headers},
    Workload{"bodies", run_bodies},
    Workload{"large", run_large},
    Workload{"store", run_store},
    Workload{"copy", run_copy},
    Workload{"move", run_move},
    Workload{"expunge", run_expunge},
    Workload{"search", run_search},
    Workload{"pop3", run_pop3},
    Workload{"login", run_login},
    Workload{"idle", run_idle},
    Workload{"push", run_push},
    Workload{"mixed", run_mixed},
    Workload{"interactive", run_interactive},
    Workload{"phone-initial", run_phone_initial},
    Workload{"phone-nochange", run_phone_nochange},
    Workload{"phone-changes", run_phone_changes},
    Workload{"phone-push", run_phone_push},
    Workload{"phone-idle", run_phone_idle},
};

}  // namespace

int main(int count, char** words) try {
  const std::string_view name = count > 1 ? words[1] : "";
  for (const Workload& workload : kWorkloads) {
    if (workload.name != name) continue;
    Report report;
    workload.run(Options(count - 2, words + 2), report);
    std::puts(report.to_json().c_str());
    return 0;
  }
  std::fputs("usage: postern_bench_client WORKLOAD [--name value]...\n", stderr);
  return 2;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "postern_bench_client: %s\n", problem.what());
  return 1;
}
