// The measured side of bench/topk.py: one process that loads factors once and then runs a search
// each time it is told to, so that its runs can be interleaved with another library's.
//
// topk_bench FOLDER K THREADS exact|quantized; FOLDER holds items.npy, queries.npy (two
// dimensions), seen_offsets.npy and seen_items.npy. Commands, one a line on stdin, each answered by
// one line:
//   run          search all queries: wall and CPU seconds
//   one          search them one by one in one thread: microseconds, median and 99th percentile
//   save FOLDER  write the last run's result_items.npy and result_scores.npy: "saved"
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/base/npy.h"
#include "crossfade/base/status.h"
#include "crossfade/base/thread_pool.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/retrieval/exact_index.h"
#include "crossfade/retrieval/quantized_index.h"

namespace crossfade {
namespace {

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Task {
  FactorMatrix queries;
  Array<std::int64_t> offsets;
  Array<std::int32_t> seen;
  std::unique_ptr<TopKIndex> index;
  TopKOptions options;
  int num_threads = 1;
};

Result<FactorMatrix> read_matrix(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(auto file, read_npy<float>(path));
  if (file.shape.size() != 2) return data_invalid(path + " does not have two dimensions");
  return FactorMatrix{file.values, file.shape[0], file.shape[1]};
}

Result<Task> load(const std::vector<std::string>& arguments) {
  if (arguments.size() != 4) return usage_error("topk_bench FOLDER K THREADS exact|quantized");
  CROSSFADE_RETURN_IF_ERROR(kernels::choose_isa(std::getenv("CROSSFADE_ISA")));
  const std::string& folder = arguments[0];
  Task task;
  CROSSFADE_ASSIGN_OR_RETURN(FactorMatrix items, read_matrix(folder + "/items.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(task.queries, read_matrix(folder + "/queries.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto offsets, read_npy<std::int64_t>(folder + "/seen_offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto seen, read_npy<std::int32_t>(folder + "/seen_items.npy"));
  task.offsets = offsets.values;
  task.seen = seen.values;
  task.options.k = std::stoll(arguments[1]);
  task.options.seen = {task.offsets, task.seen};
  task.num_threads = std::stoi(arguments[2]);
  if (arguments[3] == "exact") {
    CROSSFADE_ASSIGN_OR_RETURN(ExactIndex index, ExactIndex::create(std::move(items)));
    task.index = std::make_unique<ExactIndex>(std::move(index));
  } else {
    CROSSFADE_ASSIGN_OR_RETURN(QuantizedIndex index, QuantizedIndex::create(std::move(items)));
    task.index = std::make_unique<QuantizedIndex>(std::move(index));
  }
  return task;
}

Status run_one_by_one(const Task& task) {
  const SystemClock clock;
  std::vector<double> times_us;
  for (std::int64_t q = 0; q < task.queries.rows; ++q) {
    const auto at = static_cast<std::size_t>(q);
    TopKOptions options = task.options;
    options.seen.offsets = task.offsets.span().subspan(at, 2);
    const std::int64_t start_ns = clock.steady_ns();
    CROSSFADE_ASSIGN_OR_RETURN(const auto answer,
                               task.index->search_one(task.queries.row(q), options));
    times_us.push_back(1e-3 * static_cast<double>(clock.steady_ns() - start_ns));
  }
  std::sort(times_us.begin(), times_us.end());
  std::cout << "{\"median_us\": " << times_us[times_us.size() / 2]
            << ", \"p99_us\": " << times_us[times_us.size() * 99 / 100] << "}" << std::endl;
  return ok_status();
}

Status obey(const Task& task) {
  const SystemClock clock;
  ThreadPool threads(task.num_threads);
  TopK result;
  std::cout << "{\"isa\": \"" << kernels::isa_name() << "\"}" << std::endl;
  for (std::string command; std::cin >> command;) {
    if (command == "run") {
      const std::int64_t start_ns = clock.steady_ns();
      const double start_cpu_s = cpu_s();
      CROSSFADE_ASSIGN_OR_RETURN(result, task.index->search(task.queries, task.options, threads));
      std::cout << "{\"wall_s\": " << 1e-9 * static_cast<double>(clock.steady_ns() - start_ns)
                << ", \"cpu_s\": " << cpu_s() - start_cpu_s << "}" << std::endl;
    } else if (command == "one") {
      CROSSFADE_RETURN_IF_ERROR(run_one_by_one(task));
    } else if (std::string folder; command == "save" && std::cin >> folder) {
      CROSSFADE_RETURN_IF_ERROR(
          write_npy<std::int32_t>(folder + "/result_items.npy", result.items));
      CROSSFADE_RETURN_IF_ERROR(write_npy<float>(folder + "/result_scores.npy", result.scores));
      CROSSFADE_RETURN_IF_ERROR(
          write_npy<std::int64_t>(folder + "/result_offsets.npy", result.offsets));
      std::cout << "{\"saved\": true}" << std::endl;
    } else {
      return usage_error("unknown command " + command);
    }
  }
  return ok_status();
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  auto task = crossfade::load({argv + 1, argv + argc});
  const crossfade::Status status = task.ok() ? crossfade::obey(*task) : task.status();
  if (!status.ok()) std::cerr << "topk_bench: " << status.message() << std::endl;
  return status.exit_code();
}
