// Counts of users of both items, and what a rule is worth; see rules_trainer.h.
#include "crossfade/models/rules/rules_trainer.h"

#include <memory>
#include <utility>
#include <vector>

#include "crossfade/base/at.h"
#include "crossfade/models/neighbours/item_products.h"
#include "crossfade/models/neighbours/learn_from_pairs.h"

namespace crossfade {
namespace {

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  return learn_from_pairs<RulesConfig>("rules", input, context, &find_rules);
}

}  // namespace

Result<ItemNeighbours> find_rules(const RulesConfig& config, SparseMatrix users, Context& context,
                                  Targets targets) {
  CROSSFADE_RETURN_IF_ERROR(check_products("rules", users, config.neighbours, context));
  users.values = std::vector<float>(users.indices.size(), 1.0F);
  std::vector<float> met(at(users.columns));
  for (const std::int32_t item : users.indices) ++met[at(item)];
  std::int64_t active = 0;
  for (std::size_t user = 0; user + 1 < users.offsets.size(); ++user)
    active += users.offsets[user] < users.offsets[user + 1] ? 1 : 0;
  const auto support = static_cast<float>(config.support);
  const auto all = static_cast<float>(active);
  if (config.measure == "lift") {
    const ScoreSums lift = [&](ItemIndex item, std::span<const ItemIndex> others,
                               std::span<float> scores) {
      for (std::size_t n = 0; n < others.size(); ++n)
        scores[n] =
            scores[n] < support ? 0 : scores[n] / met[at(item)] * (all / met[at(others[n])]);
    };
    return multiply_items({users, config.neighbours, lift, nullptr, "rules", false, targets},
                          context);
  }
  const ScoreSums of_item = [&](ItemIndex item, std::span<const ItemIndex>,
                                std::span<float> scores) {
    for (float& score : scores) score = score < support ? 0 : score / met[at(item)];
  };
  const ScoreSums of_others = [&](ItemIndex, std::span<const ItemIndex> others,
                                  std::span<float> scores) {
    for (std::size_t n = 0; n < others.size(); ++n)
      scores[n] = scores[n] < support ? 0 : scores[n] / met[at(others[n])];
  };
  return multiply_items({users, config.neighbours, of_item, of_others, "rules", false, targets},
                        context);
}

TrainerEntry rules_trainer() {
  return {"who met this met that: association rules by confidence or lift",
          list_knobs<RulesConfig>(), &train};
}

}  // namespace crossfade
