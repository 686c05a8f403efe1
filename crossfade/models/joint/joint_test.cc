// A planted taste across two domains: who buys even things listens to even songs. A model that
// learned on both, joined or by a map, must know it of users who only buy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/data/test_log.h"
#include "crossfade/models/joint/joint_model.h"
#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/storage.h"
#include "crossfade/models/trainer.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsers = 80, kSongs = 30, kThings = 20, kListeners = 60;

// Users from kListeners on only buy.
Dataset buyers_and_listeners() {
  std::vector<TestRow> songs, things;
  Rng rng(3);
  std::int64_t time_ns = 0;
  for (std::int64_t user = 0; user < kUsers; ++user) {
    for (std::int64_t item = user % 2; item < kThings; item += 2)
      if (rng.uniform() < 0.5) things.push_back({user, item, time_ns += 1'000'000'000});
    for (std::int64_t item = user % 2; item < kSongs && user < kListeners; item += 2)
      if (rng.uniform() < 0.5) songs.push_back({user, item, time_ns += 1'000'000'000});
  }
  TestContext run;
  const Dataset shop = *build_dataset(Dataset(), "shop", make_log(things), run);
  return *build_dataset(shop, "music", make_log(songs), run);
}

std::unique_ptr<Model> learn(const std::string& generator, const Dataset& dataset) {
  std::vector<std::string> settings;
  if (generator == "als")
    settings = {"factors=4", "iterations=8", "regularization=0.1", "unobserved_weight=0.1"};
  if (generator == "user_map") settings = {"factors=4", "source_factors=4", "l2=0.1"};
  TestContext run;
  TrainInput input{dataset, 1, settings, 7};
  input.with = {{0, 1}};
  auto model = find_trainer(generator)->train(input, run);
  CROSSFADE_CHECK(model.ok(), model.status().message());
  return std::move(model).value();
}

bool is_of_parity(const Dataset& dataset, ItemIndex song, std::int64_t parity) {
  return std::get<std::int64_t>(dataset.domains()[1].items.id(song)) % 2 == parity;
}

class JointModelOf : public ::testing::TestWithParam<std::string> {};

TEST_P(JointModelOf, KnowsTheTasteOfThoseWhoOnlyBuy) {
  const Dataset dataset = buyers_and_listeners();
  const auto model = learn(GetParam(), dataset);
  EXPECT_EQ(model->domain(), "music");
  EXPECT_EQ(model->num_items(), kSongs);
  std::int64_t right = 0, all = 0;
  for (UserIndex user = kListeners; user < kUsers; ++user) {
    const std::int64_t parity = std::get<std::int64_t>(dataset.users().id(user)) % 2;
    for (const ScoredItem& scored : model->recommend(DatasetUser(dataset, user).view(), 1, {5})) {
      ASSERT_LT(scored.item, kSongs);
      right += is_of_parity(dataset, scored.item, parity) ? 1 : 0;
      ++all;
    }
  }
  EXPECT_EQ(all, 5 * (kUsers - kListeners));
  EXPECT_GE(right, all * 98 / 100);
}

TEST_P(JointModelOf, AnswersInBatchesAndFromDiskAlike) {
  const Dataset dataset = buyers_and_listeners();
  const auto model = learn(GetParam(), dataset);
  const std::string path = testing::TempDir() + "joint_" + GetParam();
  ASSERT_TRUE(remove_tree(path).ok());
  ASSERT_TRUE(save_model(*model, path, Json::object()).ok());
  const auto loaded = load_model(path);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ((*loaded)->num_items(), kSongs);
  EXPECT_TRUE(check_trained_over(**loaded, dataset).ok());
  std::vector<std::uint8_t> hidden(kSongs, 0);
  hidden[3] = hidden[4] = 1;
  std::vector<UserIndex> users;
  for (UserIndex user = 0; user < kUsers; ++user) users.push_back(user);
  const DatasetUsers views(dataset, users);
  TestContext run;
  const RecommendOptions options{7, false, hidden};
  const auto batch = (*loaded)->recommend_batch(views.views(), 1, options, run);
  ASSERT_TRUE(batch.ok());
  EXPECT_TRUE(batch->check(kUsers, kSongs).ok());
  for (UserIndex user = 0; user < kUsers; ++user) {
    std::vector<ItemIndex> items;
    for (const ScoredItem& scored :
         model->recommend(views.views()[static_cast<std::size_t>(user)], 1, options)) {
      EXPECT_EQ(hidden[static_cast<std::size_t>(scored.item)], 0);
      items.push_back(scored.item);
    }
    EXPECT_THAT(batch->list(user), testing::ElementsAreArray(items));
  }
}

TEST_P(JointModelOf, LikenessAndReasonsStayInTheTarget) {
  const Dataset dataset = buyers_and_listeners();
  const auto model = learn(GetParam(), dataset);
  const auto similar = model->similar(0, 5);
  EXPECT_EQ(similar.size(), 5u);
  const std::int64_t parity = std::get<std::int64_t>(dataset.domains()[1].items.id(0)) % 2;
  for (const ScoredItem& scored : similar) {
    ASSERT_LT(scored.item, kSongs);
    EXPECT_TRUE(is_of_parity(dataset, scored.item, parity));
  }
  const DatasetUser user(dataset, 0);
  for (const ScoredItem& term :
       model->explain(user.view(), 1, model->recommend(user.view(), 1, {1})[0].item, 100))
    EXPECT_LT(term.item, kSongs);
}

TEST_P(JointModelOf, OtherDomainsThanItLearnedFromAreRefused) {
  const Dataset dataset = buyers_and_listeners();
  const auto model = learn(GetParam(), dataset);
  const auto refusal = [&](std::vector<Domain> domains) {
    const Status status = check_trained_over(*model, Dataset(dataset.users(), std::move(domains)));
    EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
    return status.message();
  };
  const std::vector<Domain> both = dataset.domains();
  EXPECT_THAT(refusal({both[1], both[0]}), testing::HasSubstr("'shop' too"));
  EXPECT_THAT(refusal({both[1]}), testing::HasSubstr("train it again"));
  Domain other = both[0];
  other.items = Vocabulary(Array<std::int64_t>(std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_THAT(refusal({other, both[1]}), testing::HasSubstr("items"));
}

INSTANTIATE_TEST_SUITE_P(Generators, JointModelOf,
                         testing::Values("als", "knn", "rp3beta", "user_map"));

// What a generator of lists learns of the joined domains, as a table: weights[i][j].
std::vector<std::map<ItemIndex, float>> joined_weights(const std::string& generator,
                                                       const std::vector<std::string>& settings,
                                                       Targets targets) {
  const Dataset dataset = buyers_and_listeners();
  TestContext run;
  const Dataset joined = join_domains(dataset, {1, kSongs, {{0, "shop", kThings, 1}}}, run);
  auto model = find_trainer(generator)->learn({joined, 0, settings, 7, {}, targets}, run);
  CROSSFADE_CHECK(model.ok(), model.status().message());
  const ItemNeighbours& found = dynamic_cast<const NeighboursModel&>(**model).neighbours();
  std::vector<std::map<ItemIndex, float>> weights(kSongs + kThings);
  for (ItemIndex i = 0; i < kSongs + kThings; ++i)
    for (std::size_t n = 0; n < found.items_of(i).size(); ++n)
      weights[static_cast<std::size_t>(i)][found.items_of(i)[n]] = found.scores_of(i)[n];
  return weights;
}

class ListsOfTargets : public ::testing::TestWithParam<std::pair<std::string, std::string>> {};

// With all places free both learn the same of songs; with three, songs alone fill them.
TEST_P(ListsOfTargets, AreFilledWithItemsOfTheTargetAlone) {
  const auto& [generator, places] = GetParam();
  auto all = joined_weights(generator, {places + "=50"}, {});
  for (auto& row : all) std::erase_if(row, [](const auto& one) { return one.first >= kSongs; });
  EXPECT_EQ(joined_weights(generator, {places + "=50"}, {kSongs}), all);
  std::size_t longest = 0;
  for (const auto& row : joined_weights(generator, {places + "=3"}, {kSongs})) {
    longest = std::max(longest, row.size());
    for (const auto& [song, weight] : row) ASSERT_LT(song, kSongs);
  }
  EXPECT_GE(longest, 3u);
}

INSTANTIATE_TEST_SUITE_P(
    Generators, ListsOfTargets,
    testing::Values(std::pair("knn", "neighbours"), std::pair("rp3beta", "neighbours"),
                    std::pair("rules", "neighbours"), std::pair("covisit", "neighbours"),
                    std::pair("ease", "neighbours"), std::pair("gfcf", "neighbours"),
                    std::pair("slim", "candidates"), std::pair("sparse_ease", "candidates")));

TEST(ListsOfTargets, TheBestOfAColumnAreOfTheTargetsColumns) {
  const std::vector<std::string> settings{"neighbours=3", "best_of=column"};
  auto all = joined_weights("knn", settings, {});
  for (auto& row : all) std::erase_if(row, [](const auto& one) { return one.first >= kSongs; });
  EXPECT_EQ(joined_weights("knn", settings, {kSongs}), all);
}

TEST(JointModel, ADomainWithoutSharedUsersTeachesNothing) {
  TestContext run;
  const Dataset shop = make_dataset({{1, 10, 5}, {2, 11, 6}});
  const Dataset dataset = *build_dataset(shop, "radio", make_log({{3, 20, 5}, {4, 21, 6}}), run);
  for (const std::string generator : {"als", "knn", "ease", "user_map"}) {
    TrainInput input{dataset, 1, {}, 7};
    input.with = {{0, 1}};
    const auto model = find_trainer(generator)->train(input, run);
    ASSERT_FALSE(model.ok());
    EXPECT_EQ(model.status().kind(), StatusKind::kDataInvalid);
    EXPECT_THAT(model.status().message(), testing::HasSubstr("no user of the domain radio"));
  }
}

TEST(JointModel, AGeneratorThatOtherDomainsTellNothingSaysSo) {
  const Dataset dataset = buyers_and_listeners();
  TestContext run;
  for (const std::string generator : {"content", "attributes"}) {
    TrainInput input{dataset, 1, {}, 7};
    input.with = {{0, 1}};
    const auto model = find_trainer(generator)->train(input, run);
    ASSERT_FALSE(model.ok());
    EXPECT_EQ(model.status().kind(), StatusKind::kUsage);
    EXPECT_THAT(model.status().message(), testing::HasSubstr("leave --with out"));
  }
}

TEST(JointModel, ADomainDoesNotHelpItself) {
  const Dataset dataset = buyers_and_listeners();
  TestContext run;
  TrainInput input{dataset, 1, {}, 7};
  input.with = {{1, 1}};
  const auto model = find_trainer("knn")->train(input, run);
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.status().kind(), StatusKind::kUsage);
}

TEST(JointHistory, GoesByTimeAndCountsByShare) {
  const std::vector<ItemIndex> songs{0, 2, 9}, things{1, 1};
  const std::vector<float> song_weights{1, 2, 3}, thing_weights{4, 5};
  const std::vector<std::int64_t> song_times{10, 30, 50}, thing_times{20, 40};
  const JointDomains domains{1, 3, {{0, "shop", 2, 0.5}}};
  const auto joined = [&](bool timed) {
    const std::vector<History> histories{
        {things, thing_weights, timed ? thing_times : std::span<const std::int64_t>(), {}, {}},
        {songs, song_weights, song_times, {}, {}}};
    const JointHistory joint(domains, {0, histories}, 1);
    return std::pair(std::vector(joint.history().items.begin(), joint.history().items.end()),
                     std::vector(joint.history().weights.begin(), joint.history().weights.end()));
  };
  // Song 9 is beyond what the model knows; thing 1 is item 3 + 1.
  EXPECT_EQ(joined(true),
            std::pair(std::vector<ItemIndex>{0, 4, 2, 4}, std::vector<float>{1, 2, 2, 2.5}));
  EXPECT_EQ(joined(false),
            std::pair(std::vector<ItemIndex>{4, 4, 0, 2}, std::vector<float>{2, 2.5, 1, 2}));
}

}  // namespace
}  // namespace crossfade
