// Runs our item-item kNN on a matrix in .npy columns, for bench/knn.py.
//
//   knn_driver FOLDER OUT THREADS USERS name=value...
//
// FOLDER holds indptr.npy (int64), indices.npy (int32) and weights.npy (float32) of users by items
// and shape.npy (int64: users, items). Finds the neighbours, recommends ten items to each of the
// first USERS users, writes OUT.offsets.npy, OUT.items.npy and OUT.scores.npy (the neighbours) and
// OUT.lists.npy (USERS by 10, -1 for none), and prints one JSON line.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/base/npy.h"
#include "crossfade/models/knn/knn_trainer.h"
#include "crossfade/models/neighbours/neighbours_model.h"

namespace crossfade {
namespace {

constexpr std::int64_t kListLength = 10;

// Wall and CPU seconds since the last question.
class Watch {
 public:
  Json lap() {
    const auto now_ns = clock_.steady_ns();
    const auto cpu = std::clock();
    Json json = Json::object();
    json.set("seconds", static_cast<double>(now_ns - start_ns_) * 1e-9);
    json.set("cpu_seconds", static_cast<double>(cpu - cpu_) / CLOCKS_PER_SEC);
    start_ns_ = now_ns;
    cpu_ = cpu;
    return json;
  }

 private:
  SystemClock clock_;
  std::int64_t start_ns_ = clock_.steady_ns();
  std::clock_t cpu_ = std::clock();
};

// One domain, views of whose rows are histories.
std::vector<History> histories_of(const SparseMatrix& matrix, std::int64_t users) {
  std::vector<History> histories;
  for (std::size_t user = 0; user < static_cast<std::size_t>(users); ++user) {
    const auto begin = static_cast<std::size_t>(matrix.offsets[user]);
    const auto size = static_cast<std::size_t>(matrix.offsets[user + 1]) - begin;
    histories.push_back({matrix.indices.span().subspan(begin, size),
                         matrix.values.span().subspan(begin, size), {}, {}, {}});
  }
  return histories;
}

Status run(const std::vector<std::string>& args) {
  if (args.size() < 4) return usage_error("knn_driver FOLDER OUT THREADS USERS name=value...");
  const std::string folder = args[0] + "/";
  CROSSFADE_ASSIGN_OR_RETURN(const auto offsets, read_npy<std::int64_t>(folder + "indptr.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(const auto indices, read_npy<std::int32_t>(folder + "indices.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(const auto weights, read_npy<float>(folder + "weights.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(const auto shape, read_npy<std::int64_t>(folder + "shape.npy"));
  const SparseMatrix matrix{shape.values[0], shape.values[1], offsets.values, indices.values,
                            weights.values};
  KnnConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "knn", {args.begin() + 4, args.end()}));
  ThreadPool threads(std::atoi(args[2].c_str()));
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  Watch watch;
  CROSSFADE_ASSIGN_OR_RETURN(ItemNeighbours neighbours, find_neighbours(config, matrix, context));
  Json result = Json::object();
  result.set("build", watch.lap());
  CROSSFADE_RETURN_IF_ERROR(write_npy<std::int64_t>(args[1] + ".offsets.npy", neighbours.offsets));
  CROSSFADE_RETURN_IF_ERROR(write_npy<std::int32_t>(args[1] + ".items.npy", neighbours.items));
  CROSSFADE_RETURN_IF_ERROR(write_npy<float>(args[1] + ".scores.npy", neighbours.scores));
  CROSSFADE_ASSIGN_OR_RETURN(
      const auto model,
      NeighboursModel::make({"knn", "bench", Json::object()}, config.use, std::move(neighbours)));
  const std::int64_t users = std::min<std::int64_t>(matrix.rows, std::atoll(args[3].c_str()));
  const std::vector<History> histories = histories_of(matrix, users);
  std::vector<UserView> views;
  for (const History& history : histories) views.push_back({kUnknown, {&history, 1}});
  (void)watch.lap();
  CROSSFADE_ASSIGN_OR_RETURN(const Candidates found,
                             model->recommend_batch(views, 0, {kListLength}, context));
  result.set("recommend", watch.lap());
  std::vector<std::int32_t> lists;
  for (std::int64_t l = 0; l < users; ++l) {
    const auto list = found.list(l);
    lists.insert(lists.end(), list.begin(), list.end());
    lists.resize(static_cast<std::size_t>((l + 1) * kListLength), -1);
  }
  CROSSFADE_RETURN_IF_ERROR(
      write_npy<std::int32_t>(args[1] + ".lists.npy", lists, {users, kListLength}));
  std::printf("%s\n", to_text(result).c_str());
  return ok_status();
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  const crossfade::Status status = crossfade::run({argv + 1, argv + argc});
  if (!status.ok()) std::fprintf(stderr, "knn_driver: %s\n", status.message().c_str());
  return status.exit_code();
}
