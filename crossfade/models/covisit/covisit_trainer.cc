// Shares by distance, pairs of plays, and what their sums are worth; see covisit_trainer.h.
#include "crossfade/models/covisit/covisit_trainer.h"

#include <memory>
#include <utility>

#include "crossfade/base/at.h"
#include "crossfade/models/covisit/weighed_plays.h"
#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/neighbours/plays.h"
#include "crossfade/models/neighbours/sequence_pairs.h"

namespace crossfade {
namespace {

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  CovisitConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "covisit", input.settings));
  CROSSFADE_ASSIGN_OR_RETURN(
      const Domain domain,
      with_kind_weights(input.dataset.domains()[input.domain_index], config.use.kinds));
  CROSSFADE_RETURN_IF_ERROR(check_plays("covisit", domain));
  CROSSFADE_ASSIGN_OR_RETURN(ItemNeighbours neighbours,
                             find_covisits(config, domain, context, input.targets));
  return NeighboursModel::make({"covisit", domain.name, knobs_to_json(config)}, config.use,
                               std::move(neighbours));
}

}  // namespace

Result<ItemNeighbours> find_covisits(const CovisitConfig& config, const Domain& domain,
                                     Context& context, Targets targets) {
  CROSSFADE_ASSIGN_OR_RETURN(WeighedPlays plays, weigh_plays(config, domain));
  SequencePairs pairs;
  if (config.direction != "before") pairs.after = shares_by_distance(config);
  if (config.direction != "after") pairs.before = shares_by_distance(config);
  pairs.within_sessions = config.within == "session";
  pairs.half_life_s = config.half_life_s;
  pairs.itself = config.repeats;
  pairs.targets = targets;
  pairs.first = std::move(plays.first);
  pairs.second = std::move(plays.second);
  pairs.neighbours = config.neighbours;
  pairs.what = "pairs of plays";
  pairs.score = [&](ItemIndex item, std::span<const ItemIndex> others, std::span<float> scores) {
    for (std::size_t n = 0; n < others.size(); ++n)
      scores[n] *= plays.leaving[at(item)] * plays.arriving[at(others[n])];
  };
  return sum_pairs(domain, pairs, context);
}

TrainerEntry covisit_trainer() {
  return {"items that are played soon after each other: co-visitation and transitions",
          list_knobs<CovisitConfig>(), &train};
}

}  // namespace crossfade
