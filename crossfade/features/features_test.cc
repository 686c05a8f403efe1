// Features worked out by hand, and what no feature may do: look at what came after the moment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/features/feature.h"
#include "crossfade/features/item_scores.h"
#include "crossfade/features/user_activity.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::NanSensitiveFloatEq;

constexpr std::int64_t kDay = 86'400'000'000'000;
constexpr float kNotKnown = std::numeric_limits<float>::quiet_NaN();

// Items 10, 20, 30 become 0, 1, 2. User 1 has item 10 twice.
Dataset plays() {
  return make_dataset({{1, 10, 5},
                       {1, 20, 9 * kDay + 7},
                       {1, 10, 60 * kDay},
                       {2, 10, 3 * kDay},
                       {3, 10, 4 * kDay},
                       {3, 30, 4 * kDay}});
}

LabelAttribute labels(std::vector<std::int64_t> offsets, std::vector<std::int32_t> codes,
                      std::vector<std::string> names) {
  LabelAttribute attribute;
  attribute.offsets = std::move(offsets);
  attribute.codes = std::move(codes);
  attribute.labels = StringArray(names);
  return attribute;
}

FeatureTable ask(const Feature& feature, const FeatureQuestion& question) {
  const auto shared = std::shared_ptr<const Feature>(&feature, [](const Feature*) {});
  const auto set = FeatureSet::make({shared});
  FeatureTable table = set->table();
  set->append(question, table);
  EXPECT_TRUE(table.check().ok());
  return table;
}

TEST(UserActivity, CountsDaysFromTheFirstToTheLast) {
  const Dataset dataset = plays();
  const UserActivity one = activity_of(dataset.domains()[0].history(0));
  EXPECT_DOUBLE_EQ(one.listening_month, 61 / 30.4375);
  EXPECT_DOUBLE_EQ(one.tracks_listened, 3);
  EXPECT_DOUBLE_EQ(one.tracks_per_month, 3 * 30.4375 / 61);
  const UserActivity two = activity_of(dataset.domains()[0].history(1));
  EXPECT_DOUBLE_EQ(two.listening_month, 1 / 30.4375);  // one day, not none
  const UserActivity nobody = activity_of({});
  EXPECT_TRUE(std::isnan(nobody.listening_month) && std::isnan(nobody.tracks_per_month));
  EXPECT_EQ(nobody.tracks_listened, 0);
}

TEST(UserActivity, SeesNothingFromTheMomentOn) {
  const Dataset dataset = plays();
  const DatasetUser user(dataset, 0);
  const std::vector<ItemIndex> items{2, 0};
  const UserActivityFeature feature;
  const auto at = [&](std::int64_t moment_ns) {
    return ask(feature, {user.view(), 0, moment_ns, items});
  };
  // At day 60 the third event is not known yet; every item has the same numbers.
  EXPECT_THAT(*at(60 * kDay).find("tracks_listened"), ElementsAre(2, 2));
  EXPECT_THAT(*at(60 * kDay).find("listening_month"),
              ElementsAre(FloatNear(10 / 30.4375F, 1e-6F), FloatNear(10 / 30.4375F, 1e-6F)));
  EXPECT_THAT(*at(60 * kDay + 1).find("tracks_listened"), ElementsAre(3, 3));
  EXPECT_THAT(*at(0).find("listening_month"),
              ElementsAre(NanSensitiveFloatEq(kNotKnown), NanSensitiveFloatEq(kNotKnown)));
}

TEST(ItemScores, AreTheUsersAndTheGenresShares) {
  Dataset plain = plays();
  Domain domain = plain.domains()[0];
  // Users per item: 3, 1, 1. Genre rock (items 0, 1): users 1, 2, 3; jazz (items 1, 2): 1, 3.
  domain.about.attributes.push_back(
      {"genres", labels({0, 1, 3, 4}, {0, 0, 1, 1}, {"rock", "jazz"})});
  domain.about.attributes.push_back(
      {"albums", labels({0, 2, 2, 4}, {0, 1, 2, 2}, {"a", "b", "c"})});
  TestContext run;
  const auto scores = ItemScores::of(domain, run);
  ASSERT_TRUE(scores.ok());
  const std::vector<ItemIndex> items{0, 1, 2, 3};
  const FeatureTable table = ask(*scores, {{}, 0, 0, items});
  const auto unknown = NanSensitiveFloatEq(kNotKnown);
  EXPECT_THAT(*table.find("num_users_norm"), ElementsAre(1, 0, 0, unknown));
  EXPECT_THAT(*table.find("num_albums"), ElementsAre(2, 0, 1, unknown));
  EXPECT_THAT(*table.find("genre_score_mean"), ElementsAre(1, FloatNear((1 + 2 / 3.0F) / 2, 1e-6F),
                                                           FloatNear(2 / 3.0F, 1e-6F), unknown));
  // Without labels only the users are known.
  const auto bare = ItemScores::of(plain.domains()[0], run);
  ASSERT_TRUE(bare.ok());
  const FeatureTable without = ask(*bare, {{}, 0, 0, items});
  EXPECT_THAT(*without.find("genre_score_mean"), testing::Each(unknown));
  EXPECT_EQ((*without.find("num_users_norm"))[0], 1);
}

TEST(ItemScores, CountsLieBetweenTheLeastAndTheMost) {
  EXPECT_THAT(between_least_and_most({5, 1, 3}), ElementsAre(1, 0, 0.5));
  EXPECT_THAT(between_least_and_most({4, 4}), ElementsAre(0, 0));
  EXPECT_TRUE(between_least_and_most({}).empty());
}

TEST(FeatureSet, PutsColumnsSideBySideAndRowsBelowEachOther) {
  const Dataset dataset = plays();
  TestContext run;
  const auto scores = std::make_shared<ItemScores>(*ItemScores::of(dataset.domains()[0], run));
  const auto activity = std::make_shared<UserActivityFeature>();
  const auto set = FeatureSet::make({activity, scores});
  ASSERT_TRUE(set.ok());
  FeatureTable table = set->table();
  const std::vector<ItemIndex> first{0, 1}, second{2};
  for (const auto& [user, items] : {std::pair(0, first), std::pair(1, second)})
    set->append({DatasetUser(dataset, user).view(), 0, 1000 * kDay, items}, table);
  ASSERT_TRUE(table.check().ok());
  EXPECT_EQ(table.names.size(), 6U);
  EXPECT_THAT(*table.find("tracks_listened"), ElementsAre(3, 3, 1));
  EXPECT_THAT(*table.find("num_users_norm"), ElementsAre(1, 0, 0));
  const auto twice = FeatureSet::make({activity, activity});
  ASSERT_FALSE(twice.ok());
  EXPECT_THAT(twice.status().message(), testing::HasSubstr("listening_month"));
}

TEST(FeatureTable, ChecksItsColumns) {
  FeatureTable table{{"a", "b"}, {{1, 2}, {3}}};
  EXPECT_THAT(table.check().message(), testing::HasSubstr("'b'"));
  table.columns[1].push_back(std::numeric_limits<float>::infinity());
  EXPECT_THAT(table.check().message(), testing::HasSubstr("infinite"));
  table.columns[1][1] = kNotKnown;
  EXPECT_TRUE(table.check().ok());
  table.names[1] = "a";
  EXPECT_THAT(table.check().message(), testing::HasSubstr("twice"));
  table.names.pop_back();
  EXPECT_FALSE(table.check().ok());
}

}  // namespace
}  // namespace crossfade
