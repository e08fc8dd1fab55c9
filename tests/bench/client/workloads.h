// One function for each family of workloads. A workload connects, prepares what is not timed, times, checks
// the answers and reports; it throws Failure rather than report a figure of a command that failed.
#pragma once

#include "tests/bench/client/options.h"
#include "tests/bench/client/report.h"

namespace postern::bench {

void run_deliver(const Options& options, Report& report);
void run_select(const Options& options, Report& report);
void run_status(const Options& options, Report& report);
void run_flags(const Options& options, Report& report);
void run_resync(const Options& options, Report& report);
void run_headers(const Options& options, Report& report);
void run_bodies(const Options& options, Report& report);
void run_large(const Options& options, Report& report);
void run_store(const Options& options, Report& report);
void run_copy(const Options& options, Report& report);
void run_move(const Options& options, Report& report);
void run_expunge(const Options& options, Report& report);
void run_search(const Options& options, Report& report);
void run_sort(const Options& options, Report& report);
void run_thread(const Options& options, Report& report);
void run_pop3(const Options& options, Report& report);
void run_login(const Options& options, Report& report);
void run_idle(const Options& options, Report& report);
void run_push(const Options& options, Report& report);
void run_mixed(const Options& options, Report& report);
void run_interactive(const Options& options, Report& report);

}  // namespace postern::bench
