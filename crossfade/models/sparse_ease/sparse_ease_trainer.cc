// Candidates, then one small ridge regression per item; see sparse_ease_trainer.h.
#include "crossfade/models/sparse_ease/sparse_ease_trainer.h"

#include <memory>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/models/dense.h"
#include "crossfade/models/neighbours/learn_from_pairs.h"
#include "crossfade/models/neighbours/local_regression.h"

namespace crossfade {
namespace {

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  return learn_from_pairs<SparseEaseConfig>("sparse_ease", input, context, &solve_sparse_ease);
}

}  // namespace

Result<ItemNeighbours> solve_sparse_ease(const SparseEaseConfig& config, SparseMatrix users,
                                         Context& context, Targets targets) {
  CROSSFADE_RETURN_IF_ERROR(
      check_local_regression("sparse_ease", users, config.candidates, context));
  weigh_pairs(users, config.weighting);
  CROSSFADE_ASSIGN_OR_RETURN(
      const ItemNeighbours candidates,
      find_candidates(users, config.candidates, config.l2, "sparse_ease", context));
  const auto l2 = static_cast<float>(config.l2);
  // (G + l2 I) w = g over the candidates.
  const auto solve = [l2](LocalProblem problem) {
    const std::size_t n = problem.weights.size();
    for (std::size_t i = 0; i < n; ++i) problem.gram[i * n + i] += l2;
    return solve_positive_definite(problem.gram, problem.weights);
  };
  auto weights = solve_locally(users, candidates, solve, {"sparse_ease", targets}, context);
  if (weights.status().kind() == StatusKind::kFailed)
    return failed(weights.status().message() + " in single precision; set l2 above " +
                  format_shortest(config.l2));
  return weights;
}

TrainerEntry sparse_ease_trainer() {
  return {"EASE for large catalogues: every item by ridge regression from its best candidates",
          list_knobs<SparseEaseConfig>(), &train};
}

}  // namespace crossfade
