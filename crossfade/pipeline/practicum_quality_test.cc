// Every number of practicum_quality.h worked out by hand for three users.
#include "crossfade/pipeline/practicum_quality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

// Items 10, 11, 13, 14, 12, 15 become 0 to 5, in the order in which they appear.
Dataset train() {
  return make_dataset(
      {{1, 10, 0}, {1, 11, 1}, {2, 13, 2}, {2, 14, 3}, {3, 12, 4}, {3, 15, 5}, {3, 10, 6}});
}

// Users 0 and 2 have lists, user 1 has none.
Candidates lists() {
  Candidates lists;
  lists.users = {0, 2};
  lists.offsets = {0, 6, 8};
  lists.items = {2, 3, 4, 5, 0, 1, 2, 3};
  lists.scores = {0.9F, 0.8F, 0.7F, 0.6F, 0.5F, 0.4F, 1.5F, 0.5F};
  lists.sources.assign(8, 0);
  lists.source_names = {"als"};
  return lists;
}

TEST(PracticumQuality, IsWhatTheHeaderSays) {
  const Dataset dataset = train();
  ASSERT_EQ(dataset.domains()[0].items.size(), 6);
  TestContext run;
  // User 0 took to 3 and 1 (places 2 and 6), user 1 to 0, user 2 to 2 and a track that is new.
  const std::vector<UserIndex> users{0, 0, 1, 2, 2};
  const std::vector<ItemIndex> items{3, 1, 0, 2, 9};
  const Truth truth = make_truth(users, items, 3, run.threads);
  const auto judged = judge_practicum(lists(), truth, dataset.domains()[0], run);
  ASSERT_TRUE(judged.ok()) << judged.status().message();
  const PracticumQuality& quality = *judged;
  EXPECT_EQ(quality.users, 3);
  EXPECT_EQ(quality.pairs, 5);
  EXPECT_EQ(quality.met, 3);
  // Errors of the met pairs: 0.2, 0.6 and -0.5.
  EXPECT_NEAR(quality.rmse, std::sqrt((0.04 + 0.36 + 0.25) / 3), 1e-6);
  EXPECT_NEAR(quality.mae, 1.3 / 3, 1e-6);
  // User 0: one of two at place 2 within the first 5; user 2: one of two at place 1.
  const double ideal = 1 + 1 / std::log2(3.0);
  const double first = 1 / std::log2(3.0) / ideal, third = 1 / ideal;
  EXPECT_NEAR(quality.ndcg, (first + third) / 3, 1e-9);
  EXPECT_NEAR(quality.ndcg_of_met, (first + third) / 2, 1e-9);
  EXPECT_NEAR(quality.precision, (0.2 + 0 + 0.2) / 3, 1e-9);
  EXPECT_NEAR(quality.recall, (0.5 + 0 + 0.5) / 3, 1e-9);
  EXPECT_NEAR(quality.coverage, 1, 1e-9);
  // User 0 has heard 0 of the first five (2, 3, 4, 5, 0); user 2 (external 3) neither 2 nor 3.
  EXPECT_NEAR(quality.novelty, (0.8 + 1) / 2, 1e-9);
  EXPECT_NEAR(quality.without_hit, 1.0 / 3, 1e-9);
  EXPECT_NEAR(quality.user_coverage, (1 + 0.5) / 2, 1e-9);
  EXPECT_LE(quality.ndcg_interval.low, quality.ndcg);
}

TEST(PracticumQuality, OfNobodyIsNothing) {
  const Dataset dataset = train();
  TestContext run;
  const auto nobody = judge_practicum(lists(), Truth(), dataset.domains()[0], run);
  ASSERT_TRUE(nobody.ok());
  EXPECT_EQ(nobody->users, 0);
  EXPECT_TRUE(std::isnan(nobody->rmse) && std::isnan(nobody->ndcg));
  EXPECT_TRUE(to_json(*nobody)["rmse"].is_null());
  // Users of whom nothing is met: no error of scores, and none with a hit.
  const std::vector<UserIndex> users{1};
  const std::vector<ItemIndex> items{0};
  const Truth truth = make_truth(users, items, 3, run.threads);
  const auto missed = judge_practicum(Candidates(), truth, dataset.domains()[0], run);
  ASSERT_TRUE(missed.ok()) << missed.status().message();
  EXPECT_EQ(missed->without_hit, 1);
  EXPECT_TRUE(std::isnan(missed->mae) && std::isnan(missed->user_coverage));
  EXPECT_EQ(missed->ndcg, 0);
}

}  // namespace
}  // namespace crossfade
