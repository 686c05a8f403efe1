// Gram matrix, inverse, and the strongest weights of every row; see ease_trainer.h.
#include "crossfade/models/ease/ease_trainer.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/base/at.h"
#include "crossfade/base/text.h"
#include "crossfade/models/memory_needed.h"
#include "crossfade/models/neighbours/learn_from_pairs.h"
#include "crossfade/models/neighbours/strongest_of_row.h"
#include "crossfade/models/symmetric_inverse.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRows = 16;  // a line of the cache of each column

// The lower triangle of X^T X + l2 I. Every entry is summed by one thread, over users in order.
template <class T>
void fill(const SparseMatrix& users, double l2, SymmetricMatrix<T>& gram, Context& context) {
  const SparseMatrix items = transpose(users, context);
  std::vector<std::vector<T>> sums(at(context.threads.num_threads()),
                                   std::vector<T>(at(items.rows)));
  context.progress.begin("ease: Gram matrix", items.rows, "items");
  context.threads.parallel_for(
      items.rows, kRows, [&](std::int64_t begin, std::int64_t end, int worker) {
        if (context.stop.load()) return;
        std::vector<T>& row = sums[at(worker)];
        for (std::int64_t i = begin; i < end; ++i) {
          std::fill_n(row.begin(), i, T{0});
          row[at(i)] = static_cast<T>(l2);
          for (auto m = at(items.offsets[at(i)]); m < at(items.offsets[at(i) + 1]); ++m) {
            const T value = items.values[m];
            auto n = at(users.offsets[at(items.indices[m])]);
            for (; users.indices[n] < i; ++n) row[at(users.indices[n])] += value * users.values[n];
            row[at(i)] += value * value;
          }
          gram.set_row(i, row);
        }
        context.progress.advance(end - begin);
      });
  context.progress.end();
}

// Row i of B = I - P diag(P)^-1: -P_ij / P_jj, and no diagonal.
template <class T>
std::vector<std::vector<ScoredItem>> strongest_weights(const SymmetricMatrix<T>& inverse,
                                                       std::int64_t neighbours, Targets targets,
                                                       Context& context) {
  const std::int64_t num_items = inverse.size();
  const std::int64_t num_targets = std::min(num_items, targets.count);
  std::vector<std::vector<ScoredItem>> lists(at(num_items));
  std::vector<T> diagonal(at(num_items));
  for (std::int64_t j = 0; j < num_items; ++j) diagonal[at(j)] = inverse.at(j, j);
  const auto num_threads = at(context.threads.num_threads());
  std::vector<std::vector<T>> blocks(num_threads);
  std::vector<StrongestOfRow> strongest(num_threads, StrongestOfRow(neighbours));
  context.progress.begin("ease: weights", num_items, "items");
  context.threads.parallel_for(
      num_items, kRows, [&](std::int64_t begin, std::int64_t end, int worker) {
        if (context.stop.load()) return;
        std::vector<T>& rows = blocks[at(worker)];
        rows.resize(at((end - begin) * num_items));
        inverse.copy_rows(begin, end, rows);
        for (std::int64_t i = begin; i < end; ++i) {
          const T* row = rows.data() + (i - begin) * num_items;
          for (std::int64_t j = 0; j < num_targets; ++j)
            if (i != j)
              strongest[at(worker)].offer(static_cast<ItemIndex>(j),
                                          static_cast<float>(-row[j] / diagonal[at(j)]));
          lists[at(i)] = strongest[at(worker)].take();
        }
        context.progress.advance(end - begin);
      });
  context.progress.end();
  return lists;
}

template <class T>
Result<ItemNeighbours> solve(const EaseConfig& config, const SparseMatrix& users, Targets targets,
                             Context& context) {
  const std::int64_t num_items = users.columns;
  const std::int64_t num_targets = std::min(num_items, targets.count);
  const double lists =
      static_cast<double>(num_items) * sizeof(ScoredItem) *
      static_cast<double>(config.neighbours == 0 ? num_targets
                                                 : std::min(config.neighbours, num_targets));
  const double needed = std::max(SymmetricMatrix<T>::bytes(num_items) + lists, 2 * lists) +
                        static_cast<double>(context.threads.num_threads()) * kRows * sizeof(T) *
                            static_cast<double>(num_items);
  CROSSFADE_RETURN_IF_ERROR(check_memory_needed(
      over_items("ease", num_items), needed,
      "train sparse_ease, which takes far less, or leave out items that few users met", context));
  std::vector<std::vector<ScoredItem>> weights;
  {
    SymmetricMatrix<T> matrix(num_items);
    fill(users, config.l2, matrix, context);
    const Status inverted = matrix.invert("ease: inverse", context);
    if (inverted.kind() == StatusKind::kFailed)
      return failed(inverted.message() + " in " + config.precision + " precision; set l2 above " +
                    format_shortest(config.l2) +
                    (config.precision == "float" ? " or precision=double" : ""));
    CROSSFADE_RETURN_IF_ERROR(inverted);
    weights = strongest_weights(matrix, config.neighbours, targets, context);
  }
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return ItemNeighbours::of(weights);
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  return learn_from_pairs<EaseConfig>("ease", input, context, &solve_ease);
}

}  // namespace

Result<ItemNeighbours> solve_ease(const EaseConfig& config, SparseMatrix users, Context& context,
                                  Targets targets) {
  weigh_pairs(users, config.weighting);
  return config.precision == "double" ? solve<double>(config, users, targets, context)
                                      : solve<float>(config, users, targets, context);
}

TrainerEntry ease_trainer() {
  return {"EASE: every item from all others by ridge regression, in closed form",
          list_knobs<EaseConfig>(), &train};
}

}  // namespace crossfade
