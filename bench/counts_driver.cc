// The side of ours in bench/import.py's counts: STORE plays|pairs THREADS. Opens the store (its
// sizes checked, as nothing else touches it), counts, and prints one line of JSON with the time of
// opening and counting together.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>

#include "crossfade/data/item_counts.h"
#include "crossfade/data/store/store.h"

int main(int argc, char** argv) {
  using namespace crossfade;
  if (argc != 4) return 2;
  ThreadPool threads(std::atoi(argv[3]));
  const auto start = std::chrono::steady_clock::now();
  const auto store = open_store(argv[1], Verify::kSizes, &threads);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().message().c_str());
    return 1;
  }
  const Domain& domain = store->dataset.domains()[0];
  std::int64_t rows = 0, sum = 0;
  if (std::string(argv[2]) == "plays") {
    const ItemCounts counts = count_plays(domain, threads);
    rows = std::ssize(counts.plays);
    sum = std::accumulate(counts.plays.begin(), counts.plays.end(), std::int64_t{0});
  } else {
    const PairCounts pairs = count_pairs(domain, threads);
    rows = std::ssize(pairs.users);
    sum = std::accumulate(pairs.counts.begin(), pairs.counts.end(), std::int64_t{0});
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("{\"wall_s\": %.6f, \"rows\": %lld, \"sum\": %lld}\n", seconds,
              static_cast<long long>(rows), static_cast<long long>(sum));
  return 0;
}
