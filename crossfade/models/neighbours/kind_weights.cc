// A column of weights in place of the log's; see kind_weights.h.
#include "crossfade/models/neighbours/kind_weights.h"

#include <utility>
#include <vector>

namespace crossfade {

Result<Domain> with_kind_weights(const Domain& domain, const KindWeights& kinds) {
  Domain weighed = domain;
  if (!kinds.any() || domain.item.empty()) return weighed;
  if (domain.kind.empty())
    return usage_error("a knob kind_N needs kinds of events, and domain " + domain.name +
                       " has none; leave it at -1 or import the log with its kinds");
  std::vector<float> weights(domain.weight.size());
  for (std::size_t row = 0; row < weights.size(); ++row)
    weights[row] = kinds.weight(domain.kind[row], domain.weight[row]);
  weighed.weight = std::move(weights);
  return weighed;
}

}  // namespace crossfade
