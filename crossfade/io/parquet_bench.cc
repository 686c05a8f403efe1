// The driver of bench/parquet.py: reads or writes a Parquet file each time it is told to, so that
// its runs can take turns with a peer's in one session.
//
//   crossfade_parquet_bench THREADS    then lines "read PATH", "load PATH" (kept in memory) or
// "write PATH" (what was loaded) on standard input;
// each is answered by one line of JSON with the seconds it took.
#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/io/parquet_reader.h"
#include "crossfade/io/parquet_writer.h"

namespace crossfade {
namespace {

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

int answer(const Status& status, double wall_s, double cpu_s, std::size_t rows) {
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return status.exit_code();
  }
  std::printf("{\"wall_s\": %.6f, \"cpu_s\": %.6f, \"rows\": %zu}\n", wall_s, cpu_s, rows);
  std::fflush(stdout);
  return 0;
}

template <class Work>
int timed(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  const Result<std::size_t> rows = work();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return answer(rows.status(), wall.count(), cpu_seconds() - cpu, rows.ok() ? *rows : 0);
}

int run(int num_threads) {
  ThreadPool threads(num_threads);
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  Table kept;  // what "write" writes
  for (std::string verb, path; std::cin >> verb >> path;) {
    int code = 0;
    if (verb == "read") {
      Table table;  // given back outside the time, as the peers' are
      code = timed([&]() -> Result<std::size_t> {
        CROSSFADE_ASSIGN_OR_RETURN(table, read_parquet(path, {}, context));
        return table.num_rows();
      });
    } else if (verb == "load") {
      code = timed([&]() -> Result<std::size_t> {
        CROSSFADE_ASSIGN_OR_RETURN(kept, read_parquet(path, {}, context));
        return kept.num_rows();
      });
    } else if (verb == "write") {
      (void)remove_tree(path);
      code = timed([&]() -> Result<std::size_t> {
        CROSSFADE_RETURN_IF_ERROR(write_parquet(kept, path, context));
        return kept.num_rows();
      });
    } else {
      return 2;
    }
    if (code != 0) return code;
  }
  return 0;
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  const auto threads = crossfade::parse_int(argc > 1 ? argv[1] : "1");
  return threads && *threads > 0 ? crossfade::run(static_cast<int>(*threads)) : 2;
}
