// Blends worked out by hand, and a blend of models held to what every model owes the house.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/data/test_log.h"
#include "crossfade/models/blend/blend_model.h"
#include "crossfade/models/scored.h"
#include "crossfade/models/storage.h"
#include "crossfade/models/trainer.h"

namespace crossfade {
namespace {

using Items = std::vector<ItemIndex>;
using Scores = std::vector<float>;

BlendConfig config_of(const std::string& by) {
  BlendConfig config;
  config.by = by;
  return config;
}

Blend blend_of(const std::string& by, std::vector<double> weights) {
  return *Blend::make(config_of(by), std::move(weights));
}

Items items_of(const std::vector<BlendedItem>& blended) {
  Items items;
  for (const BlendedItem& item : blended) items.push_back(item.item);
  return items;
}

const Items kFirst{1, 2, 3}, kSecond{3, 4, 1};

TEST(Blend, ReciprocalRanksAreAddedUp) {
  BlendConfig config = config_of("reciprocal_rank");
  config.rank_constant = 1;
  const auto blended = Blend::make(config, {1, 2})->merge({{{kFirst, {}}, {kSecond, {}}}}, 10);
  // 1: 1/2 + 2/4; 2: 1/3; 3: 1/4 + 2/2; 4: 2/3.
  EXPECT_EQ(items_of(blended), (Items{3, 1, 4, 2}));
  EXPECT_FLOAT_EQ(blended[0].score, 1.25F);
  EXPECT_FLOAT_EQ(blended[1].score, 1.0F);
  EXPECT_FLOAT_EQ(blended[2].score, 2.0F / 3);
  EXPECT_FLOAT_EQ(blended[3].score, 1.0F / 3);
  // Both lists add 1/2 to item 1: the first is said to have given it.
  EXPECT_EQ(blended[1].list, 0);
  EXPECT_EQ(blended[0].list, 1);
}

TEST(Blend, ScoresCountFromTheListsLeastToItsMost) {
  const Scores first{30, 20, 10}, second{5, 5, 5};
  const auto blended = blend_of("scores", {2, 1}).merge({{{kFirst, first}, {kSecond, second}}}, 3);
  // 1: 2 * 1 + 1; 2: 2 * 0.5; 3: 0 + 1; 4: 1; equal sums by item.
  EXPECT_EQ(blended, (std::vector<BlendedItem>{{1, 3, 0}, {2, 1, 0}, {3, 1, 1}}));
}

TEST(Blend, QuotasAreTheListsSharesOfThePlaces) {
  const Items first{1, 2, 3, 4, 5}, second{1, 6, 7}, third{8};
  // 5 places by 3:1:1 are 3, 1, 1.
  EXPECT_EQ(
      items_of(blend_of("quota", {3, 1, 1}).merge({{{first, {}}, {second, {}}, {third, {}}}}, 5)),
      (Items{1, 2, 3, 6, 8}));
  // 4 by 1:1:1: the odd place goes to the first; the third list has one item only.
  EXPECT_EQ(
      items_of(blend_of("quota", {1, 1, 1}).merge({{{first, {}}, {second, {}}, {third, {}}}}, 4)),
      (Items{1, 2, 6, 8}));
  // What the second list cannot fill goes to the first; a list of weight 0 gives nothing.
  EXPECT_EQ(
      items_of(blend_of("quota", {1, 9, 0}).merge({{{first, {}}, {third, {}}, {second, {}}}}, 10)),
      (Items{1, 8, 2, 3, 4, 5}));
}

TEST(Blend, InterleavingTakesTurns) {
  const Items online{1, 2, 3}, offline{2, 4, 5, 6, 7};
  const auto blended = blend_of("interleave", {1, 1}).merge({{{online, {}}, {offline, {}}}}, 6);
  EXPECT_EQ(items_of(blended), (Items{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(blended[1].list, 1);  // the second list's first
  EXPECT_EQ(blended[2].list, 0);  // item 2 is there: the first list goes on with 3
  EXPECT_FLOAT_EQ(blended[3].score, 0.25F);
  // Two of three places are the first list's.
  const Items a{10, 11, 12, 13}, b{20, 21};
  EXPECT_EQ(items_of(blend_of("interleave", {2, 1}).merge({{{a, {}}, {b, {}}}}, 6)),
            (Items{10, 20, 11, 12, 21, 13}));
}

TEST(Blend, FallbacksFillWhatIsMissing) {
  for (const std::string by : {"reciprocal_rank", "scores", "quota", "interleave"}) {
    const Blend blend = blend_of(by, {1, 1});
    const Items one{5}, popular{9, 5, 8, 7};
    auto blended = blend.merge({{{one, {}}, {}}}, 3);
    blend.fill(blended, {popular, {}}, 2, 3);
    EXPECT_EQ(items_of(blended), (Items{5, 9, 8})) << by;
    EXPECT_EQ(blended[2].list, 2);
    for (std::size_t i = 1; i < blended.size(); ++i)
      EXPECT_LE(blended[i].score, blended[i - 1].score) << by;
    EXPECT_TRUE(blend.merge({{{one, {}}, {}}}, 0).empty());
    EXPECT_TRUE(blend.merge({{{}, {}}}, 5).empty());
  }
}

TEST(Blend, ASingleListStaysAsItIs) {
  const Scores scores{4, -1, -2};
  const Items popular{9};
  for (const std::string by : {"reciprocal_rank", "interleave"}) {
    const Blend blend = blend_of(by, {3});
    auto blended = blend.merge({{{kFirst, scores}}}, 3);
    EXPECT_EQ(blended, (std::vector<BlendedItem>{{1, 4, 0}, {2, -1, 0}, {3, -2, 0}}));
    blend.fill(blended, {popular, {}}, 1, 4);
    EXPECT_EQ(blended[3], (BlendedItem{9, -2, 1}));
  }
}

TEST(Blend, RefusesWeightsThatAreNone) {
  for (const std::vector<double>& weights :
       {std::vector<double>{}, {0, 0}, {1, -1}, {1, std::numeric_limits<double>::quiet_NaN()}}) {
    const auto blend = Blend::make({}, weights);
    ASSERT_FALSE(blend.ok());
    EXPECT_EQ(blend.status().kind(), StatusKind::kUsage);
  }
}

// Users of a block meet its items only; user 7 has met nothing.
Dataset blocks() {
  std::vector<TestRow> rows;
  Rng rng(5);
  std::int64_t time_ns = 0;
  for (std::int64_t user = 0; user < 40; ++user)
    for (std::int64_t item = user % 2; item < 30; item += 2)
      if (rng.uniform() < 0.6) rows.push_back({user, item, time_ns += 1'000'000'000});
  return make_dataset(rows);
}

std::shared_ptr<const Model> learn(const std::string& generator, const Dataset& dataset) {
  TestContext run;
  return std::shared_ptr<const Model>(
      find_trainer(generator)->train({dataset, 0, {}, 7}, run).value());
}

std::unique_ptr<Model> blend_models(const Dataset& dataset, BlendConfig config = {}) {
  std::vector<BlendPart> parts;
  parts.push_back({learn("knn", dataset), 2, false, Json::object().set("seed", 7)});
  parts.push_back({learn("ease", dataset), 1});
  parts.push_back({learn("popular", dataset), 1, true});
  return BlendModel::make(config, std::move(parts)).value();
}

TEST(BlendModel, AnswersInBatchesAsOneByOneAndFiltersLast) {
  const Dataset dataset = blocks();
  for (const std::string by : {"reciprocal_rank", "scores", "quota", "interleave"}) {
    const auto model = blend_models(dataset, config_of(by));
    std::vector<UserIndex> users;
    for (UserIndex user = 0; user < dataset.num_users(); ++user) users.push_back(user);
    users.push_back(kUnknown);
    const DatasetUsers views(dataset, users);
    std::vector<std::uint8_t> hidden(30);
    hidden[4] = hidden[11] = 1;
    TestContext run;
    const RecommendOptions options{12, false, hidden};
    const auto batch = model->recommend_batch(views.views(), 0, options, run);
    ASSERT_TRUE(batch.ok()) << batch.status().message();
    EXPECT_THAT(batch->source_names, testing::ElementsAre("knn", "ease", "popular"));
    for (std::int64_t l = 0; l < batch->num_lists(); ++l) {
      const UserView& view = views.views()[static_cast<std::size_t>(l)];
      const auto list = model->recommend(view, 0, options);
      ASSERT_EQ(batch->list(l).size(), list.size());
      const auto seen = history_of(view, 0).items;
      Items items;
      for (std::size_t i = 0; i < list.size(); ++i) {
        EXPECT_EQ(batch->list(l)[i], list[i].item);
        EXPECT_EQ(batch->list_scores(l)[i], list[i].score);
        EXPECT_FALSE(hidden[static_cast<std::size_t>(list[i].item)]);
        EXPECT_EQ(std::count(seen.begin(), seen.end(), list[i].item), 0);
        items.push_back(list[i].item);
      }
      std::sort(items.begin(), items.end());
      EXPECT_EQ(std::adjacent_find(items.begin(), items.end()), items.end());
      EXPECT_EQ(list.size(), 12U) << "the fallback fills every list";
    }
    // A stranger gets the popular list, from that source.
    const auto last = static_cast<std::size_t>(batch->num_lists() - 1);
    EXPECT_EQ(batch->sources[static_cast<std::size_t>(batch->offsets[last])], 2);
  }
}

TEST(BlendModel, ColdUsersAreTheFallbacks) {
  const Dataset dataset = blocks();
  BlendConfig config;
  const DatasetUser user(dataset, 0);
  config.cold_events = static_cast<std::int64_t>(user.view().by_domain[0].size());
  const auto cold = blend_models(dataset, config);
  const auto popular = learn("popular", dataset);
  const auto items = [&](const Model& model) {
    Items list;
    for (const ScoredItem& scored : model.recommend(user.view(), 0, {8}))
      list.push_back(scored.item);
    return list;
  };
  EXPECT_EQ(items(*cold), items(*popular));
  --config.cold_events;
  EXPECT_NE(items(*blend_models(dataset, config)), items(*popular));
}

TEST(BlendModel, RoundTripKeepsAnswersAndBytes) {
  const Dataset dataset = blocks();
  const auto model = blend_models(dataset);
  const std::string first = testing::TempDir() + "blend_first";
  const std::string second = testing::TempDir() + "blend_second";
  ASSERT_TRUE(remove_tree(first).ok() && remove_tree(second).ok());
  ASSERT_TRUE(save_model(*model, first, Json::object()).ok());
  const auto loaded = load_model(first);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ((*loaded)->name(), "blend");
  EXPECT_TRUE(check_trained_over(**loaded, dataset).ok());
  for (UserIndex user = 0; user < dataset.num_users(); ++user)
    EXPECT_EQ((*loaded)->recommend(DatasetUser(dataset, user).view(), 0, {10}),
              model->recommend(DatasetUser(dataset, user).view(), 0, {10}));
  EXPECT_EQ((*loaded)->similar(0, 5), model->similar(0, 5));
  ASSERT_TRUE(save_model(**loaded, second, Json::object()).ok());
  const auto files = list_files(first);
  ASSERT_TRUE(files.ok());
  for (const std::string& file : *files)
    EXPECT_EQ(*read_file(first + "/" + file), *read_file(second + "/" + file)) << file;
}

TEST(BlendModel, RefusesPartsThatDoNotBelongTogether) {
  const Dataset dataset = blocks(), films = make_dataset({{1, 1, 0}, {2, 2, 1}}, "films");
  const Dataset other = make_dataset({{1, 1, 0}, {2, 2, 1}});
  const auto refusal = [&](const Dataset& of) {
    std::vector<BlendPart> parts{{learn("popular", dataset)}, {learn("popular", of)}};
    return BlendModel::make({}, std::move(parts)).status();
  };
  EXPECT_EQ(refusal(films).kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(refusal(films).message(), testing::HasSubstr("'films'"));
  EXPECT_EQ(refusal(other).kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(refusal(other).message(), testing::HasSubstr("other items"));
  std::vector<BlendPart> parts{{learn("popular", dataset), 1, true}, {learn("knn", dataset)}};
  EXPECT_EQ(BlendModel::make({}, std::move(parts)).status().kind(), StatusKind::kUsage);
  EXPECT_EQ(BlendModel::make({}, {}).status().kind(), StatusKind::kUsage);
}

}  // namespace
}  // namespace crossfade
