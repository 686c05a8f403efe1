// Items found by their vectors, played or not; the formula by hand; vectors that are missing or
// broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "crossfade/models/content/content_trainer.h"
#include "crossfade/models/test_about.h"

namespace crossfade {
namespace {

// Items 0 to 4 are of one direction, 5 to 9 of the other; items 4 and 9 nobody has played.
Dataset two_directions() {
  std::vector<TestRow> rows;
  std::vector<std::vector<float>> vectors;
  Rng rng(3);
  for (std::int64_t item = 0; item < 10; ++item) {
    rows.push_back({item % 5, item, item, item % 5 == 4 ? 0.0F : 1.0F});
    std::vector<float> vector(8);
    for (float& entry : vector) entry = static_cast<float>(0.1 * rng.normal());
    vector[item < 5 ? 0 : 1] += 1;
    vectors.push_back(vector);
  }
  return with_about(make_dataset(rows), {{}, vectors_table(vectors)});
}

Result<std::unique_ptr<Model>> train(const Dataset& dataset,
                                     const std::vector<std::string>& settings = {}) {
  TestContext run;
  return content_trainer().train({dataset, 0, settings, 1}, run);
}

std::vector<ScoredItem> answer(const Model& model, const std::vector<ItemIndex>& items,
                               const RecommendOptions& options) {
  const std::vector<float> weights(items.size(), 1);
  const History history{items, weights, {}, {}, {}};
  return model.recommend({kUnknown, {&history, 1}}, 0, options);
}

TEST(Content, FindsItemsThatNobodyPlayed) {
  const Dataset dataset = two_directions();
  const auto model = *train(dataset);
  const auto list = answer(*model, {0, 1, 2}, {2});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_THAT(std::vector({list[0].item, list[1].item}), testing::UnorderedElementsAre(3, 4));
  // A cold item's likeness to others is known as well, and its own history speaks.
  for (const ScoredItem& scored : model->similar(9, 4)) EXPECT_GE(scored.item, 5);
  EXPECT_GE(answer(*model, {9}, {1})[0].item, 5);
}

TEST(Content, IsTheCosineWithTheWeightedMean) {
  const Dataset dataset = with_about(make_dataset({{1, 0, 0}, {1, 1, 1}, {1, 2, 2}, {2, 2, 3}}),
                                     {{}, vectors_table({{3, 0}, {0, 2}, {1, 1}})});
  const float root = std::sqrt(0.5F);
  // 0 was met before 1 and counts half.
  const auto model = *train(dataset, {"fading=0.5", "history_weighting=binary"});
  const auto list = answer(*model, {0, 1}, {3, true});
  const float length = std::sqrt(1.25F);
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].item, 2);
  EXPECT_NEAR(list[0].score, (0.5F * root + root) / length, 1e-6);
  EXPECT_NEAR(list[1].score, 1 / length, 1e-6);    // item 1
  EXPECT_NEAR(list[2].score, 0.5 / length, 1e-6);  // item 0
  // Two users met item 2.
  const auto liked = *train(dataset, {"popularity=1"});
  EXPECT_NEAR(answer(*liked, {1}, {1})[0].score, 3 * root, 1e-6);
  EXPECT_NEAR(liked->similar(1, 1)[0].score, root, 1e-6);
  const std::vector<ItemIndex> items{0, 1};
  const std::vector<float> weights{1, 1};
  const History history{items, weights, {}, {}, {}};
  const auto terms = model->explain({kUnknown, {&history, 1}}, 0, 2, 5);
  ASSERT_EQ(terms.size(), 2U);
  EXPECT_EQ(terms[0].item, 1);
  EXPECT_NEAR(terms[1].score, 0.5F * root, 1e-6);
}

TEST(Content, WhatAllHaveInCommonCanBeTakenOff) {
  // All vectors point up; their differences lie flat.
  const Dataset dataset =
      with_about(make_dataset({{1, 0, 0}, {1, 1, 1}, {1, 2, 2}, {1, 3, 3}}),
                 {{}, vectors_table({{9, 1, 0}, {9, 2, 0}, {9, -1, 0}, {9, -2, 0}})});
  EXPECT_GT((*train(dataset))->similar(0, 3)[2].score, 0.9);
  const auto list = (*train(dataset, {"centred=yes"}))->similar(0, 3);
  EXPECT_EQ(list[0].item, 1);
  EXPECT_NEAR(list[0].score, 1, 1e-6);
  EXPECT_NEAR(list[1].score, -1, 1e-6);
}

TEST(Content, ItemsWithoutAVectorAreNeverAnswered) {
  const Dataset dataset = with_about(make_dataset({{1, 0, 0}, {1, 1, 1}, {1, 2, 2}, {1, 3, 3}}),
                                     {{}, vectors_table({{1, 0}, {}, {0, 0}, {0, 1}})});
  const auto model = *train(dataset);
  const auto list = answer(*model, {0}, {9, true});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].item, 0);
  EXPECT_EQ(list[1].item, 3);
  EXPECT_TRUE(answer(*model, {1, 2}, {9, true}).empty());  // there is nothing to go by
  EXPECT_TRUE(model->similar(1, 5).empty());
  EXPECT_EQ(model->similar(0, 5).size(), 1U);
  const std::vector<std::uint8_t> hidden{1, 0, 0, 0};
  EXPECT_EQ(answer(*model, {0}, {9, true, hidden}).size(), 1U);
}

TEST(Content, SaysWhatIsWrongWithVectors) {
  const Dataset plain = make_dataset({{1, 0, 0}, {1, 1, 1}}, "songs");
  const auto refusal = [&](const Dataset& dataset) {
    const auto model = train(dataset);
    EXPECT_EQ(model.status().kind(), StatusKind::kDataInvalid);
    return model.status().message();
  };
  EXPECT_THAT(refusal(plain), testing::HasSubstr("attach --vectors"));
  EXPECT_THAT(refusal(with_about(plain, {{}, vectors_table({{0, 0}, {0, 0}})})),
              testing::HasSubstr("none of the 2 items of domain songs"));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(refusal(with_about(plain, {{}, vectors_table({{0, 1}, {0, nan}})})),
              testing::HasSubstr("not a number"));
}

}  // namespace
}  // namespace crossfade
