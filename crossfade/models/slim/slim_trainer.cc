// Coordinate descent on the Gram matrix of an item's candidates; see slim_trainer.h.
#include "crossfade/models/slim/slim_trainer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/models/neighbours/learn_from_pairs.h"
#include "crossfade/models/neighbours/local_regression.h"

namespace crossfade {
namespace {

// A round that changes no weight by more is the last.
constexpr float kTolerance = 1e-5F;

// Minimises 1/2 w^T G w - g^T w + l2 / 2 |w|^2 + l1 |w|_1 (Friedman, Hastie, Tibshirani:
// Regularization Paths for Generalized Linear Models via Coordinate Descent, JSS 2010, section 2.2:
// covariance updates). `left` is g - G w.
void descend(const SlimConfig& config, LocalProblem problem) {
  const std::size_t n = problem.weights.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) problem.gram[j * n + i] = problem.gram[i * n + j];
  std::vector<float> left(problem.weights.begin(), problem.weights.end());
  std::fill(problem.weights.begin(), problem.weights.end(), 0.0F);
  const auto l1 = static_cast<float>(config.l1), l2 = static_cast<float>(config.l2);
  for (std::int64_t round = 0; round < config.iterations; ++round) {
    float most = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const float* row = problem.gram.data() + i * n;
      const float pull = left[i] + row[i] * problem.weights[i];
      const float size = std::max(0.0F, (config.positive ? pull : std::abs(pull)) - l1);
      const float weight = std::copysign(size, pull) / (row[i] + l2);
      const float change = weight - problem.weights[i];
      if (change == 0) continue;
      for (std::size_t j = 0; j < n; ++j) left[j] -= change * row[j];
      problem.weights[i] = weight;
      most = std::max(most, std::abs(change));
    }
    if (most <= kTolerance) break;
  }
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  return learn_from_pairs<SlimConfig>("slim", input, context, &solve_slim);
}

}  // namespace

Result<ItemNeighbours> solve_slim(const SlimConfig& config, SparseMatrix users, Context& context,
                                  Targets targets) {
  CROSSFADE_RETURN_IF_ERROR(check_local_regression("slim", users, config.candidates, context));
  weigh_pairs(users, config.weighting);
  CROSSFADE_ASSIGN_OR_RETURN(const ItemNeighbours candidates,
                             find_candidates(users, config.candidates, 0, "slim", context));
  const auto solve = [&config](LocalProblem problem) {
    descend(config, problem);
    return true;
  };
  return solve_locally(users, candidates, solve, {"slim", targets}, context);
}

TrainerEntry slim_trainer() {
  return {"SLIM: every item from few others by the elastic net, weights not below zero",
          list_knobs<SlimConfig>(), &train};
}

}  // namespace crossfade
