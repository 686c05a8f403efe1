// The walk item -> user -> item as products of items; see rp3beta_trainer.h.
#include "crossfade/models/rp3beta/rp3beta_trainer.h"

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/base/at.h"
#include "crossfade/models/neighbours/item_products.h"
#include "crossfade/models/neighbours/learn_from_pairs.h"

namespace crossfade {
namespace {

// count^-power for the users of every item.
std::vector<float> powers(const SparseMatrix& users, double power) {
  std::vector<double> count(at(users.columns));
  for (const std::int32_t item : users.indices) ++count[at(item)];
  std::vector<float> out;
  for (const double one : count)
    out.push_back(one > 0 ? static_cast<float>(std::pow(one, -power)) : 0);
  return out;
}

// scores[n] times first(item) times second(others[n]).
ScoreSums times(std::vector<float> first, std::vector<float> second) {
  return [first = std::move(first), second = std::move(second)](
             ItemIndex item, std::span<const ItemIndex> others, std::span<float> scores) {
    for (std::size_t n = 0; n < others.size(); ++n)
      scores[n] *= first[at(item)] * second[at(others[n])];
  };
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  return learn_from_pairs<Rp3betaConfig>("rp3beta", input, context, &walk);
}

}  // namespace

Result<ItemNeighbours> walk(const Rp3betaConfig& config, SparseMatrix users, Context& context,
                            Targets targets) {
  CROSSFADE_RETURN_IF_ERROR(check_products("rp3beta", users, config.neighbours, context));
  // The step from a user to one of his n items, (1 / n)^alpha, as the product of two equal halves.
  std::vector<float> halves(users.indices.size());
  for (std::size_t user = 0; user + 1 < users.offsets.size(); ++user) {
    const auto begin = at(users.offsets[user]), end = at(users.offsets[user + 1]);
    for (auto n = begin; n < end; ++n)
      halves[n] = static_cast<float>(std::pow(static_cast<double>(end - begin), -config.alpha / 2));
  }
  users.values = std::move(halves);
  const std::vector<float> leaving = powers(users, config.alpha),
                           arriving = powers(users, config.beta);
  return multiply_items(
      {users, config.neighbours, times(leaving, arriving), times(arriving, leaving),
       "rp3beta: walks", config.best_of == "column", targets},
      context);
}

TrainerEntry rp3beta_trainer() {
  return {"items that random walks over users lead to, popular ones held back",
          list_knobs<Rp3betaConfig>(), &train};
}

}  // namespace crossfade
