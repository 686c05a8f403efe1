// Assignment: the hash against published vectors, the arms against published logs, and what
// weights, traffic, layers and overrides promise.
#include "crossfade/experiments/assignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/experiments/murmur3.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Experiment experiment(const ExperimentConfig& config) {
  return *Experiment::make(config);
}

std::vector<TreatmentIndex> arms(const Experiment& experiment, std::int64_t users) {
  std::vector<std::int64_t> ids;
  for (std::int64_t user = 0; user < users; ++user) ids.push_back(user);
  std::vector<TreatmentIndex> treatments(ids.size());
  experiment.assign(ids, treatments);
  return treatments;
}

double share_of(const std::vector<TreatmentIndex>& treatments, TreatmentIndex wanted) {
  return static_cast<double>(std::count(treatments.begin(), treatments.end(), wanted)) /
         static_cast<double>(treatments.size());
}

std::string error_of(const ExperimentConfig& config) {
  const auto made = Experiment::make(config);
  return made.ok() ? "" : made.status().message();
}

TEST(Murmur3, PublishedVectors) {
  const auto as_signed = [](std::string_view text) {
    return static_cast<std::int32_t>(murmur3_32(text, 0));
  };
  EXPECT_EQ(as_signed(""), 0);
  EXPECT_EQ(as_signed("foo"), -156908512);
  EXPECT_EQ(as_signed("AA"), 1072275553);
  EXPECT_EQ(as_signed("HSTU"), 897533718);
  EXPECT_EQ(as_signed("STICKY_ARTIST"), -920525308);
  EXPECT_EQ(as_signed("I2I"), 1420217042);
  EXPECT_EQ(as_signed("ALL"), 1991480938);
  EXPECT_EQ(as_signed("RECOMMENDERS"), -964732039);
  EXPECT_EQ(murmur3_32("", 1), 0x514E28B7U);  // of the author's own test of an empty key
}

TEST(Assignment, ArmsOfPublishedLogs) {
  EXPECT_THAT(arms(experiment({.name = "AA"}), 16),
              ElementsAre(1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1));
  EXPECT_THAT(arms(experiment({.name = "HSTU"}), 16),
              ElementsAre(0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1));
  EXPECT_THAT(arms(experiment({.name = "I2I", .split = 3}), 16),
              ElementsAre(2, 2, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 2, 2, 2, 2));
  EXPECT_THAT(arms(experiment({.name = "ALL", .split = 8}), 16),
              ElementsAre(7, 5, 2, 7, 3, 4, 5, 4, 2, 1, 5, 1, 4, 3, 1, 6));
  EXPECT_EQ(share_of(arms(experiment({.name = "AA"}), 10000), 0), 0.4982);
  EXPECT_EQ(share_of(arms(experiment({.name = "HSTU"}), 10000), 0), 0.5013);
}

TEST(Assignment, AnIdIsHashedAsItsText) {
  const Experiment aa = experiment({.name = "AA", .split = 7});
  for (const std::int64_t user : {std::int64_t{0}, std::int64_t{-5}, INT64_MIN, INT64_MAX}) {
    EXPECT_EQ(aa.assign(user), aa.assign(ExternalId(std::to_string(user)))) << user;
    EXPECT_EQ(aa.assign(user), aa.assign(ExternalId(user))) << user;
  }
  EXPECT_EQ(aa.assign(ExternalId("анна")), aa.assign(ExternalId("анна")));
}

TEST(Assignment, TreatmentsHaveNames) {
  EXPECT_EQ(treatment_name(0), "C");
  EXPECT_EQ(treatment_name(12), "T12");
  EXPECT_EQ(treatment_name(kNoTreatment), "");
  EXPECT_EQ(treatment_from_name("C"), 0);
  EXPECT_EQ(treatment_from_name("T12"), 12);
  for (const char* name :
       {"", "T", "T0", "T01", "C1", "t1", "T-1", "T1000", "T99999999999999999999"})
    EXPECT_EQ(treatment_from_name(name), kNoTreatment) << name;
}

TEST(Assignment, WeightsAreKept) {
  const auto treatments = arms(experiment({.name = "W", .split = 3, .weights = {8, 1, 1}}), 100000);
  EXPECT_NEAR(share_of(treatments, 0), 0.8, 0.005);
  EXPECT_NEAR(share_of(treatments, 1), 0.1, 0.004);
  EXPECT_NEAR(share_of(treatments, 2), 0.1, 0.004);
  const auto stopped = arms(experiment({.name = "W", .split = 3, .weights = {0, 1, 0}}), 1000);
  EXPECT_EQ(share_of(stopped, 1), 1);
}

// Raising the traffic adds users and moves none.
TEST(Assignment, TrafficGrowsWithoutMovingAnybody) {
  const auto few = arms(experiment({.name = "R", .traffic = 0.1}), 100000);
  const auto many = arms(experiment({.name = "R", .traffic = 0.5}), 100000);
  const auto all = arms(experiment({.name = "R"}), 100000);
  EXPECT_NEAR(1 - share_of(few, kNoTreatment), 0.1, 0.004);
  EXPECT_NEAR(1 - share_of(many, kNoTreatment), 0.5, 0.006);
  for (std::size_t user = 0; user < few.size(); ++user) {
    if (few[user] != kNoTreatment) {
      EXPECT_EQ(few[user], many[user]);
    }
    if (many[user] != kNoTreatment) {
      EXPECT_EQ(many[user], all[user]);
    }
  }
  EXPECT_NEAR(share_of(few, 1) / share_of(few, 0), 1, 0.05);
}

TEST(Assignment, OverridesComeFirst) {
  const Experiment one =
      experiment({.name = "O",
                  .split = 4,
                  .traffic = 1e-9,
                  .overrides = {{ExternalId(std::int64_t{17}), 3}, {ExternalId("tester"), 0}}});
  EXPECT_EQ(one.assign(17), 3);
  EXPECT_EQ(one.assign(ExternalId("17")), 3);
  EXPECT_EQ(one.assign(ExternalId("tester")), 0);
  EXPECT_EQ(one.assign(18), kNoTreatment);
}

TEST(ExperimentSet, LayersKeepExperimentsApart) {
  const auto set = ExperimentSet::make({{.name = "A", .traffic = 0.3, .layer = "rank"},
                                        {.name = "B", .traffic = 0.7, .layer = "rank"},
                                        {.name = "C"}});
  ASSERT_TRUE(set.ok()) << set.status().message();
  std::int64_t in_a = 0, in_b = 0, both_treated = 0;
  for (std::int64_t user = 0; user < 100000; ++user) {
    const auto treatments = set->assign(ExternalId(user));
    ASSERT_TRUE((treatments[0] == kNoTreatment) != (treatments[1] == kNoTreatment)) << user;
    ASSERT_NE(treatments[2], kNoTreatment);
    in_a += treatments[0] != kNoTreatment;
    in_b += treatments[1] != kNoTreatment;
    both_treated += treatments[0] == 1 && treatments[2] == 1;
  }
  EXPECT_NEAR(static_cast<double>(in_a), 30000, 600);
  EXPECT_EQ(in_a + in_b, 100000);
  EXPECT_NEAR(static_cast<double>(both_treated), 7500, 350);  // layers cross independently
}

TEST(ExperimentSet, NamesTheNearest) {
  const auto set = ExperimentSet::make({{.name = "STICKY_ARTIST"}, {.name = "TOP_POP"}});
  EXPECT_EQ(*set->find("TOP_POP"), 1u);
  const auto found = set->find("STICKY_ARTISTS");
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.status().message(), HasSubstr("STICKY_ARTIST"));
}

TEST(Assignment, MistakesAreSentences) {
  EXPECT_THAT(error_of({}), HasSubstr("no name"));
  EXPECT_THAT(error_of({.name = std::string(201, 'x')}), HasSubstr("201 bytes"));
  EXPECT_THAT(error_of({.name = "A", .split = 1}), HasSubstr("experiment 'A': split is 1"));
  EXPECT_THAT(error_of({.name = "A", .split = 1001}), HasSubstr("2 to 1,000"));
  EXPECT_THAT(error_of({.name = "A", .traffic = 0}), HasSubstr("traffic is 0"));
  EXPECT_THAT(error_of({.name = "A", .traffic = std::nan("")}), HasSubstr("traffic"));
  EXPECT_THAT(error_of({.name = "A", .weights = {1}}), HasSubstr("1 weight for 2 treatments"));
  EXPECT_THAT(error_of({.name = "A", .weights = {1, -1}}), HasSubstr("at least 0"));
  EXPECT_THAT(error_of({.name = "A", .weights = {0, 0}}), HasSubstr("all weights are 0"));
  EXPECT_THAT(error_of({.name = "A", .overrides = {{ExternalId(std::int64_t{3}), 2}}}),
              HasSubstr("user 3 is to see T2, and the last treatment is T1"));
}

TEST(ExperimentSet, MistakesAreSentences) {
  const auto twice = ExperimentSet::make({{.name = "A"}, {.name = "A"}});
  EXPECT_THAT(twice.status().message(), HasSubstr("'A' comes twice"));
  const auto full = ExperimentSet::make(
      {{.name = "A", .traffic = 0.6, .layer = "L"}, {.name = "B", .traffic = 0.6, .layer = "L"}});
  EXPECT_THAT(full.status().message(), HasSubstr("layer 'L' is full"));
  const auto many = ExperimentSet::make(std::vector<ExperimentConfig>(1001));
  EXPECT_THAT(many.status().message(), HasSubstr("1,001 experiments"));
}

TEST(ExperimentsJson, AreReadAsWritten) {
  const auto configs = experiments_from_json(*parse_json(
      R"([{"name": "AA"}, {"name": "B", "split": 3, "weights": [1, 2, 3], "traffic": 0.5,)"
      R"( "layer": "L", "overrides": {"17": "T1", "ann": "C"}}])"));
  ASSERT_TRUE(configs.ok()) << configs.status().message();
  ASSERT_EQ(configs->size(), 2u);
  const ExperimentConfig &aa = (*configs)[0], &b = (*configs)[1];
  EXPECT_EQ(aa.name, "AA");
  EXPECT_EQ(aa.split, 2);
  EXPECT_EQ(aa.traffic, 1);
  EXPECT_TRUE(aa.weights.empty() && aa.layer.empty() && aa.overrides.empty());
  EXPECT_EQ(b.name, "B");
  EXPECT_EQ(b.split, 3);
  EXPECT_THAT(b.weights, ElementsAre(1, 2, 3));
  EXPECT_EQ(b.traffic, 0.5);
  EXPECT_EQ(b.layer, "L");
  ASSERT_EQ(b.overrides.size(), 2u);
  EXPECT_EQ(b.overrides[0], std::pair(ExternalId(std::int64_t{17}), TreatmentIndex{1}));
  EXPECT_EQ(b.overrides[1], std::pair(ExternalId("ann"), TreatmentIndex{0}));
  EXPECT_EQ(
      (*experiments_from_json(*parse_json(R"([{"name": "W", "weights": [1, 1, 1]}])")))[0].split,
      3);
}

TEST(ExperimentsJson, MistakesAreSentences) {
  const auto error = [](const char* text) {
    return experiments_from_json(*parse_json(text)).status().message();
  };
  EXPECT_THAT(error("{}"), HasSubstr("list of objects"));
  EXPECT_THAT(error("[1]"), HasSubstr("experiment 1 of the list"));
  EXPECT_THAT(error(R"([{"name": "A"}, {"nmae": "B"}])"), HasSubstr("experiment 2 of the list"));
  EXPECT_THAT(error(R"([{"nmae": "B"}])"), HasSubstr("'name'"));
  EXPECT_THAT(error(R"([{"name": 1}])"), HasSubstr("a text"));
  EXPECT_THAT(error(R"([{"split": 2.5}])"), HasSubstr("a whole number"));
  EXPECT_THAT(error(R"([{"weights": [1, "2"]}])"), HasSubstr("a list of numbers"));
  EXPECT_THAT(error(R"([{"traffic": "all"}])"), HasSubstr("a number"));
  EXPECT_THAT(error(R"([{"overrides": {"1": "T"}}])"), HasSubstr("users and treatments"));
}

}  // namespace
}  // namespace crossfade
