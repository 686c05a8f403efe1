// Folding in, centring and one product with W; see user_map.h.
#include "crossfade/models/user_map/user_map.h"

#include <algorithm>
#include <cmath>

#include "crossfade/kernels/dot.h"

namespace crossfade {
namespace {

// At length 1; empty if nothing counts.
std::vector<float> fold_in_unit(const AlsConfig& config, const MapSource& source,
                                const History& history, float share) {
  std::vector<float> weights(history.weights.begin(), history.weights.end());
  for (float& weight : weights) weight *= share;
  std::vector<float> z =
      fold_in(config, {source.items.values.data(), source.items.rows, source.strengths},
              observe(config, history.items, weights, source.items.rows));
  const float square = kernels::dot(z, z);
  if (!(square > 0)) return {};
  for (float& number : z) number /= std::sqrt(square);
  return z;
}

bool all_finite(std::span<const float> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](float x) { return std::isfinite(x); });
}

}  // namespace

Status UserMap::check() const {
  const auto dims = static_cast<std::size_t>(config.factors);
  bool fits = means.size() == dims * sources.size() &&
              weights.size() == means.size() * target_mean.size() && all_finite(means) &&
              all_finite(target_mean) && all_finite(weights);
  for (const MapSource& source : sources) {
    CROSSFADE_RETURN_IF_ERROR(source.items.check("the item factors of a helping domain"));
    fits = fits && source.items.dims == config.factors && source.strengths.size() == dims &&
           all_finite(source.strengths) &&
           std::all_of(source.strengths.begin(), source.strengths.end(),
                       [](float strength) { return strength >= 0; });
  }
  return fits ? ok_status()
              : data_invalid("the columns of this user map do not fit each other or are not " +
                             std::string("finite; train it again"));
}

std::vector<float> UserMap::describe(const JointDomains& domains, const UserView& view) const {
  const auto dims = static_cast<std::size_t>(config.factors);
  std::vector<float> described(means.size());
  bool known = false;
  for (std::size_t d = 0; d < sources.size(); ++d) {
    const HelpingDomain& domain = domains.helping[d];
    if (domain.place >= view.by_domain.size()) continue;
    const std::vector<float> z = fold_in_unit(config, sources[d], view.by_domain[domain.place],
                                              static_cast<float>(domain.share));
    if (z.empty()) continue;
    known = true;
    for (std::size_t k = 0; k < dims; ++k) described[d * dims + k] = z[k] - means[d * dims + k];
  }
  return known ? described : std::vector<float>();
}

std::vector<float> UserMap::apply(const JointDomains& domains, const UserView& view) const {
  const std::vector<float> described = describe(domains, view);
  if (described.empty()) return {};
  std::vector<float> x(target_mean.size());
  kernels::dot_rows(described, weights.data(), x);
  for (std::size_t k = 0; k < x.size(); ++k) x[k] += target_mean[k];
  return x;
}

}  // namespace crossfade
