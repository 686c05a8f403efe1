// Building a dataset and its matrices at the size of the speed goals: 17 million rows of 200,000
// users and 100,000 items with skewed popularity and activity, times in no order (the worst case)
// or in order (what most logs are); two threads.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <utility>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRows = 17'000'000;

// Ids are `stride` apart: 1 is numbered through a flat array, a large one through a hash table.
LogColumns make_large_log(bool in_order, std::int64_t stride) {
  LogColumns log;
  std::vector<std::int64_t> users, items;
  Rng rng(1);
  for (std::int64_t row = 0; row < kRows; ++row) {
    const double u = rng.uniform(), i = rng.uniform();
    users.push_back(static_cast<std::int64_t>(u * u * 200'000) * stride);
    items.push_back(static_cast<std::int64_t>(i * i * 100'000) * stride);
    log.time_ns.push_back(in_order ? row : static_cast<std::int64_t>(rng.below(kRows)));
    log.weights.push_back(1);
  }
  log.users = std::move(users);
  log.items = std::move(items);
  return log;
}

void build(benchmark::State& state) {
  const LogColumns log = make_large_log(state.range(0) != 0, state.range(1));
  TestContext run(2);
  for (auto _ : state) {
    state.PauseTiming();
    LogColumns copy = log;
    state.ResumeTiming();
    benchmark::DoNotOptimize(build_dataset(Dataset(), "music", std::move(copy), run));
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(build)
    ->ArgNames({"in_order", "stride"})
    ->Args({0, 1})
    ->Args({1, 1})
    ->Args({1, 1'000'003})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void matrices(benchmark::State& state) {
  TestContext run(2);
  const Dataset d = *build_dataset(Dataset(), "music", make_large_log(true, 1), run);
  for (auto _ : state) {
    const SparseMatrix matrix = to_matrix(d.domains()[0], d.num_users(), run);
    benchmark::DoNotOptimize(transpose(matrix, run));
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(matrices)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

void fingerprint(benchmark::State& state) {
  TestContext run(2);
  const Dataset d = *build_dataset(Dataset(), "music", make_large_log(true, 1), run);
  for (auto _ : state) benchmark::DoNotOptimize(d.fingerprint());
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(fingerprint)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
}  // namespace crossfade
