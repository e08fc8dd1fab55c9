// postern_micro: google benchmark over the hot paths. With `--names`, their names; with `--repeat NAME
// TIMES`, one of them so often and nothing else: two such runs under callgrind differ by the instructions of
// the operation alone.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/bench/micro/hot_paths.h"

namespace {

using postern::bench::Operation;

std::vector<Operation> all_operations() {
  std::vector<Operation> all = postern::bench::imap_parsing();
  for (auto& more : {postern::bench::fetch_writing(), postern::bench::mime_scanning()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

int repeat(const std::vector<Operation>& operations, std::string_view name, int times) {
  for (const Operation& operation : operations) {
    if (operation.name != name) continue;
    for (int i = 0; i < times; ++i) benchmark::DoNotOptimize(operation.run());
    return 0;
  }
  return 2;
}

void measure(benchmark::State& state, const Operation& operation) {
  for (auto _ : state) benchmark::DoNotOptimize(operation.run());
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * operation.octets));
}

}  // namespace

int main(int count, char** words) {
  const std::vector<Operation> operations = all_operations();
  const std::string_view first = count > 1 ? words[1] : "";
  if (first == "--names") {
    for (const Operation& operation : operations) std::puts(operation.name.c_str());
    return 0;
  }
  if (first == "--repeat" && count == 4) return repeat(operations, words[2], std::atoi(words[3]));
  for (const Operation& operation : operations) {
    benchmark::RegisterBenchmark(operation.name.c_str(),
                                 [&operation](benchmark::State& state) { measure(state, operation); });
  }
  benchmark::Initialize(&count, words);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
