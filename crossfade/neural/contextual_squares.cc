// A small ridge regression per row; see contextual_squares.h.
#include "crossfade/neural/contextual_squares.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "crossfade/kernels/dot.h"
#include "crossfade/kernels/ridge.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRowsAtOnce = 32;
constexpr kernels::CgLimits kLimits = {8, 1e-4F};

// What one thread needs: the regression of one row.
struct Worker {
  Worker(std::size_t dims, float ridge) : diagonal(dims, ridge), solver(dims) {}
  std::vector<float> diagonal, features, pulls, ones;
  std::vector<std::int32_t> places;
  kernels::RidgeSolver solver;

  void resize(std::size_t pairs) {
    features.resize(pairs * diagonal.size());
    pulls.resize(pairs);
    if (ones.size() >= pairs) return;
    ones.resize(pairs, 1);
    places.resize(pairs);
    std::iota(places.begin(), places.end(), 0);
  }
};

}  // namespace

ContextualSquares::ContextualSquares(std::span<const ContextualPair> pairs, std::int64_t num_items,
                                     std::int64_t num_users, double ridge)
    : pairs_(pairs),
      ridge_(static_cast<float>(ridge)),
      tracks_(group(num_items, [](const ContextualPair& pair) { return pair.track; })),
      starts_(group(num_items, [](const ContextualPair& pair) { return pair.start; })),
      users_(group(num_users, [](const ContextualPair& pair) { return pair.user; })) {}

template <class RowOf>
ContextualSquares::Side ContextualSquares::group(std::int64_t rows, const RowOf& row_of) const {
  Side side{std::vector<std::int64_t>(static_cast<std::size_t>(rows) + 1, 0),
            std::vector<std::int64_t>(pairs_.size())};
  for (const ContextualPair& pair : pairs_)
    ++side.offsets[static_cast<std::size_t>(row_of(pair)) + 1];
  std::partial_sum(side.offsets.begin(), side.offsets.end(), side.offsets.begin());
  std::vector<std::int64_t> next(side.offsets.begin(), side.offsets.end() - 1);
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const auto place =
        static_cast<std::size_t>(next[static_cast<std::size_t>(row_of(pairs_[i]))]++);
    side.pairs[place] = static_cast<std::int64_t>(i);
  }
  return side;
}

// fill(pair, features) writes what the row is multiplied with and returns what the product shall
// be.
template <class Fill>
void ContextualSquares::solve(const Side& side, const at::Tensor& table, ThreadPool& threads,
                              const Fill& fill) const {
  const auto dims = static_cast<std::size_t>(table.size(1));
  float* const rows = table.data_ptr<float>();
  std::vector<std::unique_ptr<Worker>> workers(static_cast<std::size_t>(threads.num_threads()));
  const auto solve_row = [&](std::size_t row, Worker& worker) {
    const auto begin = static_cast<std::size_t>(side.offsets[row]),
               count = static_cast<std::size_t>(side.offsets[row + 1]) - begin;
    const std::span<float> x(rows + row * dims, dims);
    if (count == 0) return static_cast<void>(std::fill(x.begin(), x.end(), 0.0F));
    worker.resize(count);
    for (std::size_t i = 0; i < count; ++i)
      worker.pulls[i] = fill(pairs_[static_cast<std::size_t>(side.pairs[begin + i])],
                             worker.features.data() + i * dims);
    worker.solver.solve({worker.features.data(), dims, std::span(worker.places).first(count),
                         std::span(worker.ones).first(count), worker.pulls, worker.diagonal},
                        kLimits, x);
  };
  threads.parallel_for(std::ssize(side.offsets) - 1, kRowsAtOnce,
                       [&](std::int64_t begin, std::int64_t end, int number) {
                         auto& worker = workers[static_cast<std::size_t>(number)];
                         if (!worker) worker = std::make_unique<Worker>(dims, ridge_);
                         for (std::int64_t row = begin; row < end; ++row)
                           solve_row(static_cast<std::size_t>(row), *worker);
                       });
}

Status ContextualSquares::improve(Parameters& weights, Context& context) const {
  const at::Tensor start = weights["start"], track = weights["track"];
  const at::Tensor user = weights.has("user") ? weights["user"] : at::Tensor();
  const auto dims = static_cast<std::size_t>(track.size(1));
  const auto row = [&](const at::Tensor& table, std::int64_t number) {
    return table.data_ptr<float>() + static_cast<std::size_t>(number) * dims;
  };
  const auto third = static_cast<std::int64_t>(pairs_.size() / 3);
  solve(tracks_, track, context.threads, [&](const ContextualPair& pair, float* features) {
    std::copy_n(row(start, pair.start), dims, features);
    if (user.defined())
      for (std::size_t d = 0; d < dims; ++d) features[d] += row(user, pair.user)[d];
    return pair.rate;
  });
  context.progress.advance(third);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  // What is left of the rate when `other` has said its part.
  const auto of_track = [&](const ContextualPair& pair, const float* other, float* features) {
    const float* const from = row(track, pair.track);
    std::copy_n(from, dims, features);
    return other ? pair.rate - kernels::dot({other, dims}, {from, dims}) : pair.rate;
  };
  solve(starts_, start, context.threads, [&](const ContextualPair& pair, float* features) {
    return of_track(pair, user.defined() ? row(user, pair.user) : nullptr, features);
  });
  context.progress.advance(third);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  if (user.defined())
    solve(users_, user, context.threads, [&](const ContextualPair& pair, float* features) {
      return of_track(pair, row(start, pair.start), features);
    });
  context.progress.advance(static_cast<std::int64_t>(pairs_.size()) - 2 * third);
  return ok_status();
}

}  // namespace crossfade
