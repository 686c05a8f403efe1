// The map against its normal equations, and who is answered by it, by ALS, or by both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/scored.h"
#include "crossfade/models/trainer.h"
#include "crossfade/models/user_map/user_map_model.h"

namespace crossfade {
namespace {

constexpr std::size_t kFactors = 4, kSourceFactors = 3;
const std::vector<std::string> kSettings{"factors=4", "source_factors=3", "l2=0.5"};

// 120 users with things, videos and songs at random; of the first 30 no songs, of the next 30 no
// videos.
const Dataset& world() {
  static const Dataset dataset = [] {
    Rng rng(5);
    std::vector<TestRow> things, videos, songs;
    std::int64_t time_ns = 0;
    const auto meet = [&](std::vector<TestRow>& rows, std::int64_t user, std::int64_t items) {
      for (std::int64_t item = 0; item < items; ++item)
        if (rng.uniform() < ((item + user) % 3 == 0 ? 0.5 : 0.1))
          rows.push_back({user, item, time_ns += 1'000'000'000});
    };
    for (std::int64_t user = 0; user < 120; ++user) {
      meet(things, user, 25);
      if (user < 30 || user >= 60) meet(videos, user, 20);
      if (user >= 30) meet(songs, user, 30);
    }
    TestContext run;
    const Dataset first = *build_dataset(Dataset(), "shop", make_log(things), run);
    const Dataset second = *build_dataset(first, "cinema", make_log(videos), run);
    return *build_dataset(second, "music", make_log(songs), run);
  }();
  return dataset;
}

std::unique_ptr<Model> learn(const std::string& generator, std::vector<std::string> settings,
                             std::vector<LearnWith> with, int threads = 2) {
  TestContext run(threads);
  TrainInput input{world(), 2, std::move(settings), 7};
  input.with = std::move(with);
  auto model = find_trainer(generator)->train(input, run);
  CROSSFADE_CHECK(model.ok(), model.status().message());
  return std::move(model).value();
}

std::unique_ptr<Model> learn_map(std::vector<std::string> more = {}, int threads = 2) {
  std::vector<std::string> settings = kSettings;
  settings.insert(settings.end(), more.begin(), more.end());
  return learn("user_map", settings, {{0, 1}, {1, 1}}, threads);
}

const UserMap& map_of(const Model& model) {
  return dynamic_cast<const UserMapModel&>(model).map();
}

JointDomains domains() {
  return {2, 30, {{0, "shop", 25, 1, {}}, {1, "cinema", 20, 1, {}}}};
}

TEST(UserMap, SolvesTheNormalEquationsOfItsUsers) {
  const auto model = learn_map(),
             als = learn("als", {"factors=4", "regularization=0.003", "unobserved_weight=0.1"}, {});
  const UserMap& map = map_of(*model);
  const auto& target = dynamic_cast<const AlsModel&>(*als);
  ASSERT_EQ(map.weights.size(), 2 * kSourceFactors * kFactors);
  std::vector<double> slopes(map.weights.size()), sums(kFactors);
  double shared = 0;
  for (UserIndex user = 0; user < world().num_users(); ++user) {
    const DatasetUser one(world(), user);
    const std::vector<float> z = map.describe(domains(), one.view());
    const std::vector<float> x = target.fold_in_user(history_of(one.view(), 2));
    if (z.empty() || history_of(one.view(), 2).empty()) continue;
    ++shared;
    for (std::size_t f = 0; f < kFactors; ++f) {
      double error = x[f] - map.target_mean[f];
      sums[f] += x[f];
      for (std::size_t k = 0; k < z.size(); ++k) error -= map.weights[f * z.size() + k] * z[k];
      for (std::size_t k = 0; k < z.size(); ++k) slopes[f * z.size() + k] += error * z[k];
    }
  }
  EXPECT_EQ(shared, 90);
  for (std::size_t f = 0; f < kFactors; ++f)
    EXPECT_NEAR(sums[f] / shared, map.target_mean[f], 1e-5);
  for (std::size_t n = 0; n < slopes.size(); ++n)
    EXPECT_NEAR(slopes[n], 0.5 * map.weights[n], 1e-4) << n;
}

TEST(UserMap, ADomainInWhichAUserIsUnknownAddsNothing) {
  const auto model = learn_map();
  const UserMap& map = map_of(*model);
  const DatasetUser user(world(), 40);  // no videos
  ASSERT_TRUE(history_of(user.view(), 1).empty());
  const std::vector<float> z = map.describe(domains(), user.view());
  ASSERT_EQ(z.size(), 2 * kSourceFactors);
  double square = 0;
  for (std::size_t k = 0; k < kSourceFactors; ++k) {
    square += std::pow(z[k] + map.means[k], 2);
    EXPECT_EQ(z[kSourceFactors + k], 0);
  }
  EXPECT_NEAR(square, 1, 1e-5);
  EXPECT_TRUE(map.apply(domains(), {}).empty());
}

// Scores are products with the factors, so they blend as the factors do.
TEST(UserMapModel, TheMoreAUserDoesTheLessTheMapCounts) {
  const std::vector<std::string> als_settings{"factors=4", "regularization=0.003",
                                              "unobserved_weight=0.1"};
  const auto own = learn("als", als_settings, {}), blended = learn_map({"prior=4"});
  const auto mapped = learn_map({"prior=1000000"});
  const DatasetUser warm(world(), 100);
  const History history = history_of(warm.view(), 2);
  const double n = static_cast<double>(history.size());
  const auto scores = [&](const Model& model) {
    std::vector<double> by_item(30);
    for (const ScoredItem& scored : model.recommend(warm.view(), 2, {30, true}))
      by_item[static_cast<std::size_t>(scored.item)] = scored.score;
    return by_item;
  };
  const auto of_own = scores(*own), of_map = scores(*mapped), of_both = scores(*blended);
  for (std::size_t i = 0; i < 30; ++i)
    EXPECT_NEAR(of_both[i], (n * of_own[i] + 4 * of_map[i]) / (n + 4), 1e-3) << i;
  EXPECT_EQ(learn_map({"prior=0"})->recommend(warm.view(), 2, {5}),
            own->recommend(warm.view(), 2, {5}));
  const auto terms = blended->explain(warm.view(), 2, 0, 100);
  double sum = 0;
  for (const ScoredItem& term : terms) sum += term.score;
  EXPECT_NEAR(sum, n / (n + 4) * of_own[0], 1e-3);
}

TEST(UserMapModel, WhoIsKnownElsewhereAloneIsAnsweredByTheMap) {
  const auto model = learn_map();
  const DatasetUser cold(world(), 3);
  ASSERT_TRUE(history_of(cold.view(), 2).empty());
  const auto list = model->recommend(cold.view(), 2, {5});
  EXPECT_EQ(list.size(), 5u);
  const UserMap& map = map_of(*model);
  const std::vector<float> x = map.apply(domains(), cold.view());
  EXPECT_EQ(x.size(), kFactors);
  EXPECT_TRUE(model->explain(cold.view(), 2, list[0].item, 5).empty());
  EXPECT_TRUE(model->recommend({}, 2, {5}).empty());
  // A stranger with one thing bought now is no different from a user with that history.
  const History bought = history_of(cold.view(), 0);
  const std::vector<History> live{bought, history_of(cold.view(), 1), {}};
  EXPECT_EQ(model->recommend({kUnknown, live}, 2, {5}), list);
  EXPECT_EQ(learn_map({}, 1)->recommend(cold.view(), 2, {5}), list);
}

TEST(UserMapModel, WithoutHelpItIsAls) {
  const auto alone = learn("user_map", {"factors=4"}, {});
  const auto als = learn("als", {"factors=4", "regularization=0.003", "unobserved_weight=0.1"}, {});
  const DatasetUser user(world(), 100);
  EXPECT_EQ(alone->recommend(user.view(), 2, {8}), als->recommend(user.view(), 2, {8}));
}

TEST(UserMapModel, ColumnsThatDoNotFitAreRefused) {
  const auto model = learn_map();
  const auto refusal = [&](const std::function<void(UserMap&)>& damage) {
    const UserMap& good = map_of(*model);
    UserMap map{good.config, {}, good.means, good.target_mean, good.weights};
    for (const MapSource& source : good.sources)
      map.sources.push_back(
          {{source.items.values, source.items.rows, source.items.dims}, source.strengths});
    damage(map);
    return map.check().message();
  };
  EXPECT_EQ(refusal([](UserMap&) {}), "");
  const auto again = testing::HasSubstr("train it again");
  EXPECT_THAT(refusal([](UserMap& map) { map.means = std::vector<float>(1); }), again);
  EXPECT_THAT(refusal([](UserMap& map) { map.weights = std::vector<float>(7); }), again);
  EXPECT_THAT(refusal([](UserMap& map) {
                map.target_mean =
                    std::vector<float>(kFactors, std::numeric_limits<float>::infinity());
              }),
              again);
  EXPECT_THAT(refusal([](UserMap& map) {
                map.sources[0].strengths = std::vector<float>(kSourceFactors, -1.0F);
              }),
              again);
  EXPECT_THAT(refusal([](UserMap& map) { map.sources[1].items.rows = 3; }),
              testing::HasSubstr("helping domain"));
}

}  // namespace
}  // namespace crossfade
