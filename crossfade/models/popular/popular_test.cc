// Popularity on a log whose every score can be worked out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/models/popular/popular_model.h"
#include "crossfade/models/popular/popular_trainer.h"
#include "crossfade/models/storage.h"
#include "crossfade/models/test_about.h"

namespace crossfade {
namespace {

constexpr std::int64_t kDay = 86'400'000'000'000;

// Items 10, 20, 30 become 0, 1, 2; the newest event is on day 10.
Dataset tiny() {
  return make_dataset({{1, 10, 0},               // day 0
                       {1, 10, 8 * kDay},        // the same user again, day 8
                       {2, 20, 9 * kDay},        //
                       {3, 20, 10 * kDay},       //
                       {3, 30, 10 * kDay, 0}});  // a skip: weight 0
}

std::vector<float> scores(const PopularConfig& config, const Dataset& dataset) {
  TestContext run;
  const auto counted = count_popularity(config, dataset.domains()[0], run);
  EXPECT_TRUE(counted.ok()) << counted.status().message();
  return counted.ok() ? *counted : std::vector<float>();
}

TEST(Popular, CountsUsersOrEvents) {
  EXPECT_THAT(scores({"users", 0, 0}, tiny()), testing::ElementsAre(1, 2, 0));
  EXPECT_THAT(scores({"events", 0, 0}, tiny()), testing::ElementsAre(2, 2, 0));
}

// Users 1 to 4 of country 0 take item 10 most, users 5 and 6 of country 1 item 20; user 7 says
// nothing of himself. Item 10 and 30 are of genre 0, 20 of genre 1, 40 of both.
Dataset grouped() {
  const Dataset plain = make_dataset(
      {{1, 10, 0}, {2, 10, 0}, {3, 10, 0}, {4, 30, 0}, {5, 20, 0}, {6, 20, 0}, {7, 40, 0}});
  std::vector<Domain> domains = plain.domains();
  domains[0].about.attributes.push_back(labels_column("genre", {{0}, {0}, {1}, {0, 1}}));
  ItemTable users;
  users.attributes.push_back(labels_column("country", {{0}, {0}, {0}, {0}, {1}, {1}, {}}));
  users.attributes.push_back(
      {"age", NumberAttribute{std::vector<float>{20, 20, 20, 20, 30, 30, 20}}});
  return Dataset(plain.users(), std::move(domains), std::move(users));
}

Result<std::unique_ptr<Model>> train(const std::vector<std::string>& settings) {
  TestContext run;
  return popular_trainer().train({grouped(), 0, settings, 1}, run);
}

// Items 10, 30, 20, 40 are 0 to 3.
std::vector<ScoredItem> answer(const Model& model, UserIndex user,
                               const std::vector<ItemIndex>& met = {}) {
  const std::vector<float> weights(met.size(), 1);
  const History history{met, weights, {}, {}, {}};
  return model.recommend({user, {&history, 1}}, 0, {10});
}

MATCHER_P2(Scored, item, score, "") {
  return arg.item == item && std::abs(arg.score - score) < 1e-6;
}

TEST(Popular, SegmentsHaveTheirOwn) {
  using testing::ElementsAre;
  const auto model = *train({"segment=country", "smoothing=7"});
  // All together: 3, 1, 2, 1 of 7.
  EXPECT_THAT(answer(*model, 0),
              ElementsAre(Scored(0, 6), Scored(1, 2), Scored(2, 2), Scored(3, 1)));
  EXPECT_THAT(answer(*model, 4),
              ElementsAre(Scored(2, 4), Scored(0, 3), Scored(1, 1), Scored(3, 1)));
  // Who is in no segment, or unknown, gets what all take.
  for (const UserIndex user : {6, kUnknown, 99})
    EXPECT_THAT(answer(*model, user),
                ElementsAre(Scored(0, 3), Scored(2, 2), Scored(1, 1), Scored(3, 1)));
  EXPECT_EQ(answer(**train({"segment=age", "smoothing=7"}), 5)[0].item, 2);
  const std::string path = testing::TempDir() + "popular_segments";
  ASSERT_TRUE(remove_tree(path).ok());
  ASSERT_TRUE(save_model(*model, path, Json::object()).ok());
  EXPECT_EQ(answer(**load_model(path), 4), answer(*model, 4));
}

TEST(Popular, CategoriesAreTheUsers) {
  using testing::ElementsAre;
  // Genre 0: 3, 1 and 1 of 5 for items 0, 1 and 3; genre 1: 2 and 1 of 3 for items 2 and 3.
  const auto model = *train({"category=genre", "global_share=0"});
  EXPECT_THAT(answer(*model, 0, {1}), ElementsAre(Scored(0, 0.6F), Scored(3, 0.2F), Scored(2, 0)));
  EXPECT_THAT(answer(*model, 0, {3, 1}),
              ElementsAre(Scored(0, 0.75F * 0.6F), Scored(2, 0.25F * 2 / 3)));
  const auto mixed = *train({"category=genre", "global_share=0.5"});
  EXPECT_THAT(answer(*mixed, 0, {2})[0], Scored(3, 0.5F / 3 + 0.5F / 7));
  EXPECT_EQ(answer(*mixed, 0)[0].item, 0);  // nobody's categories: all items
  EXPECT_EQ(answer(*mixed, 0).size(), 4U);
}

TEST(Popular, GroupsThatAreNotThereAreNamed) {
  const auto refusal = [](const std::vector<std::string>& settings) {
    const Status status = train(settings).status();
    EXPECT_EQ(status.kind(), StatusKind::kUsage);
    return status.message();
  };
  EXPECT_THAT(refusal({"segment=contry"}), testing::HasSubstr("did you mean 'country'?"));
  EXPECT_THAT(refusal({"category=artist"}), testing::HasSubstr("attribute of the items"));
  EXPECT_THAT(refusal({"category=genre", "segment=country"}), testing::HasSubstr("one of them"));
  TestContext run;
  const auto bare = popular_trainer().train({tiny(), 0, {"segment=country"}, 1}, run);
  EXPECT_THAT(bare.status().message(), testing::HasSubstr("the users have no attributes"));
}

TEST(Popular, AWindowEndsAtTheNewestEvent) {
  EXPECT_THAT(scores({"events", 1, 0}, tiny()), testing::ElementsAre(0, 2, 0));
  EXPECT_THAT(scores({"events", 2, 0}, tiny()), testing::ElementsAre(1, 2, 0));
  EXPECT_THAT(scores({"events", 0.5, 0}, tiny()), testing::ElementsAre(0, 1, 0));
}

TEST(Popular, EventsAgeByHalves) {
  // Ages of item 0: 10 and 2 days; of item 1: 1 and 0. A user counts with his newest event.
  using testing::FloatEq;
  EXPECT_THAT(scores({"events", 0, 2}, tiny()),
              testing::ElementsAre(FloatEq(0.5F + 0.03125F), FloatEq(1.7071068F), FloatEq(0)));
  EXPECT_THAT(scores({"users", 0, 2}, tiny()),
              testing::ElementsAre(FloatEq(0.5F), FloatEq(1.7071068F), FloatEq(0)));
}

TEST(Popular, WithoutTimesAWindowIsAUsageErrorThatSaysSo) {
  TestContext run;
  LogColumns log = make_log({{1, 10, 0}, {2, 10, 0}});
  log.time_ns.clear();
  const auto dataset = build_dataset(Dataset(), "music", std::move(log), run);
  ASSERT_TRUE(dataset.ok());
  EXPECT_THAT(scores({"users", 0, 0}, *dataset), testing::ElementsAre(2));
  for (const PopularConfig& config : {PopularConfig{"users", 7, 0}, PopularConfig{"users", 0, 7}}) {
    const auto counted = count_popularity(config, dataset->domains()[0], run);
    ASSERT_FALSE(counted.ok());
    EXPECT_EQ(counted.status().kind(), StatusKind::kUsage);
    EXPECT_THAT(counted.status().message(), testing::HasSubstr("music"));
    EXPECT_THAT(counted.status().message(), testing::HasSubstr("times"));
  }
}

TEST(Popular, AnswersInOrderAndNeverWhatNobodyMet) {
  const auto model = PopularModel::make({}, "music", std::vector<float>{1, 3, 0, 3});
  ASSERT_TRUE(model.ok());
  const auto list = (*model)->recommend({}, 0, {10});
  EXPECT_EQ(list, (std::vector<ScoredItem>{{1, 3}, {3, 3}, {0, 1}}));
}

TEST(Popular, RefusesScoresThatAreNone) {
  EXPECT_EQ(PopularModel::make({}, "music", std::vector<float>{1, -1}).status().kind(),
            StatusKind::kDataInvalid);
}

}  // namespace
}  // namespace crossfade
