// Candidates, then one small ridge regression per item; see sparse_ease_trainer.h.
#include "crossfade/models/sparse_ease/sparse_ease_trainer.h"

#include <memory>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/models/dense.h"
#include "crossfade/models/neighbours/local_regression.h"
#include "crossfade/models/neighbours/neighbours_model.h"

namespace crossfade {
namespace {

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  SparseEaseConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "sparse_ease", input.settings));
  const Domain& domain = input.dataset.domains()[input.domain_index];
  SparseMatrix users = to_matrix(domain, input.dataset.num_users(), context);
  if (users.nonzeros() == 0)
    return data_invalid("domain " + domain.name +
                        " has no interaction of positive weight, so sparse_ease has nothing to "
                        "learn");
  CROSSFADE_ASSIGN_OR_RETURN(ItemNeighbours weights,
                             solve_sparse_ease(config, std::move(users), context));
  return NeighboursModel::make({"sparse_ease", domain.name, knobs_to_json(config)}, config.use,
                               std::move(weights));
}

}  // namespace

Result<ItemNeighbours> solve_sparse_ease(const SparseEaseConfig& config, SparseMatrix users,
                                         Context& context) {
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
  auto weights = solve_locally(users, candidates, solve, "sparse_ease", context);
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
