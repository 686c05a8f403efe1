// Runs our ALS on a matrix in .npy columns and reports the time of every iteration, for
// bench/als.py.
//
//   als_driver FOLDER OUT THREADS SEED name=value...
//
// FOLDER holds indptr.npy (int64), indices.npy (int32) and weights.npy (float32) of users by items
// and shape.npy (int64: users, items). Writes OUT.users.npy and OUT.items.npy, prints one JSON
// line.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/base/npy.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/models/als/als_trainer.h"
#include "crossfade/models/dense.h"

namespace crossfade {
namespace {

// Notes when each iteration ends.
class IterationTimes final : public Progress {
 public:
  void begin(const std::string&, std::int64_t, const std::string&) override {
    start_ns_ = clock_.steady_ns();
    start_cpu_ = std::clock();
  }
  void advance(std::int64_t) override {}
  void end(const std::string&) override {
    seconds.push_back(static_cast<double>(clock_.steady_ns() - start_ns_) * 1e-9);
    cpu_seconds.push_back(static_cast<double>(std::clock() - start_cpu_) / CLOCKS_PER_SEC);
  }
  void say(const std::string&) override {}

  std::vector<double> seconds, cpu_seconds;  // wall clock; all threads of the process

 private:
  SystemClock clock_;
  std::int64_t start_ns_ = 0;
  std::clock_t start_cpu_ = 0;
};

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push(value);
  return list;
}

Status run(const std::vector<std::string>& args) {
  if (args.size() < 4) return usage_error("als_driver FOLDER OUT THREADS SEED name=value...");
  CROSSFADE_RETURN_IF_ERROR(kernels::choose_isa(std::getenv("CROSSFADE_ISA")));
  const std::string folder = args[0] + "/";
  CROSSFADE_ASSIGN_OR_RETURN(const auto offsets, read_npy<std::int64_t>(folder + "indptr.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(const auto indices, read_npy<std::int32_t>(folder + "indices.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(const auto weights, read_npy<float>(folder + "weights.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(const auto shape, read_npy<std::int64_t>(folder + "shape.npy"));
  const SparseMatrix matrix{shape.values[0], shape.values[1], offsets.values, indices.values,
                            weights.values};
  AlsConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "als", {args.begin() + 4, args.end()}));
  ThreadPool threads(std::atoi(args[2].c_str()));
  IterationTimes times;
  const std::atomic<bool> stop{false};
  Context context{threads, times, stop};
  CROSSFADE_ASSIGN_OR_RETURN(
      const AlsFactors factors,
      train_als(config, matrix, std::strtoull(args[3].c_str(), nullptr, 10), context));
  CROSSFADE_RETURN_IF_ERROR(
      write_npy<float>(args[1] + ".users.npy", factors.users, {matrix.rows, config.factors}));
  CROSSFADE_RETURN_IF_ERROR(
      write_npy<float>(args[1] + ".items.npy", factors.items, {matrix.columns, config.factors}));
  Json result = Json::object();
  result.set("seconds", numbers(times.seconds));
  result.set("cpu_seconds", numbers(times.cpu_seconds));
  result.set("losses", numbers(factors.losses));
  result.set("isa", kernels::isa_name());
  result.set("blas_core", blas_core_name());
  std::printf("%s\n", to_text(result).c_str());
  return ok_status();
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  const crossfade::Status status = crossfade::run({argv + 1, argv + argc});
  if (!status.ok()) std::fprintf(stderr, "als_driver: %s\n", status.message().c_str());
  return status.exit_code();
}
