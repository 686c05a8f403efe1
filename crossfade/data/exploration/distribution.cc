// Small counts are counted, the rest sorted.
#include "crossfade/data/exploration/distribution.h"

#include <algorithm>
#include <cmath>

namespace crossfade {
namespace {

constexpr std::size_t kSmall = 4096;

// A value and how many counts have it; values rise.
struct Step {
  std::int64_t value, counts;
};

std::vector<std::int64_t> thresholds_up_to(std::int64_t greatest) {
  std::vector<std::int64_t> thresholds;
  for (std::int64_t power = 1; power <= greatest; power *= 10) {
    for (const double factor : {1.0, 1.25, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
      const auto value =
          static_cast<std::int64_t>(std::llround(factor * static_cast<double>(power)));
      if (value > greatest) break;
      if (thresholds.empty() || value > thresholds.back()) thresholds.push_back(value);
    }
    if (power > greatest / 10) break;
  }
  return thresholds;
}

// The value below or at which `share` of all counts lie.
std::int64_t quantile(const std::vector<Step>& steps, std::int64_t size, double share) {
  const auto wanted = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(size)));
  std::int64_t passed = 0;
  for (const Step& step : steps) {
    passed += step.counts;
    if (passed >= wanted) return step.value;
  }
  return steps.empty() ? 0 : steps.back().value;
}

Distribution from_steps(const std::vector<Step>& steps) {
  Distribution distribution;
  if (steps.empty()) return distribution;
  for (const Step& step : steps) {
    distribution.size += step.counts;
    distribution.total += step.value * step.counts;
  }
  const std::int64_t size = distribution.size;
  distribution.least = steps.front().value;
  distribution.q25 = quantile(steps, size, 0.25);
  distribution.median = quantile(steps, size, 0.5);
  distribution.q75 = quantile(steps, size, 0.75);
  distribution.q90 = quantile(steps, size, 0.9);
  distribution.q99 = quantile(steps, size, 0.99);
  distribution.greatest = steps.back().value;
  distribution.thresholds = thresholds_up_to(distribution.greatest);
  std::int64_t below = 0;
  auto step = steps.begin();
  for (const std::int64_t threshold : distribution.thresholds) {
    for (; step != steps.end() && step->value < threshold; ++step) below += step->counts;
    distribution.at_least.push_back(size - below);
  }
  return distribution;
}

}  // namespace

double Distribution::mean() const {
  return size == 0 ? 0 : static_cast<double>(total) / static_cast<double>(size);
}

Distribution distribution_of(std::span<const std::int64_t> counts) {
  std::vector<std::int64_t> small(kSmall, 0), large;
  for (const std::int64_t count : counts) {
    if (count <= 0) continue;
    if (count < static_cast<std::int64_t>(kSmall))
      ++small[static_cast<std::size_t>(count)];
    else
      large.push_back(count);
  }
  std::sort(large.begin(), large.end());
  std::vector<Step> steps;
  for (std::size_t value = 1; value < kSmall; ++value)
    if (small[value] > 0) steps.push_back({static_cast<std::int64_t>(value), small[value]});
  for (const std::int64_t value : large) {
    if (steps.empty() || steps.back().value != value) steps.push_back({value, 0});
    ++steps.back().counts;
  }
  return from_steps(steps);
}

Distribution distribution_of_histogram(std::span<const std::int64_t> histogram) {
  std::vector<Step> steps;
  for (std::size_t value = 1; value < histogram.size(); ++value)
    if (histogram[value] > 0) steps.push_back({static_cast<std::int64_t>(value), histogram[value]});
  return from_steps(steps);
}

Distribution distribution_of_values(std::span<const std::int64_t> values,
                                    std::span<const std::int64_t> counts) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < values.size(); ++i) steps.push_back({values[i], counts[i]});
  return from_steps(steps);
}

Json to_json(const Distribution& distribution) {
  Json at_least = Json::array();
  for (std::size_t i = 0; i < distribution.thresholds.size(); ++i)
    at_least.push(Json::array().push(distribution.thresholds[i]).push(distribution.at_least[i]));
  return Json::object()
      .set("size", distribution.size)
      .set("mean", distribution.mean())
      .set("min", distribution.least)
      .set("q25", distribution.q25)
      .set("median", distribution.median)
      .set("q75", distribution.q75)
      .set("q90", distribution.q90)
      .set("q99", distribution.q99)
      .set("max", distribution.greatest)
      .set("at_least", std::move(at_least));
}

std::vector<std::string> distribution_headings() {
  return {"of", "count", "mean", "min", "25%", "median", "75%", "90%", "99%", "max"};
}

std::vector<Cell> distribution_cells(const Distribution& distribution) {
  std::vector<Cell> cells{Cell::count(distribution.size),
                          Cell::number(distribution.mean(), distribution.mean() < 1000 ? 1 : 0)};
  for (const std::int64_t value :
       {distribution.least, distribution.q25, distribution.median, distribution.q75,
        distribution.q90, distribution.q99, distribution.greatest})
    cells.push_back(Cell::count(value));
  return cells;
}

PlotBlock::Series distribution_series(const Distribution& distribution, const std::string& name) {
  PlotBlock::Series series{.name = name};
  for (std::size_t i = 0; i < distribution.thresholds.size(); ++i) {
    series.x.push_back(static_cast<double>(distribution.thresholds[i]));
    series.y.push_back(static_cast<double>(distribution.at_least[i]));
  }
  return series;
}

}  // namespace crossfade
