// postern_bench_phones: the load that phones make. A program of its own: the scripted phone in it takes long
// to build.
#include <array>

#include "tests/bench/client/run.h"
#include "tests/bench/phone_client/workloads.h"

namespace {

using namespace postern::bench;

constexpr std::array kWorkloads{
    Workload{"phone-initial", run_phone_initial}, Workload{"phone-nochange", run_phone_nochange},
    Workload{"phone-changes", run_phone_changes}, Workload{"phone-push", run_phone_push},
    Workload{"phone-idle", run_phone_idle},
};

}  // namespace

int main(int count, char** words) {
  return run(kWorkloads, count, words);
}
