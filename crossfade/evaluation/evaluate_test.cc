// A whole evaluation worked by hand, its counts and warnings, its errors, and its independence of
// threads and of the order of lists.
#include "crossfade/evaluation/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/base/rng.h"
#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

struct Harness {
  explicit Harness(int num_threads = 2) : threads(num_threads) {}
  ThreadPool threads;
  SilentProgress progress;
  std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
};

// User 0 wants items 1 and 3, user 2 wants 0, user 4 wants 2 and has no list; user 3 is not asked.
const Truth kTruth{{0, 2, 4}, {0, 2, 3, 4}, {1, 3, 0, 2}, 0};
const RankedLists kLists{{3, 2, 0}, {0, 1, 3, 6}, {4, 2, 0, 3, 2, 1}};
const TrainCounts kTrain{{4, 2, 1, 1, 0}, 4};

EvalInput example(const RankedLists& lists = kLists) {
  return {lists.view(), kTruth, 5, 5, &kTrain, nullptr, nullptr};
}

EvalOptions at(std::vector<std::int64_t> ks) {
  EvalOptions options;
  options.ks = std::move(ks);
  return options;
}

TEST(Evaluate, ByHand) {
  Harness harness;
  const auto report = evaluate(example(), at({3, 1, 3}), harness.context);
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_TRUE(report->check().ok());
  EXPECT_EQ(report->metrics.size(), 2 * all_metrics().size());  // at 2 k
  const auto mean = [&](const char* name) { return report->find(name)->mean; };
  // At 3: user 0 hits at 1 and 3 of 2 relevant, user 2 at 2 of 1, user 4 not at all.
  const double ndcg0 = 1.5 / (1 + 1 / std::log2(3.0)), ndcg2 = 1 / std::log2(3.0);
  EXPECT_NEAR(mean("ndcg@3"), (ndcg0 + ndcg2) / 3, 1e-15);
  EXPECT_NEAR(mean("recall@3"), 2.0 / 3, 1e-15);
  EXPECT_NEAR(mean("precision@3"), 1.0 / 3, 1e-15);
  EXPECT_NEAR(mean("hit_rate@3"), 2.0 / 3, 1e-15);
  EXPECT_NEAR(mean("mrr@3"), 0.5, 1e-15);
  EXPECT_NEAR(mean("map@3"), ((1 + 2.0 / 3) / 2 + 0.5) / 3, 1e-15);
  // At 1: user 0 hits, user 2 does not.
  EXPECT_NEAR(mean("recall@1"), 1.0 / 6, 1e-15);
  EXPECT_NEAR(mean("recall_capped@1"), 1.0 / 3, 1e-15);
  // Scored lists show 3, 2 at place 1; all of 0 to 3 at 3; user 3's list is not scored.
  EXPECT_DOUBLE_EQ(mean("coverage@1"), 0.5);
  EXPECT_DOUBLE_EQ(mean("coverage@3"), 1);
  // User 0: (2 + 2 + 1) / 3 bits; user 2: (2 + 0) / 2.
  EXPECT_NEAR(mean("novelty@3"), (5.0 / 3 + 1) / 3, 1e-15);
  EXPECT_NEAR(mean("surprisal@3"), (5.0 / 6 + 2.0 / 6) / 3, 1e-15);
  EXPECT_THAT(report->users, testing::ElementsAre(0, 2, 4));
  EXPECT_THAT(report->find("recall@3")->per_user, testing::ElementsAre(1, 1, 0));
  EXPECT_TRUE(report->find("coverage@3")->per_user.empty());
  EXPECT_TRUE(std::isnan(report->find("coverage@3")->interval.low));
  EXPECT_LE(report->find("recall@3")->interval.low, 2.0 / 3);
}

TEST(Evaluate, CountsAndWarnings) {
  Harness harness;
  const auto report = evaluate(example(), at({10}), harness.context);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->counts.users, 3);
  EXPECT_EQ(report->counts.users_without_list, 1);
  EXPECT_EQ(report->counts.users_not_in_truth, 1);
  EXPECT_EQ(report->counts.relevant, 4);
  EXPECT_EQ(report->counts.cold_rows, 0);  // item 4 is in the list of user 3 only
  EXPECT_EQ(report->counts.longest_list, 3);
  EXPECT_THAT(report->warnings,
              testing::ElementsAre(HasSubstr("1 of 3 users"), HasSubstr("not in the truth"),
                                   HasSubstr("The longest list has 3 items")));
}

TEST(Evaluate, ColdItemsAreCountedUpToTheLargestK) {
  Harness harness;
  const RankedLists lists{{0}, {0, 2}, {1, 4}};
  EXPECT_EQ(evaluate(example(lists), at({1}), harness.context)->counts.cold_rows, 0);
  EXPECT_EQ(evaluate(example(lists), at({2}), harness.context)->counts.cold_rows, 1);
}

TEST(Evaluate, WithoutTrainPart) {
  Harness harness;
  EvalInput input = example();
  input.train = nullptr;
  const auto report = evaluate(input, at({3}), harness.context);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->find("coverage@3"), nullptr);
  EXPECT_NE(report->find("ndcg@3"), nullptr);
  EXPECT_THAT(report->warnings[0], HasSubstr("coverage, novelty, surprisal"));
  EvalOptions options = at({3});
  options.metrics = {"novelty"};
  EXPECT_EQ(evaluate(input, options, harness.context).status().kind(), StatusKind::kUsage);
}

TEST(Evaluate, OnlyAskedMetricsAndNoIntervals) {
  Harness harness;
  EvalOptions options = at({3});
  options.metrics = {"ndcg"};
  options.bootstrap.resamples = 0;
  const auto report = evaluate(example(), options, harness.context);
  ASSERT_EQ(report->metrics.size(), 1u);
  EXPECT_TRUE(std::isnan(report->metrics[0].interval.low));
  EXPECT_EQ(report->metrics[0].name(), "ndcg@3");
}

TEST(Evaluate, WrongInputGetsASentence) {
  Harness harness;
  const auto message = [&](const EvalInput& input, const EvalOptions& options) {
    return evaluate(input, options, harness.context).status().message();
  };
  EXPECT_THAT(message(example(), at({0})), HasSubstr("every k is 1 or more"));
  EXPECT_THAT(message(example(), at({})), HasSubstr("at least one k"));
  EXPECT_THAT(message(example(), at({2'000'000'000})), HasSubstr("k is at most 1,000,000"));
  EvalOptions unknown = at({1});
  unknown.metrics = {"auc"};
  EXPECT_THAT(message(example(), unknown), HasSubstr("no metric called 'auc'"));
  const RankedLists beyond{{0}, {0, 1}, {5}};
  EXPECT_THAT(message(example(beyond), at({1})), HasSubstr("item index 5 of 5"));
  const RankedLists stranger{{5}, {0, 1}, {1}};
  EXPECT_THAT(message(example(stranger), at({1})), HasSubstr("beyond the 5"));
  const RankedLists second{{0, 0}, {0, 1, 2}, {1, 2}};
  EXPECT_THAT(message(example(second), at({1})), HasSubstr("user's second"));
  const RankedLists ragged{{0}, {0, 3}, {1}};
  EXPECT_THAT(message(example(ragged), at({1})), HasSubstr("do not fit"));
  const Truth nobody;
  EXPECT_THAT(message({kLists.view(), nobody, 5, 5, nullptr, nullptr, nullptr}, at({1})),
              HasSubstr("no rows"));
}

// Wherever the repeat stands, also behind the largest k, the first user that has one is named.
TEST(Evaluate, AnItemTwiceInAListIsAnError) {
  Harness harness;
  const RankedLists lists{{2, 0}, {0, 3, 6}, {4, 0, 0, 1, 2, 1}};
  const Vocabulary users(Array<std::int64_t>(std::vector<std::int64_t>{70, 71, 72, 73, 74}));
  const Vocabulary items(StringArray({"a", "b", "c", "d", "e"}));
  EvalInput input = example(lists);
  input.user_ids = &users;
  input.item_ids = &items;
  const Status status = evaluate(input, at({1}), harness.context).status();
  EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(status.message(), HasSubstr("for user 70 hold item b twice"));
}

TEST(Evaluate, StopsWhenAsked) {
  Harness harness;
  harness.stop = true;
  EXPECT_EQ(evaluate(example(), at({1}), harness.context).status().kind(),
            StatusKind::kInterrupted);
}

// Random lists: the same report for any number of threads and any order of lists.
TEST(Evaluate, SameBytesForAnyThreadsAndOrderOfLists) {
  constexpr int kUsers = 2000, kItems = 300, kLength = 20;
  Rng rng(5);
  RankedLists lists, backwards;
  std::vector<UserIndex> users;
  std::vector<ItemIndex> items;
  for (int u = 0; u < kUsers; ++u) {
    lists.users.push_back(u);
    const auto first = static_cast<ItemIndex>(rng.below(kItems));
    for (int j = 0; j < kLength; ++j) lists.items.push_back((first + j * 7) % kItems);
    lists.offsets.push_back(static_cast<std::int64_t>(lists.items.size()));
    for (int j = 0; j < 5; ++j) {
      users.push_back(u);
      items.push_back(static_cast<ItemIndex>(rng.below(kItems)));
    }
  }
  for (int u = kUsers - 1; u >= 0; --u) {
    const auto list = lists.view().list(u);
    backwards.users.push_back(u);
    backwards.items.insert(backwards.items.end(), list.begin(), list.end());
    backwards.offsets.push_back(static_cast<std::int64_t>(backwards.items.size()));
  }
  Harness one(1), four(4);
  const Truth truth = make_truth(users, items, kUsers, one.threads);
  const TrainCounts train{std::vector<std::int64_t>(kItems, 3), kUsers};
  const auto text = [&](const RankedLists& of, Context& context) {
    const EvalInput input{of.view(), truth, kUsers, kItems, &train, nullptr, nullptr};
    return to_text(to_json(*evaluate(input, at({1, 10, 50}), context)));
  };
  const std::string expected = text(lists, one.context);
  EXPECT_EQ(text(lists, four.context), expected);
  EXPECT_EQ(text(backwards, four.context), expected);
}

}  // namespace
}  // namespace crossfade
