// Mean, lengths, popularity; see content_trainer.h.
#include "crossfade/models/content/content_trainer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/base/at.h"
#include "crossfade/base/text.h"
#include "crossfade/data/item_counts.h"
#include "crossfade/models/content/content_model.h"

namespace crossfade {
namespace {

// The sums are of doubles in the order of the items: no bits depend on the threads.
std::vector<double> mean_of(const ItemVectors& vectors) {
  const auto dims = at(vectors.dimension);
  std::vector<double> mean(dims);
  double count = 0;
  for (std::size_t item = 0; item < vectors.present.size(); ++item) {
    if (vectors.present[item] == 0) continue;
    ++count;
    for (std::size_t d = 0; d < dims; ++d) mean[d] += vectors.values[item * dims + d];
  }
  for (double& entry : mean) entry /= std::max(count, 1.0);
  return mean;
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  ContentConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "content", input.settings));
  const Domain& domain = input.dataset.domains()[input.domain_index];
  CROSSFADE_ASSIGN_OR_RETURN(FactorMatrix vectors, vectors_of(config, domain, context));
  return ContentModel::make(config, domain.name, std::move(vectors));
}

}  // namespace

Result<FactorMatrix> vectors_of(const ContentConfig& config, const Domain& domain,
                                Context& context) {
  const ItemVectors& given = domain.about.vectors;
  const std::int64_t num_items = domain.items.size();
  if (given.dimension == 0)
    return data_invalid("domain " + domain.name +
                        " has no vectors of its items, so content has nothing to compare; give "
                        "them with attach --vectors");
  const auto dims = at(given.dimension);
  std::vector<double> mean(dims);
  if (config.centred) mean = mean_of(given);
  const ItemCounts counts = count_plays(domain, context.threads);
  std::vector<float> rows(at(num_items) * dims);
  std::int64_t without = 0;
  for (std::size_t item = 0; item < at(num_items); ++item) {
    double square = 0;
    std::vector<double> vector(dims);
    for (std::size_t d = 0; d < dims && given.present[item] != 0; ++d) {
      vector[d] = given.values[item * dims + d] - mean[d];
      square += vector[d] * vector[d];
    }
    if (!std::isfinite(square))
      return data_invalid("a vector of domain " + domain.name +
                          " holds a value that is not a number; attach the vectors again");
    without += square > 0 ? 0 : 1;
    if (!(square > 0)) continue;
    const double length = std::pow(1 + static_cast<double>(counts.users[item]), config.popularity);
    for (std::size_t d = 0; d < dims; ++d)
      rows[item * dims + d] = static_cast<float>(vector[d] / std::sqrt(square) * length);
  }
  if (without == num_items)
    return data_invalid("none of the " + format_count(num_items) + " items of domain " +
                        domain.name + " has a vector, so content has nothing to compare");
  if (without > 0)
    context.progress.say("content: " + format_count(without) + " of " + format_count(num_items) +
                         " items have no vector and are never recommended");
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return FactorMatrix{std::move(rows), num_items, given.dimension};
}

TrainerEntry content_trainer() {
  return {"items whose given vectors are near those of the history; needs no plays of an item",
          list_knobs<ContentConfig>(), &train, true, OtherDomains::kNone};
}

}  // namespace crossfade
