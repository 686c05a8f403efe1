// A planted second order, counts by hand, back-off, and columns that are refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/covisit/covisit_trainer.h"
#include "crossfade/models/transitions/transitions_model.h"
#include "crossfade/models/transitions/transitions_trainer.h"

namespace crossfade {
namespace {

// What comes after item 5 hangs on what came before it: 0 5 7, and 1 5 8. Seen alone, 5 is followed
// by 7 as often as by 8. Every third user plays 9 5 6, which is rare.
Dataset planted() {
  std::vector<TestRow> rows;
  for (std::int64_t user = 0; user < 30; ++user) {
    const std::int64_t kind = user % 2;
    std::int64_t time_ns = 0;
    for (const std::int64_t item : {kind, std::int64_t{5}, kind + 7})
      rows.push_back({user, item, time_ns += 1'000'000'000});
  }
  return make_dataset(rows);
}

std::unique_ptr<Model> train(const Dataset& dataset, const std::vector<std::string>& settings) {
  TestContext run;
  auto model = transitions_trainer().train({dataset, 0, settings, 1}, run);
  CROSSFADE_CHECK(model.ok(), model.status().message());
  return std::move(model).value();
}

// External ids to an answer's external ids.
std::vector<std::int64_t> answer(const Model& model, const Dataset& dataset,
                                 const std::vector<std::int64_t>& played,
                                 std::vector<std::int64_t> sessions = {}) {
  std::vector<ItemIndex> items;
  for (const std::int64_t id : played) items.push_back(dataset.domains()[0].items.find(id));
  const std::vector<float> weights(items.size(), 1);
  const History history{items, weights, {}, {}, sessions};
  std::vector<std::int64_t> ids;
  for (const ScoredItem& scored : model.recommend({kUnknown, {&history, 1}}, 0, {3}))
    ids.push_back(std::get<std::int64_t>(dataset.domains()[0].items.id(scored.item)));
  return ids;
}

TEST(Transitions, FindThePlantedSecondOrder) {
  const Dataset dataset = planted();
  const auto model = train(dataset, {"last=1"});
  EXPECT_THAT(answer(*model, dataset, {0, 5}), testing::ElementsAre(7, 8));
  EXPECT_THAT(answer(*model, dataset, {1, 5}), testing::ElementsAre(8, 7));
  // The first order alone cannot tell them apart.
  TestContext run;
  const auto first = covisit_trainer().train({dataset, 0, {"last=1"}, 1}, run);
  EXPECT_EQ(answer(**first, dataset, {0, 5}), answer(**first, dataset, {1, 5}));
}

TEST(Transitions, AnUnknownPairIsLeftToTheFirstOrder) {
  const Dataset dataset = planted();
  const auto model = train(dataset, {"last=1"});
  TestContext run;
  const auto first = covisit_trainer().train({dataset, 0, {"last=1"}, 1}, run);
  for (const std::vector<std::int64_t>& played : {std::vector<std::int64_t>{5}, {7, 5}, {8, 0}})
    EXPECT_EQ(answer(*model, dataset, played), answer(**first, dataset, played));
  // So is a pair across two sessions, unless sequences are whole histories.
  EXPECT_EQ(answer(*model, dataset, {1, 5}, {1, 2}), answer(**first, dataset, {1, 5}));
  EXPECT_THAT(answer(*train(dataset, {"last=1", "within=history"}), dataset, {1, 5}, {1, 2}),
              testing::ElementsAre(8, 7));
}

TEST(Transitions, CountAsTold) {
  // 1 2 3 4, twice; and 1 2 5.
  const Dataset dataset = make_dataset({{1, 1, 1},
                                        {1, 2, 2},
                                        {1, 3, 3},
                                        {1, 4, 4},
                                        {2, 1, 1},
                                        {2, 2, 2},
                                        {2, 3, 3},
                                        {2, 4, 4},
                                        {3, 1, 1},
                                        {3, 2, 2},
                                        {3, 5, 3}});
  const auto find = [&](std::int64_t first, std::int64_t second, const std::string& setting) {
    TransitionsConfig config;
    const std::vector<std::string> settings{"pair_weight=3", "pair_trust=2", "pair_window=2",
                                            setting};
    CROSSFADE_CHECK(apply_settings(config, "transitions", settings).ok(), setting);
    TestContext run;
    const auto found = follow_pairs(config, dataset.domains()[0], run);
    CROSSFADE_CHECK(found.ok(), found.status().message());
    CROSSFADE_CHECK(found->check(5).ok(), "columns");
    const Vocabulary& items = dataset.domains()[0].items;
    const auto row = found->find(items.find(first), items.find(second));
    std::vector<std::pair<std::int64_t, float>> pairs;
    for (std::size_t n = 0; n < row.items.size(); ++n)
      pairs.emplace_back(std::get<std::int64_t>(items.id(row.items[n])), row.scores[n]);
    return pairs;
  };
  using testing::ElementsAre;
  using testing::Pair;
  // Three plays of (1, 2): 3 / (3 + 2) of each; 4 stands one place further.
  EXPECT_THAT(find(1, 2, "pair_plays=1"),
              ElementsAre(Pair(3, testing::FloatEq(1.2F)), Pair(4, testing::FloatEq(0.6F)),
                          Pair(5, testing::FloatEq(0.6F))));
  EXPECT_THAT(find(1, 2, "pair_followers=1"), ElementsAre(Pair(3, testing::FloatEq(1.2F))));
  EXPECT_THAT(find(2, 3, "pair_plays=2"), ElementsAre(Pair(4, testing::FloatEq(3 * 2 / 4.0F))));
  EXPECT_THAT(find(2, 3, "pair_plays=3"), testing::IsEmpty());
  EXPECT_THAT(find(2, 3, "popularity=1"), ElementsAre(Pair(4, testing::FloatEq(0.75F))));
  EXPECT_THAT(find(3, 4, "pair_plays=1"), testing::IsEmpty());
  EXPECT_THAT(find(4, 1, "pair_plays=1"), testing::IsEmpty());
}

TEST(Transitions, SayWhichOfTheLastTwoSpoke) {
  const Dataset dataset = planted();
  const auto model = train(dataset, {"last=1", "pair_weight=10"});
  const Vocabulary& items = dataset.domains()[0].items;
  const std::vector<ItemIndex> played{items.find(0), items.find(5)};
  const std::vector<float> weights{1, 1};
  const History history{played, weights, {}, {}, {}};
  const UserView view{kUnknown, {&history, 1}};
  const auto terms = model->explain(view, 0, items.find(7), 5);
  ASSERT_EQ(terms.size(), 2U);
  float sum = 0;
  for (const ScoredItem& term : terms) sum += term.score;
  EXPECT_FLOAT_EQ(sum, model->recommend(view, 0, {1})[0].score);
  EXPECT_EQ(terms[0].item, items.find(5));  // its own row besides
}

TEST(PairFollowers, RefusesColumnsThatDoNotFit) {
  const auto refused = [](const PairFollowers& pairs) {
    return pairs.check(2).kind() == StatusKind::kDataInvalid;
  };
  const PairFollowers good{{{0, 1, 2}}, {{1, 0}}, {{0, 1, 2}}, {{0, 1}}, {{1.0F, 2.0F}}};
  EXPECT_TRUE(good.check(2).ok());
  EXPECT_FALSE(good.check(3).ok());
  PairFollowers bad = good;
  bad.items = std::vector<ItemIndex>{0, 2};
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.scores = std::vector<float>{1, -1};
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.offsets = std::vector<std::int64_t>{0, 2, 1};
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.pair_offsets = std::vector<std::int64_t>{0, 2, 2};
  EXPECT_TRUE(refused(bad));  // firsts 1, 0 of one item are not in order
}

}  // namespace
}  // namespace crossfade
