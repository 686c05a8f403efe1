// Distribution: how counts are spread: events per user, per item, per session.
//
// Such counts have long tails, so what describes them is quantiles, and on two logarithmic axes how
// many of the counted things have at least 1, 2, 3, 5, .. (a straight line would be a power law).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct Distribution {
  std::int64_t size = 0;   // counts above 0
  std::int64_t total = 0;  // their sum
  std::int64_t least = 0, q25 = 0, median = 0, q75 = 0, q90 = 0, q99 = 0, greatest = 0;
  // at_least[i] counts are thresholds[i] or more; thresholds rise, about ten per power of ten.
  std::vector<std::int64_t> thresholds, at_least;

  double mean() const;
};

// Counts of 0 are left out. A quantile is the least count that at least that share does not exceed.
// Linear, but for a sort of the counts above 4,096, which are few.
Distribution distribution_of(std::span<const std::int64_t> counts);
// The same of histogram[i] counts of i each.
Distribution distribution_of_histogram(std::span<const std::int64_t> histogram);
// The same of counts[i] counts of values[i] each; values are above 0 and rise.
Distribution distribution_of_values(std::span<const std::int64_t> values,
                                    std::span<const std::int64_t> counts);

// {"size": .., "mean": .., "min": .., "q25": .., .., "max": .., "at_least": [[1, 900], [2, 700],
// ..]}
Json to_json(const Distribution& distribution);
// A row of a table: size, mean, min, q25, median, q75, q90, q99, max; and its headings.
std::vector<std::string> distribution_headings();
std::vector<Cell> distribution_cells(const Distribution& distribution);
// Thresholds against at_least, both logarithmic.
PlotBlock::Series distribution_series(const Distribution& distribution, const std::string& name);

}  // namespace crossfade
