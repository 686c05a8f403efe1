// Shares by distance, pairs of plays, and what their sums are worth; see covisit_trainer.h.
#include "crossfade/models/covisit/covisit_trainer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/neighbours/sequence_pairs.h"

namespace crossfade {
namespace {

std::vector<float> shares(const CovisitConfig& config) {
  std::vector<float> by_distance;
  for (std::int64_t d = 1; d <= config.window; ++d)
    by_distance.push_back(config.distance == "equal"     ? 1.0F
                          : config.distance == "inverse" ? 1.0F / static_cast<float>(d)
                                                         : std::exp2(1.0F - static_cast<float>(d)));
  return by_distance;
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  CovisitConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "covisit", input.settings));
  const Domain& domain = input.dataset.domains()[input.domain_index];
  if (std::none_of(domain.weight.begin(), domain.weight.end(), [](float w) { return w > 0; }))
    return data_invalid("domain " + domain.name +
                        " has no interaction of positive weight, so covisit has no pairs");
  CROSSFADE_ASSIGN_OR_RETURN(ItemNeighbours neighbours,
                             find_covisits(config, domain, context, input.targets));
  return NeighboursModel::make({"covisit", domain.name, knobs_to_json(config)}, config.use,
                               std::move(neighbours));
}

}  // namespace

Result<ItemNeighbours> find_covisits(const CovisitConfig& config, const Domain& domain,
                                     Context& context, Targets targets) {
  std::vector<double> plays(static_cast<std::size_t>(domain.items.size()));
  for (std::size_t row = 0; row < domain.item.size(); ++row)
    plays[static_cast<std::size_t>(domain.item[row])] += domain.weight[row] > 0 ? 1 : 0;
  std::vector<float> leaving, arriving;
  for (const double count : plays) {
    leaving.push_back(count > 0 ? static_cast<float>(std::pow(count, -config.per_play)) : 0);
    arriving.push_back(count > 0 ? static_cast<float>(std::pow(count, -config.popularity)) : 0);
  }
  SequencePairs pairs;
  if (config.direction != "before") pairs.after = shares(config);
  if (config.direction != "after") pairs.before = shares(config);
  pairs.within_sessions = config.within == "session";
  pairs.half_life_s = config.half_life_s;
  pairs.itself = config.repeats;
  pairs.targets = targets;
  pairs.weighted = config.weighted;
  pairs.neighbours = config.neighbours;
  pairs.what = "covisit: pairs";
  pairs.score = [&](ItemIndex item, std::span<const ItemIndex> others, std::span<float> scores) {
    for (std::size_t n = 0; n < others.size(); ++n)
      scores[n] *=
          leaving[static_cast<std::size_t>(item)] * arriving[static_cast<std::size_t>(others[n])];
  };
  return sum_pairs(domain, pairs, context);
}

TrainerEntry covisit_trainer() {
  return {"items that are played soon after each other: co-visitation and transitions",
          list_knobs<CovisitConfig>(), &train};
}

}  // namespace crossfade
