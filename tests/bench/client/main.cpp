// postern_bench_client: the load that mail programs and mail servers make.
#include <array>

#include "tests/bench/client/run.h"
#include "tests/bench/client/workloads.h"

namespace {

using namespace postern::bench;

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
    Workload{"sort", run_sort},
    Workload{"thread", run_thread},
    Workload{"pop3", run_pop3},
    Workload{"login", run_login},
    Workload{"idle", run_idle},
    Workload{"push", run_push},
    Workload{"mixed", run_mixed},
    Workload{"interactive", run_interactive},
};

}  // namespace

int main(int count, char** words) {
  return run(kWorkloads, count, words);
}
