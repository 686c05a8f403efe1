// Normalised pairs, their singular vectors, and row by row what both filters say; see
// gfcf_trainer.h.
#include "crossfade/models/gfcf/gfcf_trainer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/base/at.h"
#include "crossfade/models/dense.h"
#include "crossfade/models/gfcf/singular_vectors.h"
#include "crossfade/models/memory_needed.h"
#include "crossfade/models/neighbours/learn_from_pairs.h"
#include "crossfade/models/neighbours/strongest_of_row.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRowsPerTask = 16;

// Divides every value by the root of its user's and its item's sum; returns the items' sums.
std::vector<double> normalise(SparseMatrix& users) {
  std::vector<double> of_items(at(users.columns));
  for (std::size_t n = 0; n < users.indices.size(); ++n)
    of_items[at(users.indices[n])] += users.values[n];
  std::vector<float> values(users.values.begin(), users.values.end());
  for (std::size_t user = 0; user + 1 < users.offsets.size(); ++user) {
    double of_user = 0;
    for (auto n = at(users.offsets[user]); n < at(users.offsets[user + 1]); ++n)
      of_user += users.values[n];
    for (auto n = at(users.offsets[user]); n < at(users.offsets[user + 1]); ++n)
      values[n] =
          static_cast<float>(users.values[n] / std::sqrt(of_user * of_items[at(users.indices[n])]));
  }
  users.values = std::move(values);
  return of_items;
}

// Both filters, row by row.
class Filters {
 public:
  Filters(const GfcfConfig& config, const SparseMatrix& users, const SparseMatrix& items,
          const std::vector<double>& sums, Targets targets)
      : config_(config), users_(users), items_(items), targets_(targets) {
    for (const double sum : sums) roots_.push_back(static_cast<float>(std::sqrt(sum)));
  }
  // Without it there is no ideal filter.
  void use(SingularVectors vectors) { vectors_ = std::move(vectors); }

  struct Scratch {
    std::vector<float> rows;
    StrongestOfRow strongest;
  };
  // lists[i] for the items of [begin, end).
  void run(std::int64_t begin, std::int64_t end, Scratch& scratch,
           std::vector<std::vector<ScoredItem>>& lists) const {
    const std::size_t num_items = roots_.size();
    scratch.rows.assign(at(end - begin) * num_items, 0.0F);
    if (vectors_.factors > 0) {
      const auto dims = at(vectors_.factors);
      const auto own = std::span(vectors_.right).subspan(at(begin) * dims, at(end - begin) * dims);
      multiply_rows(own, vectors_.right, dims, scratch.rows);
    }
    for (std::int64_t i = begin; i < end; ++i) {
      const auto row = std::span(scratch.rows).subspan(at(i - begin) * num_items, num_items);
      fill(i, row);
      for (std::size_t j = 0; j < num_items; ++j)
        if (at(i) != j && targets_.has(static_cast<ItemIndex>(j)))
          scratch.strongest.offer(static_cast<ItemIndex>(j), row[j]);
      lists[at(i)] = scratch.strongest.take();
    }
  }

 private:
  // From (V V^T)_ij to S_ij.
  void fill(std::int64_t i, std::span<float> row) const {
    const float root = roots_[at(i)];
    const float share = root > 0 ? static_cast<float>(config_.alpha) / root : 0;
    for (std::size_t j = 0; j < row.size(); ++j) row[j] *= share * roots_[j];
    for (auto m = at(items_.offsets[at(i)]); m < at(items_.offsets[at(i) + 1]); ++m) {
      const std::size_t user = at(items_.indices[m]);
      const float value = items_.values[m];
      for (auto n = at(users_.offsets[user]); n < at(users_.offsets[user + 1]); ++n)
        row[at(users_.indices[n])] += value * users_.values[n];
    }
  }

  const GfcfConfig& config_;
  const SparseMatrix &users_, &items_;
  const Targets targets_;
  std::vector<float> roots_;  // of the items' sums
  SingularVectors vectors_;
};

// The most that it takes at once besides `users`: the matrix twice more, then the singular vectors
// while they are refined (a block of items and one of users), or rows being made beside the weights
// kept, or the weights while they become one column.
double bytes_needed(const GfcfConfig& config, const SparseMatrix& users, int num_threads) {
  const auto items = static_cast<double>(users.columns), rows = static_cast<double>(users.rows);
  const double kept =
      sizeof(ScoredItem) * items *
      (config.neighbours == 0 ? items : std::min(static_cast<double>(config.neighbours), items));
  const double vectors = config.alpha > 0 ? 4 * static_cast<double>(config.factors) * items : 0;
  const double refining =
      config.alpha > 0 ? 4 * static_cast<double>(subspace_columns(config.factors, users.columns)) *
                                 (items + rows) +
                             vectors
                       : 0;
  const double making = vectors + kept + 4 * kRowsPerTask * items * num_threads;
  return 12 * static_cast<double>(users.nonzeros()) + std::max({refining, making, 2 * kept});
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  const auto solve = [&input](const GfcfConfig& config, SparseMatrix users, Context& inner,
                              Targets targets) {
    return filter_graph(config, std::move(users), input.seed, inner, targets);
  };
  return learn_from_pairs<GfcfConfig>("gfcf", input, context, solve);
}

}  // namespace

Result<ItemNeighbours> filter_graph(const GfcfConfig& config, SparseMatrix users,
                                    std::uint64_t seed, Context& context, Targets targets) {
  CROSSFADE_RETURN_IF_ERROR(check_memory_needed(
      over_items("gfcf", users.columns), bytes_needed(config, users, context.threads.num_threads()),
      "keep fewer neighbours or factors, or train sparse_ease, which takes far less", context));
  weigh_pairs(users, config.weighting);
  const std::vector<double> sums = normalise(users);
  const SparseMatrix items = transpose(users, context);
  Filters filters(config, users, items, sums, targets);
  if (config.alpha > 0) {
    CROSSFADE_ASSIGN_OR_RETURN(
        SingularVectors vectors,
        right_singular_vectors(users, items, {config.factors, config.iterations, seed}, context));
    filters.use(std::move(vectors));
  }
  std::vector<Filters::Scratch> scratches(at(context.threads.num_threads()),
                                          Filters::Scratch{{}, StrongestOfRow(config.neighbours)});
  std::vector<std::vector<ScoredItem>> lists(at(users.columns));
  context.progress.begin("gfcf: filters", users.columns, "items");
  context.threads.parallel_for(users.columns, kRowsPerTask,
                               [&](std::int64_t begin, std::int64_t end, int worker) {
                                 if (context.stop.load()) return;
                                 filters.run(begin, end, scratches[at(worker)], lists);
                                 context.progress.advance(end - begin);
                               });
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return ItemNeighbours::of(lists);
}

TrainerEntry gfcf_trainer() {
  return {"GF-CF: low-pass filters over the graph of users and items, in closed form",
          list_knobs<GfcfConfig>(), &train};
}

}  // namespace crossfade
