// Two Parzen densities and a ratio.
#include "crossfade/pipeline/search.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/base/statistics.h"

namespace crossfade {
namespace {

constexpr double kGoodShare = 0.15;
constexpr std::int64_t kMostGood = 25;

// A density over the space: a kernel around each point, and one over everything.
class Parzen {
 public:
  Parzen(const SearchSpace& space, std::vector<const SearchPoint*> points)
      : space_(space), points_(std::move(points)) {
    const double n = std::max<double>(1, static_cast<double>(points_.size()));
    const double dims = static_cast<double>(space.dimensions().size());
    width_ = std::max(0.02, 0.2 * std::pow(n, -1 / (dims + 4)));  // Scott's rule, 1992
    stray_ = 0.5 / std::sqrt(n);
    for (const SearchPoint* center : points_) {
      log_masses_.emplace_back();
      for (const double c : *center)
        log_masses_.back().push_back(
            std::log(width_ * (normal_cdf((1 - c) / width_) - normal_cdf(-c / width_))));
    }
  }

  SearchPoint draw(Rng& rng) const {
    const std::uint64_t component = rng.below(points_.size() + 1);
    SearchPoint point;
    for (std::size_t d = 0; d < space_.dimensions().size(); ++d)
      point.push_back(component == points_.size() ? draw_anywhere(d, rng)
                                                  : draw_near(d, (*points_[component])[d], rng));
    return point;
  }

  double log_density(const SearchPoint& x) const {
    std::vector<double> logs;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      double sum = 0;
      for (std::size_t d = 0; d < x.size(); ++d) sum += log_kernel(i, d, x[d]);
      logs.push_back(sum);
    }
    double anywhere = 0;
    for (const SearchDimension& dimension : space_.dimensions())
      if (dimension.is_choice()) anywhere -= std::log(options(dimension));
    logs.push_back(anywhere);
    const double most = *std::max_element(logs.begin(), logs.end());
    double sum = 0;
    for (const double log : logs) sum += std::exp(log - most);
    return most + std::log(sum / static_cast<double>(logs.size()));
  }

  static double draw_option(const SearchDimension& dimension, Rng& rng) {
    return static_cast<double>(rng.below(dimension.options.size()));
  }

 private:
  static double options(const SearchDimension& dimension) {
    return static_cast<double>(dimension.options.size());
  }

  double draw_anywhere(std::size_t d, Rng& rng) const {
    const SearchDimension& dimension = space_.dimensions()[d];
    return dimension.is_choice() ? draw_option(dimension, rng) : rng.uniform();
  }

  double draw_near(std::size_t d, double center, Rng& rng) const {
    const SearchDimension& dimension = space_.dimensions()[d];
    if (dimension.is_choice()) return rng.uniform() < stray_ ? draw_option(dimension, rng) : center;
    for (int i = 0; i < 100; ++i)
      if (const double x = center + width_ * rng.normal(); x >= 0 && x <= 1) return x;
    return center;
  }

  double log_kernel(std::size_t i, std::size_t d, double x) const {
    const SearchDimension& dimension = space_.dimensions()[d];
    const double center = (*points_[i])[d];
    if (dimension.is_choice())
      return std::log((center == x ? 1 - stray_ : 0) + stray_ / options(dimension));
    const double z = (x - center) / width_;
    return -0.5 * z * z - log_masses_[i][d];  // the factor of pi cancels in the ratio
  }

  const SearchSpace& space_;
  std::vector<const SearchPoint*> points_;
  std::vector<std::vector<double>> log_masses_;  // what of each Gaussian lies in [0, 1]
  double width_, stray_;  // of a Gaussian; the chance that a choice is drawn anew
};

SearchPoint draw_uniform(const SearchSpace& space, Rng& rng) {
  SearchPoint point;
  for (const SearchDimension& dimension : space.dimensions())
    point.push_back(dimension.is_choice() ? Parzen::draw_option(dimension, rng) : rng.uniform());
  return point;
}

}  // namespace

SearchPoint suggest(const SearchSpace& space, std::span<const TriedPoint> tried,
                    const SearchOptions& options, std::uint64_t attempt) {
  Rng rng(options.seed, tried.size() * 1024 + attempt);
  if (static_cast<std::int64_t>(tried.size()) < options.random_tries)
    return draw_uniform(space, rng);

  std::vector<std::size_t> order(tried.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (tried[a].rung != tried[b].rung) return tried[a].rung > tried[b].rung;
    return tried[a].score > tried[b].score;
  });
  const auto good = static_cast<std::size_t>(
      std::min<double>(kMostGood, std::ceil(kGoodShare * static_cast<double>(tried.size()))));
  std::vector<const SearchPoint*> best, rest;
  for (std::size_t i = 0; i < order.size(); ++i)
    (i < good ? best : rest).push_back(&tried[order[i]].point);
  const Parzen l(space, std::move(best)), g(space, std::move(rest));

  SearchPoint next;
  double most = 0;
  for (std::int64_t i = 0; i < options.candidates; ++i) {
    SearchPoint candidate = l.draw(rng);
    const double ratio = l.log_density(candidate) - g.log_density(candidate);
    if (i == 0 || ratio > most) {
      most = ratio;
      next = std::move(candidate);
    }
  }
  return next;
}

}  // namespace crossfade
