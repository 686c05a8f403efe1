// Blocks of rows through the ridge solvers; see als_solver.h.
#include "crossfade/models/als/als_solver.h"

#include <algorithm>
#include <memory>

#include "crossfade/kernels/ridge.h"
#include "crossfade/models/dense.h"

namespace crossfade {
namespace {

// What one thread needs; made on first use.
struct Worker {
  explicit Worker(std::size_t dims) : diagonal(dims), approximate(dims), exact(dims) {}
  // Where in the list of pairs the fetching ahead has come.
  std::size_t fetched = 0;
  std::vector<float> diagonal, pulls;
  kernels::RidgeSolver approximate;
  ExactRidgeSolver exact;
};

class SideSolver {
 public:
  SideSolver(const AlsConfig& config, const AlsSide& side, std::span<const float> fixed,
             std::span<const float> strengths, std::span<float> rows)
      : config_(config), side_(side), fixed_(fixed), strengths_(strengths), rows_(rows) {}

  AlsLoss solve_block(std::int64_t block, Worker& worker) const {
    AlsLoss loss;
    const auto b = static_cast<std::size_t>(block);
    for (std::int64_t row = side_.blocks[b]; row < side_.blocks[b + 1]; ++row)
      solve_row(static_cast<std::size_t>(row), worker, loss);
    return loss;
  }

 private:
  void solve_row(std::size_t row, Worker& worker, AlsLoss& loss) const {
    const SparseMatrix& matrix = side_.confidences;
    const std::size_t dims = strengths_.size();
    const auto begin = static_cast<std::size_t>(matrix.offsets[row]);
    const auto count = static_cast<std::size_t>(matrix.offsets[row + 1]) - begin;
    const std::span<float> x = rows_.subspan(row * dims, dims);
    if (count == 0) {
      std::fill(x.begin(), x.end(), 0.0F);
      return;
    }
    const float penalty = config_.penalty(static_cast<std::int64_t>(count), matrix.columns);
    const auto alpha_0 = static_cast<float>(config_.unobserved_weight);
    for (std::size_t k = 0; k < dims; ++k) worker.diagonal[k] = alpha_0 * strengths_[k] + penalty;

    const auto weights = matrix.values.span().subspan(begin, count);
    std::span<const float> pulls = weights;
    if (const float extra = config_.extra_pull(); extra != 0) {
      worker.pulls.assign(weights.begin(), weights.end());
      for (float& pull : worker.pulls) pull += extra;
      pulls = worker.pulls;
    }
    // The rows of the next pairs, some 128 KiB of them, as far as they are not on their way
    // already.
    const std::size_t last =
        std::min(begin + count + (std::size_t{1} << 15) / dims, matrix.indices.size());
    const std::size_t first = std::clamp(worker.fetched, begin + count, last);
    worker.fetched = last;
    const kernels::RidgeProblem problem{
        fixed_.data(),   dims, matrix.indices.span().subspan(begin, count),       weights, pulls,
        worker.diagonal, {},   matrix.indices.span().subspan(first, last - first)};
    // What the observed pairs add to the unobserved term, which counts them as zeros: the sum over
    // j of w s^2 - 2 b s + b. For Rendle's form, b = w, this is w (1 - s)^2; for Hu, Koren and
    // Volinsky's, b = w + alpha_0, it is b (1 - s)^2 - alpha_0 s^2.
    double observed = 0;
    if (config_.solver == "cg") {
      worker.approximate.solve(problem, {config_.cg_steps, 0}, x);
      observed = worker.approximate.objective();
    } else {
      worker.exact.solve(problem, x);
      observed = worker.exact.objective();
    }
    for (const float pull : pulls) observed += pull;
    float square = 0, all_pairs = 0;
    for (std::size_t k = 0; k < dims; ++k) {
      square += x[k] * x[k];
      all_pairs += strengths_[k] * x[k] * x[k];
    }
    loss.pairs += observed + alpha_0 * all_pairs;
    loss.penalty += penalty * square;
  }

  const AlsConfig& config_;
  const AlsSide& side_;
  std::span<const float> fixed_, strengths_;
  std::span<float> rows_;
};

}  // namespace

AlsSide AlsSide::make(SparseMatrix confidences) {
  constexpr std::int64_t kPairs = 1 << 14, kRows = 256;
  AlsSide side{std::move(confidences), {0}};
  const auto& offsets = side.confidences.offsets;
  std::int64_t start = 0;
  for (std::int64_t row = 1; row <= side.confidences.rows; ++row) {
    const std::int64_t pairs =
        offsets[static_cast<std::size_t>(row)] - offsets[static_cast<std::size_t>(start)];
    if (pairs < kPairs && row - start < kRows && row < side.confidences.rows) continue;
    side.blocks.push_back(row);
    start = row;
  }
  return side;
}

Result<AlsLoss> solve_side(const AlsConfig& config, const AlsSide& side,
                           std::span<const float> fixed, std::span<const float> strengths,
                           std::span<float> rows, Context& context) {
  const SideSolver solver(config, side, fixed, strengths, rows);
  const auto num_blocks = static_cast<std::int64_t>(side.blocks.size()) - 1;
  std::vector<std::unique_ptr<Worker>> workers(
      static_cast<std::size_t>(context.threads.num_threads()));
  std::vector<AlsLoss> losses(static_cast<std::size_t>(num_blocks));
  context.threads.parallel_for(
      num_blocks, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
        auto& worker = workers[static_cast<std::size_t>(thread)];
        if (!worker) worker = std::make_unique<Worker>(strengths.size());
        for (std::int64_t block = begin; block < end && !context.stop.load(); ++block) {
          const auto b = static_cast<std::size_t>(block);
          losses[b] = solver.solve_block(block, *worker);
          context.progress.advance(side.blocks[b + 1] - side.blocks[b]);
        }
      });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  AlsLoss total;
  for (const AlsLoss& loss : losses) {
    total.pairs += loss.pairs;
    total.penalty += loss.penalty;
  }
  return total;
}

}  // namespace crossfade
