// What reading a data log costs per byte on one core: parsing and numbering, and cutting sessions.
// 200,000 lines in the published form, some 40 MB, in the page cache.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "crossfade/base/file.h"
#include "crossfade/base/rng.h"
#include "crossfade/experiments/sessions.h"
#include "crossfade/experiments/test_traffic.h"
#include "crossfade/experiments/traffic_reader.h"

namespace crossfade {
namespace {

std::string log_file() {
  static const std::string path = [] {
    const auto place = std::filesystem::temp_directory_path() / "crossfade_traffic_bench";
    std::string text;
    Rng rng(1);
    for (std::int64_t i = 0; i < 200'000; ++i)
      text += traffic_line({.is_last = rng.below(10) == 0,
                            .user = static_cast<std::int64_t>(rng.below(10'000)),
                            .time_ms = 1'772'867'968'488 + i,
                            .track = static_cast<std::int64_t>(rng.below(50'000)),
                            .share = static_cast<double>(rng.below(100)) / 100,
                            .latency_s = rng.uniform() / 100,
                            .experiment = "HSTU"}) +
              "\n";
    (void)write_file(place.string(), text);
    return place.string();
  }();
  return path;
}

void ReadLog(benchmark::State& state) {
  TestContext world(1);
  std::int64_t bytes = 0;
  for (auto _ : state) bytes += read_traffic({log_file()}, world.context)->report.bytes;
  state.SetBytesProcessed(bytes);
}

void CutSessions(benchmark::State& state) {
  TestContext world(1);
  const Traffic traffic = *read_traffic({log_file()}, world.context);
  for (auto _ : state) benchmark::DoNotOptimize(cut_sessions(traffic.log, world.context.threads));
  state.SetItemsProcessed(state.iterations() * traffic.log.size());
}

BENCHMARK(ReadLog)->Unit(benchmark::kMillisecond);
BENCHMARK(CutSessions)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace crossfade
