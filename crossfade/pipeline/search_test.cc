// The search: settings and points fit each other; a planted optimum is found better than at random.
#include "crossfade/pipeline/search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

// A model's knobs as the trainers declare them.
struct PlantedConfig {
  std::int64_t factors = 128;
  double strength = 1, share = 0.5;
  std::string weighting = "flat";
  bool centered = false;
  std::int64_t rounds = 16;
  double fixed = 3;
  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("factors", factors, between(1, 4096).tuned_log(16, 256), "size");
    knob("strength", strength, between(0, 1e9).tuned_log(1e-4, 10), "strength");
    knob("share", share, between(0, 1).tuned(0, 1), "share");
    knob("weighting", weighting, one_of({"flat", "steep", "log"}).tuned(), "weighting");
    knob("centered", centered, yes_or_no().tuned(), "centered");
    knob("rounds", rounds, between(1, 100).effort(4), "time");
    knob("fixed", fixed, between(0, 9), "never tuned");
  }
};

SearchSpace space(const std::vector<std::string>& fixed = {}) {
  return *SearchSpace::make("planted", list_knobs<PlantedConfig>(), fixed);
}

// Best at factors 64, strength 0.01 * share / 0.3, share 0.3, steep: 0 there, negative elsewhere.
double planted(const std::vector<std::string>& settings) {
  PlantedConfig config;
  EXPECT_TRUE(apply_settings(config, "planted", settings).ok());
  const double factors = std::log2(static_cast<double>(config.factors) / 64) / 4;
  const double strength = std::log10(config.strength / 0.01 * 0.3 / (config.share + 0.01)) / 5;
  const double share = config.share - 0.3;
  return -(factors * factors + 8 * strength * strength + 2 * share * share) -
         (config.weighting == "steep" ? 0 : 0.1) - (config.centered ? 0.05 : 0);
}

// The best of `tries`, asking the model after the first ten or never.
double best_of(std::int64_t tries, std::uint64_t seed, bool model) {
  const SearchSpace where = space();
  SearchOptions options;
  options.seed = seed;
  if (!model) options.random_tries = tries;
  std::vector<TriedPoint> tried;
  double best = -1e9;
  for (std::int64_t i = 0; i < tries; ++i) {
    const auto settings = where.settings(suggest(where, tried, options));
    const double score = planted(settings);
    tried.push_back({where.point(settings), 0, score});
    best = std::max(best, score);
  }
  return best;
}

TEST(SearchSpace, SettingsAndPointsFitEachOther) {
  const SearchSpace where = space();
  ASSERT_EQ(where.dimensions().size(), 5u);
  EXPECT_EQ(where.settings({0, 1, 0.123456, 2, 1}),
            (std::vector<std::string>{"factors=16", "strength=10", "share=0.123", "weighting=log",
                                      "centered=true"}));
  for (double u = 0; u <= 1; u += 0.1) {
    const auto settings = where.settings({u, u, u, 1, 0});
    EXPECT_EQ(where.settings(where.point(settings)), settings) << join(settings, " ");
  }
  EXPECT_EQ(where.settings(where.point({}))[0], "factors=128");
  EXPECT_EQ(where.effort()->name, "rounds");
  EXPECT_EQ(where.effort()->top, 16);
}

TEST(SearchSpace, FixedKnobsAreNotSearched) {
  const SearchSpace where = space({"factors=32", "rounds=30"});
  EXPECT_EQ(where.dimensions().size(), 4u);
  EXPECT_EQ(where.effort()->top, 30);
  const auto knobs = list_knobs<PlantedConfig>();
  EXPECT_NE(SearchSpace::make("planted", knobs, {"factor=3"}).status().message().find("'factors'"),
            std::string::npos);
  EXPECT_EQ(SearchSpace::make("planted", knobs, {"factors=0"}).status().kind(), StatusKind::kUsage);
  EXPECT_EQ(SearchSpace::make("planted", {knobs[6]}, {}).status().kind(), StatusKind::kUsage);
}

TEST(SearchSpace, RangesCanBeGiven) {
  const auto knobs = list_knobs<PlantedConfig>();
  const auto other = with_ranges("planted", knobs, {"factors=2..7"});
  ASSERT_TRUE(other.ok()) << other.status().message();
  const auto factors = std::find_if(other->begin(), other->end(),
                                    [](const KnobInfo& knob) { return knob.name == "factors"; });
  EXPECT_EQ(factors->range.tune.kind, TuneRange::Kind::kLog);
  EXPECT_EQ(factors->range.tune.low, 2);
  EXPECT_EQ(factors->range.tune.high, 7);
  for (const char* wrong :
       {"factors=7..2", "factors=2", "factors=-5..7", "factors=a..b", "factors"})
    EXPECT_EQ(with_ranges("planted", knobs, {wrong}).status().kind(), StatusKind::kUsage) << wrong;
  EXPECT_NE(with_ranges("planted", knobs, {"factor=2..7"}).status().message().find("'factors'"),
            std::string::npos);
}

TEST(Search, IsAFunctionOfItsArguments) {
  const SearchSpace where = space();
  std::vector<TriedPoint> tried;
  for (int i = 0; i < 30; ++i) {
    const SearchPoint next = suggest(where, tried, {});
    EXPECT_EQ(next, suggest(where, tried, {}));
    EXPECT_NE(next, suggest(where, tried, {}, 1));
    for (std::size_t d = 0; d < next.size(); ++d) {
      EXPECT_GE(next[d], 0);
      EXPECT_LE(next[d], where.dimensions()[d].is_choice() ? 2 : 1);
    }
    tried.push_back({next, 0, planted(where.settings(next))});
  }
}

// Forty tries each, fifty seeds: the mean distance to the optimum is at most half of that of random
// search, and the model is the better one for most seeds.
TEST(Search, FindsAPlantedOptimumBetterThanAtRandom) {
  double model = 0, random = 0;
  int wins = 0;
  constexpr int kSeeds = 50;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const double a = best_of(40, seed, true), b = best_of(40, seed, false);
    model -= a;
    random -= b;
    wins += a > b;
  }
  RecordProperty("mean_distance_model", std::to_string(model / kSeeds));
  RecordProperty("mean_distance_random", std::to_string(random / kSeeds));
  EXPECT_LT(model, 0.5 * random) << model / kSeeds << " against " << random / kSeeds;
  EXPECT_GE(wins, 40);
}

// A try that came farther is the better one, whatever its score.
TEST(Search, FartherRungsCountAsBetter) {
  const SearchSpace where = space();
  std::vector<TriedPoint> tried;
  for (int i = 0; i < 40; ++i) {
    const bool far = i % 4 == 0;
    const double x = far ? 0.9 : 0.1;
    tried.push_back({{x, x, x, 0, 0}, far ? 1 : 0, far ? 0.1 : 0.5});
  }
  int near_far = 0;
  for (std::uint64_t attempt = 0; attempt < 20; ++attempt)
    near_far += suggest(where, tried, {}, attempt)[0] > 0.5;
  EXPECT_GE(near_far, 15);
}

}  // namespace
}  // namespace crossfade
