// What every trainer does that makes ItemNeighbours of the pairs of users and items: settings, the
// matrix, its own work, the model.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Users by items, the sums of positive weights. Errors: there are none, so `generator` has nothing
// to learn (data invalid); those of with_kind_weights().
Result<SparseMatrix> pairs_of(const std::string& generator, const TrainInput& input,
                              const KindWeights& kinds, Context& context);

// solve(config, users, context, targets) is a Result<ItemNeighbours>; Config has a HistoryUse
// `use`.
template <class Config, class Solve>
Result<std::unique_ptr<Model>> learn_from_pairs(const std::string& generator,
                                                const TrainInput& input, Context& context,
                                                const Solve& solve) {
  Config config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, generator, input.settings));
  CROSSFADE_ASSIGN_OR_RETURN(SparseMatrix users,
                             pairs_of(generator, input, config.use.kinds, context));
  CROSSFADE_ASSIGN_OR_RETURN(ItemNeighbours weights,
                             solve(config, std::move(users), context, input.targets));
  const std::string& domain = input.dataset.domains()[input.domain_index].name;
  return NeighboursModel::make({generator, domain, knobs_to_json(config)}, config.use,
                               std::move(weights));
}

}  // namespace crossfade
