// What every generator of models/list.h owes the rest of the house, whatever it computes. A new
// line in the list is enrolled by itself; nothing here names a generator but the table below.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/data/test_log.h"
#include "crossfade/models/storage.h"
#include "crossfade/models/test_about.h"
#include "crossfade/models/trainer.h"
#include "hand_made.h"

namespace crossfade {
namespace {

// Settings that suit a world of some dozens of users, where the defaults do not.
const std::map<std::string, std::vector<std::string>> kSettings = {
    {"als", {"factors=4", "iterations=8", "regularization=0.1", "unobserved_weight=0.1"}},
    {"user_map", {"factors=4", "iterations=8", "regularization=0.1"}}};

constexpr std::int64_t kUsers = 60, kItems = 40, kBlocks = 2;

// A checkerboard: users and items of the same parity meet, others never. Item i of its block is met
// by the users that do not skip it, earlier items by more of them; repeats and times as in a log.
std::vector<TestRow> checkerboard() {
  std::vector<TestRow> rows;
  Rng rng(11);
  std::int64_t time_ns = 0;
  for (std::int64_t user = 0; user < kUsers; ++user)
    for (std::int64_t item = user % kBlocks; item < kItems; item += kBlocks) {
      if (rng.uniform() < 0.3 + 0.4 * static_cast<double>(item) / kItems) continue;
      rows.push_back({user, item, time_ns += 1'000'000'000});
      if (rng.uniform() < 0.2) rows.push_back({user, item, time_ns += 1'000'000'000, 2.0F});
    }
  return rows;
}

// Says of every item by label and by vector which parity it has, for generators that ask.
Dataset describe(const Dataset& dataset) {
  std::vector<std::vector<std::int32_t>> labels;
  std::vector<std::vector<float>> vectors;
  Rng rng(5);
  const Vocabulary& items = dataset.domains()[0].items;
  for (ItemIndex item = 0; item < items.size(); ++item) {
    const auto block = static_cast<std::int32_t>(std::get<std::int64_t>(items.id(item)) % kBlocks);
    labels.push_back({block});
    vectors.emplace_back(kBlocks + 2, static_cast<float>(0.1 * rng.uniform()));
    vectors.back()[static_cast<std::size_t>(block)] = 1;
    vectors.back()[kBlocks] = static_cast<float>(0.1 * rng.uniform());
  }
  return with_about(dataset, {{labels_column("parity", labels)}, vectors_table(vectors)});
}

class ModelContract : public ::testing::TestWithParam<std::string> {
 protected:
  static Result<std::unique_ptr<Model>> train(const Dataset& dataset, Context& context) {
    const auto found = kSettings.find(GetParam());
    TrainInput input{dataset, 0,
                     found == kSettings.end() ? std::vector<std::string>() : found->second, 7};
    input.elsewhere = &make_by_hand;
    return find_trainer(GetParam())->train(input, context);
  }
  static std::unique_ptr<Model> train_board(int threads = 2) {
    TestContext run(threads);
    auto model = train(board(), run);
    CROSSFADE_CHECK(model.ok(), model.status().message());
    return std::move(model).value();
  }
  static const Dataset& board() {
    static const Dataset dataset = describe(make_dataset(checkerboard()));
    return dataset;
  }
  static std::vector<ScoredItem> recommend(const Model& model, UserIndex user,
                                           const RecommendOptions& options) {
    return model.recommend(DatasetUser(board(), user).view(), 0, options);
  }
  static std::string saved(const Model& model, const std::string& name) {
    const std::string path = testing::TempDir() + "contract_" + GetParam() + "_" + name;
    CROSSFADE_CHECK(remove_tree(path).ok(), path);
    const Status status = save_model(model, path, Json::object());
    CROSSFADE_CHECK(status.ok(), status.message());
    return path;
  }
  static std::map<std::string, std::string> bytes_of(const std::string& folder) {
    std::map<std::string, std::string> bytes;
    const auto files = list_files(folder);
    CROSSFADE_CHECK(files.ok(), files.status().message());
    for (const std::string& file : *files) bytes[file] = *read_file(folder + "/" + file);
    return bytes;
  }
  static bool has_seen(UserIndex user, ItemIndex item) {
    const History history = board().domains()[0].history(user);
    return std::find(history.items.begin(), history.items.end(), item) != history.items.end();
  }
  static std::int64_t external_item(ItemIndex item) {
    return std::get<std::int64_t>(board().domains()[0].items.id(item));
  }
};

void expect_best_first_without_repeats(const std::vector<ScoredItem>& list) {
  std::set<ItemIndex> items;
  for (std::size_t i = 0; i < list.size(); ++i) {
    EXPECT_TRUE(items.insert(list[i].item).second) << "item " << list[i].item << " twice";
    if (i == 0) continue;
    EXPECT_TRUE(list[i - 1].score > list[i].score ||
                (list[i - 1].score == list[i].score && list[i - 1].item < list[i].item));
  }
}

TEST_P(ModelContract, SaysItsNameAndItsItems) {
  const auto model = train_board();
  EXPECT_EQ(model->name(), GetParam());
  EXPECT_EQ(model->domain(), "music");
  EXPECT_EQ(model->num_items(), kItems);
  EXPECT_FALSE(find_trainer(GetParam())->summary.empty());
}

TEST_P(ModelContract, FindsThePlantedBlocks) {
  const auto model = train_board();
  if (!find_trainer(GetParam())->personal) {
    // The same list for all: whoever meets more users comes first.
    EXPECT_EQ(recommend(*model, 0, {10, true}), recommend(*model, 1, {10, true}));
    return;
  }
  std::int64_t right = 0, all = 0;
  for (UserIndex user = 0; user < kUsers; ++user) {
    const std::int64_t block = std::get<std::int64_t>(board().users().id(user)) % kBlocks;
    for (const ScoredItem& scored : recommend(*model, user, {5})) {
      right += external_item(scored.item) % kBlocks == block;
      ++all;
    }
  }
  EXPECT_GE(all, 5 * kUsers - 10);  // some users have met all but a few of their block
  EXPECT_GE(static_cast<double>(right), 0.98 * static_cast<double>(all));
}

TEST_P(ModelContract, BatchIsTheSameAsOneByOne) {
  const auto model = train_board();
  TestContext run(2);
  std::vector<DatasetUser> users;
  for (UserIndex user = 0; user < kUsers; ++user) users.emplace_back(board(), user);
  std::vector<UserView> views;
  for (const DatasetUser& user : users) views.push_back(user.view());
  views.push_back({});  // unknown, without history
  for (const bool keep_seen : {false, true})
    for (const bool stored_users : {false, true}) {
      const RecommendOptions options{7, keep_seen, {}, stored_users};
      const auto batch = model->recommend_batch(views, 0, options, run);
      ASSERT_TRUE(batch.ok()) << batch.status().message();
      ASSERT_TRUE(batch->check(kUsers, kItems).ok() || views.back().user == kUnknown);
      ASSERT_EQ(batch->num_lists(), static_cast<std::int64_t>(views.size()));
      EXPECT_EQ(batch->source_names, std::vector<std::string>{GetParam()});
      ASSERT_EQ(batch->sources.size(), batch->items.size());
      for (std::int64_t l = 0; l < batch->num_lists(); ++l) {
        const auto& view = views[static_cast<std::size_t>(l)];
        EXPECT_EQ(batch->users[static_cast<std::size_t>(l)], view.user);
        std::vector<ScoredItem> list;
        for (std::size_t i = 0; i < batch->list(l).size(); ++i)
          list.push_back({batch->list(l)[i], batch->list_scores(l)[i]});
        EXPECT_EQ(list, model->recommend(view, 0, options)) << "list " << l;
      }
    }
}

TEST_P(ModelContract, NeverAnswersSeenOrHiddenItems) {
  const auto model = train_board();
  std::vector<std::uint8_t> hidden(kItems, 0);
  for (std::size_t i = 0; i < hidden.size(); i += 3) hidden[i] = 1;
  for (UserIndex user = 0; user < kUsers; ++user) {
    const auto list = recommend(*model, user, {kItems, false, hidden});
    expect_best_first_without_repeats(list);
    for (const ScoredItem& scored : list) {
      EXPECT_FALSE(has_seen(user, scored.item));
      EXPECT_EQ(hidden[static_cast<std::size_t>(scored.item)], 0);
    }
    const auto with_seen = recommend(*model, user, {kItems, true, hidden});
    EXPECT_TRUE(std::any_of(with_seen.begin(), with_seen.end(),
                            [&](const ScoredItem& scored) { return has_seen(user, scored.item); }));
    for (const ScoredItem& scored : with_seen)
      EXPECT_EQ(hidden[static_cast<std::size_t>(scored.item)], 0);
  }
  const std::vector<std::uint8_t> everything(kItems, 1), longer(kItems + 9, 0), shorter(3, 1);
  EXPECT_TRUE(recommend(*model, 0, {5, true, everything}).empty());
  EXPECT_EQ(recommend(*model, 0, {5, true, longer}), recommend(*model, 0, {5, true}));
  for (const ScoredItem& scored : recommend(*model, 0, {kItems, true, shorter}))
    EXPECT_GE(scored.item, 3);
}

TEST_P(ModelContract, MoreThanThereIsGivesAllThereIs) {
  const auto model = train_board();
  const auto all = recommend(*model, 0, {1'000'000, true});
  EXPECT_GE(std::ssize(all), kItems / kBlocks);  // at least the user's own block
  EXPECT_EQ(all, recommend(*model, 0, {kItems, true}));
  EXPECT_TRUE(recommend(*model, 0, {0, true}).empty());
  EXPECT_TRUE(recommend(*model, 0, {-3, true}).empty());
}

TEST_P(ModelContract, StrangersAreNoError) {
  const auto model = train_board();
  // Nothing known: any list will do, in order; a history of the first user's items, or of items
  // that the model has never seen, must not trip it either.
  expect_best_first_without_repeats(model->recommend({}, 0, {5}));
  const History known = board().domains()[0].history(0);
  const std::vector<History> like_first{known};
  const auto folded = model->recommend({kUnknown, like_first}, 0, {5});
  EXPECT_EQ(folded, recommend(*model, 0, {5}));
  const std::vector<ItemIndex> strange_items{kItems, kItems + 1000, kUnknown};
  const std::vector<float> weights{1, 1, 1};
  const std::vector<History> strange{{strange_items, weights, {}, {}, {}}};
  expect_best_first_without_repeats(model->recommend({kUnknown, strange}, 0, {5}));
  expect_best_first_without_repeats(model->recommend({1'000'000, strange}, 0, {5}));
}

TEST_P(ModelContract, RoundTripKeepsEveryByte) {
  const auto model = train_board();
  const std::string first = saved(*model, "first");
  const auto loaded = load_model(first);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ((*loaded)->name(), GetParam());
  EXPECT_EQ((*loaded)->domain(), "music");
  for (UserIndex user = 0; user < kUsers; ++user)
    EXPECT_EQ(recommend(**loaded, user, {10}), recommend(*model, user, {10}));
  EXPECT_EQ(bytes_of(saved(**loaded, "second")), bytes_of(first));
}

TEST_P(ModelContract, KnowsTheIdsItWasTrainedOver) {
  const auto model = train_board();
  const auto loaded = load_model(saved(*model, "trained_over"));
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  std::vector<TestRow> grown = checkerboard(), users_swapped = grown, items_swapped = grown;
  grown.push_back({kUsers, kItems, INT64_MAX});
  std::swap(users_swapped.front().user, users_swapped.back().user);
  std::swap(items_swapped.front().item, items_swapped.back().item);
  const std::vector<TestRow> fewer(grown.begin(), grown.begin() + 200);
  for (const Model* known : {model.get(), loaded->get()}) {
    EXPECT_TRUE(check_trained_over(*known, board()).ok());
    EXPECT_TRUE(check_trained_over(*known, make_dataset(grown)).ok());
    const auto refusal = [&](const Dataset& dataset) {
      const Status status = check_trained_over(*known, dataset);
      EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
      return status.message();
    };
    EXPECT_THAT(refusal(make_dataset(users_swapped)), testing::HasSubstr("other users"));
    EXPECT_THAT(refusal(make_dataset(items_swapped)), testing::HasSubstr("other items"));
    EXPECT_THAT(refusal(make_dataset(fewer)), testing::HasSubstr("was trained over"));
    EXPECT_THAT(refusal(make_dataset(grown, "films")), testing::HasSubstr("it has films"));
  }
}

TEST_P(ModelContract, SameBytesForAnyNumberOfThreads) {
  const auto one = bytes_of(saved(*train_board(1), "one"));
  EXPECT_EQ(bytes_of(saved(*train_board(2), "two")), one);
  EXPECT_EQ(bytes_of(saved(*train_board(4), "four")), one);
}

TEST_P(ModelContract, NothingToLearnFromIsAnErrorThatSaysSo) {
  TestContext run;
  for (const auto& rows : {std::vector<TestRow>{}, std::vector<TestRow>{{1, 1, 0, 0.0F}}}) {
    const auto model = train(make_dataset(rows, "silence"), run);
    ASSERT_FALSE(model.ok());
    EXPECT_EQ(model.status().kind(), StatusKind::kDataInvalid);
    EXPECT_THAT(model.status().message(), testing::HasSubstr("silence"));
    EXPECT_THAT(model.status().message(), testing::HasSubstr(GetParam()));
  }
}

TEST_P(ModelContract, OneItemIsAnAnswerOrNone) {
  TestContext run;
  const Dataset one = describe(make_dataset({{1, 7, 1}, {2, 7, 2}, {2, 7, 3}}));
  const auto model = train(one, run);
  ASSERT_TRUE(model.ok()) << model.status().message();
  const DatasetUser user(one, 0);
  EXPECT_TRUE((*model)->recommend(user.view(), 0, {5}).empty());
  EXPECT_LE((*model)->recommend(user.view(), 0, {5, true}).size(), 1U);
  EXPECT_TRUE((*model)->similar(0, 5).empty());
  EXPECT_TRUE(load_model(saved(**model, "one_item")).ok());
}

TEST_P(ModelContract, ItemsOfAnotherSplitAreNoError) {
  // A split's parts share their vocabulary: an item may be there that nobody took in this one.
  std::vector<TestRow> rows = checkerboard();
  rows.push_back({0, kItems, INT64_MAX, 0.0F});
  TestContext run;
  const Dataset part = describe(make_dataset(rows));
  const auto model = train(part, run);
  ASSERT_TRUE(model.ok()) << model.status().message();
  const ItemIndex cold = part.domains()[0].items.find(kItems);
  const float weight = 1;
  const History history{{&cold, 1}, {&weight, 1}, {}, {}, {}};
  const UserView view{kUnknown, {&history, 1}};
  const auto list = (*model)->recommend(view, 0, {5});
  expect_best_first_without_repeats(list);
  for (const ScoredItem& scored : list) EXPECT_NE(scored.item, cold);
  expect_best_first_without_repeats((*model)->similar(cold, 5));
  EXPECT_EQ((*model)->recommend(DatasetUser(part, 1).view(), 0, {5}).size(), 5U);
}

TEST_P(ModelContract, AnUnknownKnobIsAnErrorThatNamesTheNearest) {
  TestContext run;
  const auto model = find_trainer(GetParam())->train({board(), 0, {"no_such_knob=1"}, 1}, run);
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(model.status().message(), testing::HasSubstr("no_such_knob"));
}

TEST_P(ModelContract, StopsWhenAsked) {
  TestContext run;
  run.stop = true;
  const auto model = train(board(), run);
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.status().kind(), StatusKind::kInterrupted);
  const auto trained = train_board();
  const std::vector<UserView> views(1);
  EXPECT_EQ(trained->recommend_batch(views, 0, {5}, run).status().kind(), StatusKind::kInterrupted);
}

TEST_P(ModelContract, SimilarItemsLeaveOutTheItemItself) {
  const auto model = train_board();
  for (ItemIndex item = 0; item < kItems; ++item) {
    const auto list = model->similar(item, kItems);
    expect_best_first_without_repeats(list);
    for (const ScoredItem& scored : list) EXPECT_NE(scored.item, item);
    if (list.empty()) continue;
    EXPECT_EQ(external_item(list[0].item) % kBlocks, external_item(item) % kBlocks);
    const auto first = std::min<std::size_t>(3, list.size());
    EXPECT_EQ(model->similar(item, 3), std::vector(list.begin(), list.begin() + first));
  }
  EXPECT_TRUE(model->similar(kUnknown, 5).empty());
  EXPECT_TRUE(model->similar(kItems, 5).empty());
}

TEST_P(ModelContract, SimilarItemsOfManyAreThoseOfEach) {
  const auto model = train_board();
  TestContext run(2);
  std::vector<ItemIndex> items{kUnknown, 5, 5, kItems};
  for (ItemIndex item = 0; item < kItems; ++item) items.push_back(item);
  for (const std::int64_t k : {std::int64_t{0}, std::int64_t{3}, kItems}) {
    const auto lists = model->similar_batch(items, k, run);
    ASSERT_TRUE(lists.ok()) << lists.status().message();
    ASSERT_EQ(lists->size(), items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
      EXPECT_EQ((*lists)[i], model->similar(items[i], k)) << "item " << items[i];
  }
  run.stop = true;
  EXPECT_EQ(model->similar_batch(items, 3, run).status().kind(), StatusKind::kInterrupted);
}

TEST_P(ModelContract, ExplanationsNameItemsOfTheHistory) {
  const auto model = train_board();
  const DatasetUser user(board(), 0);
  const auto parts = model->explain(user.view(), 0, recommend(*model, 0, {1})[0].item, 100);
  expect_best_first_without_repeats(parts);
  for (const ScoredItem& part : parts) EXPECT_TRUE(has_seen(0, part.item));
  EXPECT_TRUE(model->explain(user.view(), 0, kItems, 5).empty());
  EXPECT_TRUE(model->explain({}, 0, 0, 5).empty());
}

INSTANTIATE_TEST_SUITE_P(Models, ModelContract, ::testing::ValuesIn(trainer_names()),
                         [](const auto& name) { return name.param; });

TEST(ModelStorage, RefusesWhatIsNoModelOfThisVersion) {
  const std::string path = testing::TempDir() + "foreign_model";
  ASSERT_TRUE(remove_tree(path).ok());
  EXPECT_FALSE(load_model(path).ok());  // not there
  auto writer = ArtifactWriter::create(path, "model", kModelSchema);
  ASSERT_TRUE(writer.ok());
  writer->metadata().set("model", "oracle");
  ASSERT_TRUE(writer->commit().ok());
  const auto model = load_model(path);
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(model.status().message(), testing::HasSubstr("oracle"));
}

TEST(ModelStorage, RefusesAModelThatDoesNotSayWhatItWasTrainedOver) {
  const std::string path = testing::TempDir() + "model_of_nowhere";
  ASSERT_TRUE(remove_tree(path).ok());
  auto writer = ArtifactWriter::create(path, "model", kModelSchema);
  ASSERT_TRUE(writer.ok());
  writer->metadata()
      .set("model", "popular")
      .set("domain", "music")
      .set("popular", *parse_json(R"({"count": "users", "window_days": 0, "half_life_days": 0})"));
  ASSERT_TRUE(writer->add<float>("scores.npy", std::vector<float>{1}).ok());
  ASSERT_TRUE(writer->commit().ok());
  const auto model = load_model(path);
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(model.status().message(), testing::HasSubstr("train it again"));
}

TEST(ModelStorage, AnUnknownTrainerNamesTheNearest) {
  const auto entry = find_trainer("popular_");
  ASSERT_FALSE(entry.ok());
  EXPECT_EQ(entry.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(entry.status().message(), testing::HasSubstr("popular"));
}

}  // namespace
}  // namespace crossfade
