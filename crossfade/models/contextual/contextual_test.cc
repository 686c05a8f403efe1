// Contextual recommendations worked out by hand, and matrices that do not fit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/file.h"
#include "crossfade/models/contextual/contextual_model.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

using testing::HasSubstr;
using Scored = std::vector<ScoredItem>;

// Items 0, 1, 2 start sessions of their own kind; user 0 likes item 2 with whatever it starts.
ContextualWeights weights() {
  return {{std::vector<float>{1, 0, 0, 1, 2, 2}, 3, 2},
          {std::vector<float>{3, 1, 1, 4, 2, 2}, 3, 2},
          {std::vector<float>{5, 5}, 1, 2}};
}

ContextualConfig config() {
  ContextualConfig config;
  config.dimensions = 2;
  return config;
}

std::unique_ptr<Model> model() {
  auto made = ContextualModel::make(config(), "music", weights());
  CROSSFADE_CHECK(made.ok(), made.status().message());
  return std::move(*made);
}

Scored ask(const Model& model, UserIndex user, const std::vector<ItemIndex>& items,
           const RecommendOptions& options) {
  const std::vector<float> skipped(items.size(), 0);
  History history;
  history.items = items;
  history.weights = skipped;
  return model.recommend({user, {&history, 1}}, 0, options);
}

TEST(Contextual, GoesOnFromTheItemMetLast) {
  const auto all = model();
  EXPECT_EQ(ask(*all, kUnknown, {1, 0}, {10, true}), (Scored{{0, 3}, {2, 2}, {1, 1}}));
  EXPECT_EQ(ask(*all, kUnknown, {0, 1}, {10, true}), (Scored{{1, 4}, {2, 2}, {0, 1}}));
  EXPECT_EQ(ask(*all, kUnknown, {0}, {10}), (Scored{{2, 2}, {1, 1}}));
  EXPECT_EQ(ask(*all, kUnknown, {0, 3, kUnknown}, {1}), (Scored{{2, 2}}));
  EXPECT_TRUE(ask(*all, 0, {}, {10}).empty());
  EXPECT_TRUE(ask(*all, 0, {3}, {10}).empty());
}

TEST(Contextual, AStartOfZerosIsNotKnown) {
  ContextualWeights forgotten = weights();
  forgotten.start = {std::vector<float>{1, 0, 0, 0, 2, 2}, 3, 2};
  const auto made = ContextualModel::make(config(), "music", std::move(forgotten));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(ask(**made, kUnknown, {0, 1}, {10, true}), (Scored{{0, 3}, {2, 2}, {1, 1}}));
  EXPECT_TRUE((*made)->similar(1, 5).empty());
}

TEST(Contextual, AddsAStoredUserWhereAskedTo) {
  const auto all = model();
  const RecommendOptions stored{10, true, {}, true};
  EXPECT_EQ(ask(*all, 0, {0}, stored), (Scored{{1, 26}, {0, 23}, {2, 22}}));
  EXPECT_EQ(ask(*all, 1, {0}, stored), ask(*all, kUnknown, {0}, {10, true}));
}

TEST(Contextual, SimilarIsWhatTheCatalogueHas) {
  EXPECT_EQ(model()->similar(2, 5), (Scored{{1, 10}, {0, 8}}));
  EXPECT_EQ(model()->similar(2, 1), (Scored{{1, 10}}));
  EXPECT_TRUE(model()->similar(3, 5).empty());
}

TEST(Contextual, MatricesThatDoNotFitGetASentence) {
  const auto refusal = [](const ContextualConfig& knobs, ContextualWeights matrices) {
    const auto made = ContextualModel::make(knobs, "music", std::move(matrices));
    EXPECT_EQ(made.status().kind(), StatusKind::kDataInvalid);
    return made.status().message();
  };
  ContextualConfig wide = config();
  wide.dimensions = 3;
  EXPECT_THAT(refusal(wide, weights()), HasSubstr("3 dimensions"));
  ContextualConfig alone = config();
  alone.users = false;
  EXPECT_THAT(refusal(alone, weights()), HasSubstr("2 dimensions"));
  ContextualWeights fewer = weights();
  fewer.start = {std::vector<float>{1, 0}, 1, 2};
  EXPECT_THAT(refusal(config(), fewer), HasSubstr("2 dimensions"));
}

TEST(Contextual, ADamagedFileIsRefused) {
  const std::string path = testing::TempDir() + "contextual";
  ASSERT_TRUE(remove_tree(path).ok());
  ASSERT_TRUE(save_model(*model(), path, Json::object()).ok());
  ASSERT_TRUE(load_model(path).ok());
  std::string bytes = *read_file(path + "/weights.safetensors");
  bytes.back() ^= 1;
  ASSERT_TRUE(write_file(path + "/weights.safetensors", bytes).ok());
  const auto damaged = load_model(path);
  EXPECT_EQ(damaged.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(damaged.status().message(), HasSubstr("weights.safetensors"));
}

}  // namespace
}  // namespace crossfade
