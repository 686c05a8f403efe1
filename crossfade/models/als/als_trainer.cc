// Alternates between users and items; see als_trainer.h.
#include "crossfade/models/als/als_trainer.h"

#include <sys/mman.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "crossfade/base/rng.h"
#include "crossfade/base/text.h"
#include "crossfade/models/als/als_model.h"
#include "crossfade/models/als/als_solver.h"
#include "crossfade/models/dense.h"
#include "crossfade/models/memory_needed.h"

namespace crossfade {
namespace {

// Zeros in huge pages where the system has them: rows are met in random order, and with 4 KiB pages
// the address translation of each costs as much as its arithmetic. Advice only; errors are ignored.
std::vector<float> make_factors(std::int64_t rows, std::int64_t dims) {
  std::vector<float> factors;
  factors.reserve(static_cast<std::size_t>(rows * dims));
  constexpr std::uintptr_t kPage = 4096;
  const auto start = reinterpret_cast<std::uintptr_t>(factors.data());
  const auto first = (start + kPage - 1) / kPage * kPage;
  const auto end = (start + factors.capacity() * sizeof(float)) / kPage * kPage;
  if (end > first) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
  factors.resize(static_cast<std::size_t>(rows * dims));
  return factors;
}

// Normal numbers of standard deviation 0.1 / sqrt(factors), a stream of its own for each row.
void start_factors(std::span<float> factors, std::int64_t dims, std::uint64_t seed,
                   ThreadPool& threads) {
  const double deviation = 0.1 / std::sqrt(static_cast<double>(dims));
  const auto rows = static_cast<std::int64_t>(factors.size()) / dims;
  threads.parallel_for(rows, 1024, [&](std::int64_t begin, std::int64_t end, int) {
    for (std::int64_t row = begin; row < end; ++row) {
      Rng rng(seed, static_cast<std::uint64_t>(row));
      for (std::int64_t k = 0; k < dims; ++k)
        factors[static_cast<std::size_t>(row * dims + k)] =
            static_cast<float>(deviation * rng.normal());
    }
  });
}

SparseMatrix to_confidences(const AlsConfig& config, const SparseMatrix& weights) {
  std::vector<float> values(weights.values.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = config.confidence(weights.values[i]);
  return {weights.rows, weights.columns, weights.offsets, weights.indices, std::move(values)};
}

// Both sides' factors and the log as each sees it.
class Alternation {
 public:
  Alternation(const AlsConfig& config, const SparseMatrix& weights, Context& context)
      : config_(config),
        context_(context),
        users_(make_factors(weights.rows, config.factors)),
        items_(make_factors(weights.columns, config.factors)) {
    SparseMatrix confidences = to_confidences(config, weights);
    item_side_ = AlsSide::make(transpose(confidences, context));
    user_side_ = AlsSide::make(std::move(confidences));
  }

  void start(std::uint64_t seed) { start_factors(items_, config_.factors, seed, context_.threads); }

  // One iteration; the objective after it.
  Result<double> iterate() {
    CROSSFADE_ASSIGN_OR_RETURN(const AlsLoss users, solve(user_side_, items_, users_));
    CROSSFADE_ASSIGN_OR_RETURN(const AlsLoss items, solve(item_side_, users_, items_));
    return items.pairs + items.penalty + users.penalty;
  }

  AlsFactors finish(std::vector<double> losses) {
    PrincipalAxes axes = turn(items_, users_);
    return {std::move(users_), std::move(items_), std::move(axes.strengths), std::move(losses)};
  }

 private:
  // Turns both sides to the principal axes of `fixed`: no inner product changes.
  PrincipalAxes turn(std::vector<float>& fixed, std::vector<float>& other) {
    const auto dims = static_cast<std::size_t>(config_.factors);
    PrincipalAxes axes = principal_axes(fixed, dims, context_.threads);
    if (context_.stop.load()) return axes;
    rotate_rows(fixed, dims, axes.axes, context_.threads);
    rotate_rows(other, dims, axes.axes, context_.threads);
    return axes;
  }

  Result<AlsLoss> solve(const AlsSide& side, std::vector<float>& fixed, std::vector<float>& rows) {
    // An eigenproblem of thousands of factors takes seconds and knows no stop: none is begun after
    // one, nor a rotation after it.
    CROSSFADE_RETURN_IF_ERROR(context_.check_stop());
    const PrincipalAxes axes = turn(fixed, rows);
    return solve_side(config_, side, fixed, axes.strengths, rows, context_);
  }

  const AlsConfig& config_;
  Context& context_;
  std::vector<float> users_, items_;
  AlsSide user_side_, item_side_;
};

std::vector<float> by_row(std::span<const float> axes, std::size_t dims) {
  std::vector<float> rows(axes.size());
  for (std::size_t i = 0; i < dims; ++i)
    for (std::size_t k = 0; k < dims; ++k) rows[k * dims + i] = axes[i * dims + k];
  return rows;
}

// Factors twice (learned, then turned to their axes) and the weights by user and by item.
double bytes_needed(const AlsConfig& config, const SparseMatrix& weights) {
  const auto vectors = static_cast<double>(weights.rows + weights.columns);
  return 2 * vectors * static_cast<double>(config.factors) * sizeof(float) +
         2 * static_cast<double>(weights.nonzeros()) * (sizeof(std::int32_t) + sizeof(float));
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  AlsConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "als", input.settings));
  return learn_als(config, input.dataset.domains()[input.domain_index], input.dataset.num_users(),
                   input.seed, context);
}

}  // namespace

Result<AlsFactors> train_als(const AlsConfig& config, const SparseMatrix& weights,
                             std::uint64_t seed, Context& context) {
  CROSSFADE_RETURN_IF_ERROR(check_memory_needed(
      over_items("als", weights.columns), bytes_needed(config, weights),
      "take fewer factors, or leave out users and items with few interactions", context));
  Alternation alternation(config, weights, context);
  alternation.start(seed);
  std::vector<double> losses;
  for (std::int64_t i = 1; i <= config.iterations; ++i) {
    context.progress.begin(
        "als iteration " + std::to_string(i) + " of " + std::to_string(config.iterations),
        weights.rows + weights.columns, "rows");
    CROSSFADE_ASSIGN_OR_RETURN(const double loss, alternation.iterate());
    losses.push_back(loss);
    context.progress.end("loss " + format_number(loss, 1));
  }
  return alternation.finish(std::move(losses));
}

Result<std::unique_ptr<Model>> learn_als(const AlsConfig& config, const Domain& domain,
                                         std::int64_t num_users, std::uint64_t seed,
                                         Context& context) {
  const SparseMatrix weights = to_matrix(domain, num_users, context);
  if (weights.nonzeros() == 0)
    return data_invalid("domain " + domain.name +
                        " has no interaction of positive weight, so als has nothing to learn from");
  CROSSFADE_ASSIGN_OR_RETURN(AlsFactors factors, train_als(config, weights, seed, context));
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  PrincipalAxes user_axes =
      principal_axes(factors.users, static_cast<std::size_t>(config.factors), context.threads);
  return AlsModel::make(config, domain.name,
                        {{std::move(factors.users), weights.rows, config.factors},
                         {std::move(factors.items), weights.columns, config.factors},
                         std::move(factors.strengths),
                         by_row(user_axes.axes, static_cast<std::size_t>(config.factors)),
                         std::move(user_axes.strengths)});
}

TrainerEntry als_trainer() {
  return {"factors of users and items by alternating least squares on implicit feedback",
          list_knobs<AlsConfig>(), &train};
}

}  // namespace crossfade
