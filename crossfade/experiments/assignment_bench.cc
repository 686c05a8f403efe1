// What an assignment costs, on one core: a plain experiment, one with weights and a share of the
// traffic, and ten at once.
//   cmake --preset bench && ninja -C build/bench crossfade_experiments_bench &&
//   build/bench/crossfade/experiments/crossfade_experiments_bench
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "crossfade/experiments/assignment.h"

namespace crossfade {
namespace {

void assign_all(benchmark::State& state, const ExperimentConfig& config) {
  const Experiment experiment = *Experiment::make(config);
  std::vector<std::int64_t> users;
  for (std::int64_t user = 0; user < 100'000; ++user) users.push_back(user * 1'000'003);
  std::vector<TreatmentIndex> treatments(users.size());
  for (auto _ : state) {
    experiment.assign(users, treatments);
    benchmark::DoNotOptimize(treatments.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(users.size()));
}

void Assign(benchmark::State& state) {
  assign_all(state, {.name = "HSTU", .split = state.range(0)});
}

void AssignWeighted(benchmark::State& state) {
  assign_all(state, {.name = "HSTU", .split = 3, .weights = {8, 1, 1}, .traffic = 0.5});
}

void AssignTenAtOnce(benchmark::State& state) {
  std::vector<ExperimentConfig> configs;
  for (int i = 0; i < 10; ++i) configs.push_back({.name = "E" + std::to_string(i)});
  const ExperimentSet set = *ExperimentSet::make(configs);
  std::vector<TreatmentIndex> treatments(10);
  std::int64_t user = 0;
  for (auto _ : state) {
    set.assign(ExternalId(++user * 1'000'003), treatments);
    benchmark::DoNotOptimize(treatments.data());
  }
  state.SetItemsProcessed(state.iterations() * 10);
}

BENCHMARK(Assign)->Arg(2)->Arg(9)->Unit(benchmark::kMicrosecond);
BENCHMARK(AssignWeighted)->Unit(benchmark::kMicrosecond);
BENCHMARK(AssignTenAtOnce);

}  // namespace
}  // namespace crossfade
