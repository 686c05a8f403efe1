// From texts to parts: filters go before the rule, settings reach it, mistakes come first.
#include "crossfade/data/splits/split_plan.h"

#include <gmock/gmock.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Dataset planted() {
  return make_dataset({{1, 10, 1}, {1, 10, 2}, {1, 11, 3}, {1, 12, 4}, {2, 10, 5}});
}

TEST(SplitPlanTest, FiltersThenSplits) {
  TestContext run;
  SplitPlan plan{{"min_users:2", "repeats"}, "last:1", {}};
  plan.settings.validation = false;
  const SplitOutcome outcome = *run_split(planted(), plan, run);
  ASSERT_EQ(outcome.filters.size(), 2U);
  EXPECT_EQ(outcome.filters[1].after.rows, 3);
  EXPECT_EQ(outcome.split.train.num_users(), 1);
  EXPECT_THAT(outcome.split.train.domains()[0].time_ns, ElementsAre(1, 3));
  EXPECT_THAT(outcome.split.test.domains()[0].time_ns, ElementsAre(4));
  EXPECT_EQ(outcome.report.parts.size(), 2U);
}

TEST(SplitPlanTest, SettingsBecomeOptions) {
  SplitSettings settings;
  ASSERT_TRUE(apply_settings(settings, "split",
                             {"seed=7", "validation=no", "target=random", "sessions=later",
                              "cold_users=drop", "cold_items=drop", "fold_in=yes"})
                  .ok());
  const SplitOptions options = split_options(settings);
  EXPECT_EQ(options.seed, 7U);
  EXPECT_FALSE(options.validation);
  EXPECT_EQ(options.target, Target::kRandom);
  EXPECT_EQ(options.sessions, Sessions::kLater);
  EXPECT_TRUE(options.drop_cold_users && options.drop_cold_items && options.fold_in);
  const SplitOptions defaults = split_options({});
  EXPECT_EQ(defaults.target, Target::kAll);
  EXPECT_EQ(defaults.sessions, Sessions::kCut);
  EXPECT_FALSE(defaults.drop_cold_users || defaults.drop_cold_items || defaults.fold_in);
  EXPECT_EQ(split_options({1, true, "first", "earlier"}).target, Target::kFirst);
  EXPECT_EQ(split_options({1, true, "last", "earlier"}).sessions, Sessions::kEarlier);
  EXPECT_THAT(apply_settings(settings, "split", {"target=middle"}).message(), HasSubstr("last"));
}

TEST(SplitPlanTest, TheSeedReachesTheFilters) {
  TestContext run;
  const Dataset d = *build_dataset(Dataset(), "music", random_log(4000, 1), run);
  const auto print = [&](std::int64_t seed) {
    SplitPlan plan{{"sample_users:60"}, "last:1", {}};
    plan.settings.seed = seed;
    return run_split(d, plan, run)->split.train.fingerprint();
  };
  EXPECT_EQ(print(1), print(1));
  EXPECT_NE(print(1), print(2));
}

TEST(SplitPlanTest, MistakesAreFoundFirst) {
  TestContext run;
  EXPECT_THAT(run_split(planted(), {{"kcor:2"}, "last:1", {}}, run).status().message(),
              HasSubstr("kcore"));
  EXPECT_THAT(run_split(planted(), {{"repeats"}, "lats:1", {}}, run).status().message(),
              HasSubstr("last"));
}

TEST(SplitPlanTest, IsRecorded) {
  EXPECT_THAT(to_text(to_json(SplitPlan{{"repeats"}, "last:1", {}})),
              HasSubstr(R"({"filters": ["repeats"], "by": "last:1", "settings": {"seed": 1, )"));
}

}  // namespace
}  // namespace crossfade
