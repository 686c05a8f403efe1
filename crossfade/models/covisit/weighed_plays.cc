// Ages, kinds and powers of sums; see weighed_plays.h.
#include "crossfade/models/covisit/weighed_plays.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "crossfade/base/at.h"

namespace crossfade {
namespace {

constexpr double kDayNs = 86400e9;

Status check_columns(const CovisitConfig& config, const Domain& domain) {
  if (domain.item.empty()) return ok_status();
  if (config.half_life_days > 0 && domain.time_ns.empty())
    return usage_error("half_life_days needs times, and domain " + domain.name +
                       " has none; set it to 0 or import the log with its times");
  if ((config.first_kind >= 0 || config.second_kind >= 0) && domain.kind.empty())
    return usage_error("first_kind and second_kind need kinds of events, and domain " +
                       domain.name + " has none; set both to -1 or import the log with its kinds");
  return ok_status();
}

// 2^(-age / half life) for rows of positive weight, else 0.
std::vector<float> by_age(double half_life_days, const Domain& domain) {
  std::int64_t newest_ns = std::numeric_limits<std::int64_t>::min();
  for (const std::int64_t time_ns : domain.time_ns) newest_ns = std::max(newest_ns, time_ns);
  std::vector<float> counts(domain.weight.size());
  for (std::size_t row = 0; row < counts.size(); ++row) {
    if (!(domain.weight[row] > 0)) continue;
    counts[row] = 1;
    if (half_life_days == 0) continue;
    const auto age_ns = static_cast<double>(newest_ns - domain.time_ns[row]);
    counts[row] = static_cast<float>(std::exp2(-age_ns / kDayNs / half_life_days));
  }
  return counts;
}

void keep_kind(std::int64_t kind, const Domain& domain, std::vector<float>& counts) {
  if (kind < 0) return;
  for (std::size_t row = 0; row < counts.size(); ++row)
    if (std::int64_t{domain.kind[row]} != kind) counts[row] = 0;
}

std::vector<float> powers_of_sums(const Domain& domain, const std::vector<float>& counts,
                                  double power) {
  std::vector<double> sums(at(domain.items.size()));
  for (std::size_t row = 0; row < counts.size(); ++row) sums[at(domain.item[row])] += counts[row];
  std::vector<float> powers;
  for (const double sum : sums)
    powers.push_back(sum > 0 ? static_cast<float>(std::pow(sum, power)) : 0);
  return powers;
}

}  // namespace

Result<WeighedPlays> weigh_plays(const CovisitConfig& config, const Domain& domain) {
  CROSSFADE_RETURN_IF_ERROR(check_columns(config, domain));
  WeighedPlays plays;
  std::vector<float> counts = by_age(config.half_life_days, domain);
  plays.arriving = powers_of_sums(domain, counts, -config.popularity);
  if (config.weighted) plays.second.assign(domain.weight.begin(), domain.weight.end());
  if (config.second_kind >= 0 && !config.weighted) plays.second.assign(counts.size(), 1);
  keep_kind(config.second_kind, domain, plays.second);
  keep_kind(config.first_kind, domain, counts);
  plays.leaving = powers_of_sums(domain, counts, -config.per_play);
  if (config.half_life_days > 0 || config.first_kind >= 0) plays.first = std::move(counts);
  return plays;
}

std::vector<float> shares_by_distance(const CovisitConfig& config) {
  std::vector<float> shares;
  for (std::int64_t d = 1; d <= config.window; ++d)
    shares.push_back(config.distance == "equal"     ? 1.0F
                     : config.distance == "inverse" ? 1.0F / static_cast<float>(d)
                                                    : std::exp2(1.0F - static_cast<float>(d)));
  return shares;
}

}  // namespace crossfade
