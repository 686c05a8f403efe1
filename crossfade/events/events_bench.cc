// What an event costs: appending to a file, replaying, remembering, looking back.
//   cmake --preset bench && ninja -C build/bench crossfade_events_bench &&
//   build/bench/crossfade/events/crossfade_events_bench
#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

#include "crossfade/base/file.h"
#include "crossfade/events/event_log.h"
#include "crossfade/events/live_history.h"

namespace crossfade {
namespace {

std::string log_path() {
  return (std::filesystem::temp_directory_path() / "crossfade_events_bench").string();
}

Event event(std::int64_t at) {
  return {ExternalId(at % 10'000), ExternalId(at % 50'000), "music", at, 0.5, 0};
}

void Append(benchmark::State& state) {
  (void)remove_tree(log_path());
  EventLog log = *EventLog::open(log_path());
  std::int64_t at = 0;
  for (auto _ : state) benchmark::DoNotOptimize(log.append(event(at++)));
  state.SetItemsProcessed(at);
}

void Replay(benchmark::State& state) {
  (void)remove_tree(log_path());
  {
    EventLog log = *EventLog::open(log_path());
    std::vector<Event> events;
    for (std::int64_t at = 0; at < state.range(0); ++at) events.push_back(event(at));
    (void)log.append(events);
  }
  for (auto _ : state) {
    EventLog log = *EventLog::open(log_path());
    std::int64_t items = 0;
    (void)log.replay([&](const Event& found) { items += std::get<std::int64_t>(found.item); });
    benchmark::DoNotOptimize(items);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void Remember(benchmark::State& state) {
  LiveHistory live(1);
  std::int64_t at = 0;
  for (auto _ : state) {
    live.add(ExternalId(at % 10'000), 0, {static_cast<ItemIndex>(at % 50'000), 1, at, 0});
    ++at;
  }
}

void LookBack(benchmark::State& state) {
  LiveHistory live(1);
  for (std::int64_t at = 0; at < 1'000'000; ++at)
    live.add(ExternalId(at % 10'000), 0, {0, 1, at, 0});
  std::int64_t at = 0;
  for (auto _ : state) benchmark::DoNotOptimize(live.snapshot(ExternalId(at++ % 10'000)));
}

BENCHMARK(Append);
BENCHMARK(Replay)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(Remember);
BENCHMARK(LookBack);

}  // namespace
}  // namespace crossfade
