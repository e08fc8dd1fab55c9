// What phones are measured by: see the load client's workloads.h.
#pragma once

#include "tests/bench/client/options.h"
#include "tests/bench/client/report.h"

namespace postern::bench {

void run_phone_initial(const Options& options, Report& report);
void run_phone_nochange(const Options& options, Report& report);
void run_phone_changes(const Options& options, Report& report);
void run_phone_push(const Options& options, Report& report);
void run_phone_idle(const Options& options, Report& report);

}  // namespace postern::bench
