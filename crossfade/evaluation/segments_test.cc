// Segments of a planted evaluation, worked by hand.
#include "crossfade/evaluation/segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

// Users 0 to 5 of train have 1, 1, 1, 6, 6 and 6 events: all take item 0, three take item 1 and
// items of their own too. Item 0 has six users, item 1 three, the rest one each.
Dataset train_part() {
  std::vector<TestRow> rows;
  std::int64_t own = 2;
  for (std::int64_t user = 0; user < 6; ++user) {
    rows.push_back({user, 0, user});
    if (user < 3) continue;
    rows.push_back({user, 1, 10 + user});
    for (int i = 0; i < 4; ++i) rows.push_back({user, own++, 20 + user});
  }
  return make_dataset(rows);
}

struct Judged {
  Dataset train = train_part();
  TrainCounts counts;
  Truth truth;
  RankedLists lists;
  EvalReport report;
  std::vector<Segmentation> segments;
};

// User 1 takes item 0 and gets it first, user 3 takes 1 and gets it, user 4 takes 2 and does not,
// user 6 is new and takes 0 (which is listed) and 14, which is new.
Judged judge(int threads = 2) {
  TestContext run(threads);
  Judged judged;
  judged.counts = count_train(judged.train.domains()[0], run.threads);
  judged.truth = {{1, 3, 4, 6}, {0, 1, 2, 3, 5}, {0, 1, 2, 0, 14}, 0};
  judged.lists = {{1, 3, 4, 6}, {0, 2, 4, 6, 8}, {0, 1, 0, 1, 0, 1, 0, 1}};
  const EvalInput input{judged.lists.view(), judged.truth, 7, 15, &judged.counts, nullptr, nullptr};
  EvalOptions options;
  options.ks = {2};
  judged.report = *evaluate(input, options, run);
  judged.segments = *evaluate_segments(input, judged.report, judged.train.domains()[0], run);
  return judged;
}

const MetricResult& metric_of(const SegmentGroup& group, const std::string& name) {
  for (const MetricResult& metric : group.metrics)
    if (metric.name() == name) return metric;
  ADD_FAILURE() << group.name << " has no " << name;
  return group.metrics[0];
}

TEST(Segments, WarmAndColdUsers) {
  const Segmentation warm = judge().segments[0];
  ASSERT_EQ(warm.groups.size(), 2u);
  EXPECT_EQ(warm.groups[0].name, "warm");
  EXPECT_EQ(warm.groups[0].users, 3);
  EXPECT_EQ(warm.groups[0].relevant, 3);
  EXPECT_DOUBLE_EQ(metric_of(warm.groups[0], "recall@2").mean, 2.0 / 3);
  EXPECT_EQ(warm.groups[1].users, 1);
  EXPECT_DOUBLE_EQ(metric_of(warm.groups[1], "recall@2").mean, 0.5);
  // One user: an interval of width 0.
  EXPECT_DOUBLE_EQ(metric_of(warm.groups[1], "recall@2").interval.low, 0.5);
}

TEST(Segments, LengthOfHistory) {
  const Segmentation history = judge().segments[1];
  ASSERT_EQ(history.groups.size(), 3u);
  EXPECT_EQ(history.groups[0].name, "0");
  EXPECT_EQ(history.groups[1].name, "1 to 4");
  EXPECT_EQ(history.groups[1].users, 1);
  EXPECT_EQ(history.groups[2].name, "5 to 19");
  EXPECT_DOUBLE_EQ(metric_of(history.groups[2], "hit_rate@2").mean, 0.5);
}

// 21 pairs of user and item: item 0 has 6 and item 1 the next 3, so the head is item 0 and item 1
// (9 of 21 pass a third), and all others, with one user each, are the middle.
TEST(Segments, PopularityOfItems) {
  const Segmentation popularity = judge().segments[2];
  ASSERT_EQ(popularity.groups.size(), 3u);
  EXPECT_EQ(popularity.groups[0].name, "head");
  EXPECT_EQ(popularity.groups[0].detail, "2 items, 3 users or more each");
  EXPECT_EQ(popularity.groups[0].users, 3);
  EXPECT_DOUBLE_EQ(metric_of(popularity.groups[0], "recall@2").mean, 1);
  EXPECT_EQ(popularity.groups[1].name, "middle");
  EXPECT_EQ(popularity.groups[1].users, 1);
  EXPECT_DOUBLE_EQ(metric_of(popularity.groups[1], "recall@2").mean, 0);
  EXPECT_EQ(popularity.groups[2].name, "new");
  EXPECT_EQ(popularity.groups[2].relevant, 1);
  for (const SegmentGroup& group : popularity.groups)
    for (const MetricResult& metric : group.metrics) EXPECT_NE(metric.metric, "novelty");
}

TEST(Segments, GroupsOfUsersAddUpToTheWhole) {
  const Judged judged = judge();
  for (const Segmentation& segmentation : {judged.segments[0], judged.segments[1]}) {
    double sum = 0;
    for (const SegmentGroup& group : segmentation.groups)
      sum += metric_of(group, "ndcg@2").mean * static_cast<double>(group.users);
    EXPECT_NEAR(sum / 4, judged.report.find("ndcg@2")->mean, 1e-15);
  }
}

TEST(Segments, SameForAnyThreads) {
  Judged one = judge(1), four = judge(4);
  one.report.segments = one.segments;
  four.report.segments = four.segments;
  EXPECT_EQ(to_text(to_json(one.report)), to_text(to_json(four.report)));
}

}  // namespace
}  // namespace crossfade
