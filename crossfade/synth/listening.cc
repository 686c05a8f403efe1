// Draws lengths once per track, everything else play by play.
#include "crossfade/synth/listening.h"

#include <algorithm>
#include <cmath>

namespace crossfade {
namespace {

constexpr double kShortest = 30, kLongest = 1200;               // seconds
constexpr double kWhole = 0.65, kLeast = 0.4;                   // of plays that are not skipped
constexpr double kReplaysSkip = 0.85, kDiscoveriesSkip = 1.15;  // times the session's chance
constexpr double kMostImpatient = 0.85;

}  // namespace

Listening::Listening(const ListeningShape& shape, std::int64_t items, std::uint64_t seed,
                     ThreadPool& threads)
    : shape_(shape), lengths_s_(static_cast<std::size_t>(items)) {
  threads.parallel_for(items, 1 << 12, [&](std::int64_t begin, std::int64_t end, int) {
    for (std::int64_t i = begin; i < end; ++i) {
      Rng rng(seed, static_cast<std::uint64_t>(i));
      const double length = shape.length_s * std::exp(shape.length_sigma * rng.normal());
      lengths_s_[static_cast<std::size_t>(i)] =
          static_cast<float>(std::round(std::clamp(length, kShortest, kLongest)));
    }
  });
}

// u^((1 - m) / m) has the mean m and is U-shaped: most sessions skip hardly anything or very much.
double Listening::draw_impatience(std::int64_t size, Rng& rng) const {
  const double doublings = std::max(0.0, std::log2(static_cast<double>(size)) - 2);
  const double mean = std::min(shape_.skip + shape_.skip_growth * doublings, kMostImpatient);
  return mean > 0 ? std::pow(rng.uniform(), (1 - mean) / mean) : 0;
}

float Listening::draw_played_s(std::int32_t item, bool replay, double impatience, Rng& rng) const {
  const double chance = impatience * (replay ? kReplaysSkip : kDiscoveriesSkip);
  const bool skipped = rng.uniform() < chance;
  const double u = rng.uniform();
  double heard = 1;
  if (skipped)
    heard = kSkippedUnder * u * u * std::sqrt(u);
  else if (u >= kWhole)
    heard = kLeast + (1 - kLeast) * (u - kWhole) / (1 - kWhole);
  return std::round(static_cast<float>(heard * 10 * double{length_s(item)})) / 10;
}

// Log-logistic: half of the pauses are under the median, a tenth over nine times as long.
std::int64_t Listening::draw_pause_ms(Rng& rng) const {
  const double u = rng.uniform();
  return static_cast<std::int64_t>(
      std::min(1000 * shape_.pause_s * u / (1 - u), static_cast<double>(kLongestGapMs)));
}

}  // namespace crossfade
