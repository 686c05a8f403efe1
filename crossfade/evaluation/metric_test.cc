// Every metric against numbers worked by hand, on one small example and at its corners.
#include "crossfade/evaluation/metric.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

// Four users of the train part; items 0 to 4 are known to 4, 2, 1, 1, 0 of them.
const TrainCounts& train() {
  static const TrainCounts counts{{4, 2, 1, 1, 0}, 4};
  return counts;
}

// The list 0, 4, 1, 2 for a user with three relevant items, of which places 1 and 3 hold two.
const std::vector<ItemIndex> kItems{0, 4, 1, 2};
const std::vector<std::int64_t> kHits{1, 3};

double value(const std::string& name, std::int64_t k, const ScoredList& list) {
  const MetricEntry entry = (*find_metrics({name}))[0];
  return entry.make_user({10, &train()})->value(list, k);
}

double value(const std::string& name, std::int64_t k) {
  return value(name, k, {kItems, kHits, 3});
}

TEST(Metric, Ndcg) {
  EXPECT_DOUBLE_EQ(value("ndcg", 1), 1);
  // IDCG@2 = 1 + 1/log2(3) = 1.6309297535714573
  EXPECT_NEAR(value("ndcg", 2), 1 / 1.6309297535714573, 1e-15);
  // DCG@3 = 1 + 1/log2(4) = 1.5; IDCG@3 = 2.1309297535714578, and no more than 3 are relevant.
  EXPECT_NEAR(value("ndcg", 3), 1.5 / 2.1309297535714578, 1e-15);
  EXPECT_NEAR(value("ndcg", 10), 1.5 / 2.1309297535714578, 1e-15);
}

TEST(Metric, Recall) {
  EXPECT_DOUBLE_EQ(value("recall", 1), 1.0 / 3);
  EXPECT_DOUBLE_EQ(value("recall", 2), 1.0 / 3);
  EXPECT_DOUBLE_EQ(value("recall", 3), 2.0 / 3);
}

TEST(Metric, RecallCapped) {
  EXPECT_DOUBLE_EQ(value("recall_capped", 1), 1);
  EXPECT_DOUBLE_EQ(value("recall_capped", 2), 0.5);
  EXPECT_DOUBLE_EQ(value("recall_capped", 10), 2.0 / 3);
}

TEST(Metric, Precision) {
  EXPECT_DOUBLE_EQ(value("precision", 1), 1);
  EXPECT_DOUBLE_EQ(value("precision", 4), 0.5);
  EXPECT_DOUBLE_EQ(value("precision", 10), 0.2);  // the list has only 4 items
}

TEST(Metric, HitRateAndMrr) {
  EXPECT_EQ(value("hit_rate", 1), 1);
  EXPECT_EQ(value("mrr", 4), 1);
  const std::vector<std::int64_t> late{3, 4};
  const ScoredList list{kItems, late, 2};
  EXPECT_EQ(value("hit_rate", 2, list), 0);
  EXPECT_EQ(value("hit_rate", 3, list), 1);
  EXPECT_EQ(value("mrr", 2, list), 0);
  EXPECT_DOUBLE_EQ(value("mrr", 4, list), 1.0 / 3);
}

TEST(Metric, Map) {
  EXPECT_DOUBLE_EQ(value("map", 1), 1);
  EXPECT_DOUBLE_EQ(value("map", 2), 0.5);                 // 1/1 over min(2, 3)
  EXPECT_DOUBLE_EQ(value("map", 10), (1 + 2.0 / 3) / 3);  // over the 3 relevant
}

TEST(Metric, NoveltyInBits) {
  EXPECT_DOUBLE_EQ(value("novelty", 1), 0);  // everybody knows item 0
  EXPECT_DOUBLE_EQ(value("novelty", 2), 1);  // (0 + 2) / 2: item 4 is cold, as if one of 4 knew it
  EXPECT_DOUBLE_EQ(value("novelty", 4), 1.25);  // (0 + 2 + 1 + 2) / 4
  EXPECT_DOUBLE_EQ(value("novelty", 10), 1.25);
}

TEST(Metric, SurprisalIsScaledAndOverK) {
  EXPECT_DOUBLE_EQ(value("surprisal", 2), 0.5);
  EXPECT_DOUBLE_EQ(value("surprisal", 4), 0.625);
  EXPECT_DOUBLE_EQ(value("surprisal", 10), 0.25);
}

TEST(Metric, ItemsBeyondTheTrainPartAreCold) {
  const std::vector<ItemIndex> items{99};
  EXPECT_DOUBLE_EQ(value("novelty", 1, {items, {}, 1}), 2);
  EXPECT_DOUBLE_EQ(value("surprisal", 1, {items, {}, 1}), 1);
}

TEST(Metric, EmptyListIsWorthNothing) {
  for (const MetricEntry& entry : all_metrics()) {
    if (!entry.make_user) continue;
    EXPECT_EQ(value(entry.name, 10, {{}, {}, 3}), 0) << entry.name;
  }
}

TEST(Metric, PerfectListIsWorthOne) {
  const std::vector<std::int64_t> hits{1, 2, 3};
  for (const char* name : {"ndcg", "recall_capped", "hit_rate", "mrr", "map"})
    for (const std::int64_t k : {1, 2, 3, 10})
      EXPECT_DOUBLE_EQ(value(name, k, {kItems, hits, 3}), 1) << name << k;
}

TEST(Metric, CoverageCountsTheCatalogueOnly) {
  // Items 0 to 3 are the catalogue; item 4 is cold, item 5 unknown.
  const std::vector<std::int32_t> best{1, 3, Exposure::kNowhere, 10, 1, 1};
  const auto coverage = (*find_metrics({"coverage"}))[0].make_exposure({10, &train()});
  EXPECT_DOUBLE_EQ(coverage->value({best}, 1), 0.25);
  EXPECT_DOUBLE_EQ(coverage->value({best}, 9), 0.5);
  EXPECT_DOUBLE_EQ(coverage->value({best}, 10), 0.75);
  const TrainCounts nothing;
  EXPECT_EQ((*find_metrics({"coverage"}))[0].make_exposure({10, &nothing})->value({best}, 1), 0);
}

TEST(Metric, TrainPartWithoutUsersOrWithOne) {
  const TrainCounts nothing, one{{1}, 1};
  const std::vector<ItemIndex> items{0};
  for (const TrainCounts* counts : {&nothing, &one})
    for (const char* name : {"novelty", "surprisal"})
      EXPECT_EQ((*find_metrics({name}))[0].make_user({1, counts})->value({items, {}, 1}, 1), 0);
}

TEST(MetricList, EveryEntryIsWhole) {
  std::set<std::string> names;
  for (const MetricEntry& entry : all_metrics()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_NE((entry.make_user == nullptr), (entry.make_exposure == nullptr)) << entry.name;
    EXPECT_GT(std::string(entry.formula).size(), 0u);
  }
}

TEST(MetricList, FindsInTheOrderOfTheListAndNamesTheNearest) {
  const auto found = find_metrics({"map", "ndcg"});
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 2u);
  EXPECT_STREQ((*found)[0].name, "ndcg");
  const Status status = find_metrics({"ndgc"}).status();
  EXPECT_EQ(status.kind(), StatusKind::kUsage);
  EXPECT_NE(status.message().find("did you mean 'ndcg'"), std::string::npos);
}

}  // namespace
}  // namespace crossfade
