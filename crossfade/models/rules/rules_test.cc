// Rules worked out by hand on four users and three items.
#include <gtest/gtest.h>

#include "crossfade/data/test_log.h"
#include "crossfade/models/rules/rules_trainer.h"

namespace crossfade {
namespace {

// Item 0 is met by users 0, 1 and 2; item 1 by 0 and 1; item 2 by 2 and 3. User 4 met nothing.
SparseMatrix users() {
  return {5, 3, {{0, 2, 4, 6, 7, 7}}, {{0, 1, 0, 1, 0, 2, 2}}, {{2, 1, 1, 1, 1, 1, 1}}};
}

float rule(const std::string& measure, std::int64_t support, ItemIndex item, ItemIndex other) {
  RulesConfig config;
  config.measure = measure;
  config.support = support;
  TestContext run;
  const auto found = find_rules(config, users(), run);
  CROSSFADE_CHECK(found.ok(), found.status().message());
  const auto items = found->items_of(item);
  for (std::size_t n = 0; n < items.size(); ++n)
    if (items[n] == other) return found->scores_of(item)[n];
  return 0;
}

TEST(Rules, ConfidenceIsTheShareOfTheUsersOfTheFirstItem) {
  EXPECT_FLOAT_EQ(rule("confidence", 1, 0, 1), 2.0F / 3);
  EXPECT_FLOAT_EQ(rule("confidence", 1, 1, 0), 1);
  EXPECT_FLOAT_EQ(rule("confidence", 1, 2, 0), 0.5);
  EXPECT_FLOAT_EQ(rule("confidence", 1, 1, 2), 0);
}

TEST(Rules, LiftComparesWithAllUsersThatMetSomething) {
  EXPECT_FLOAT_EQ(rule("lift", 1, 0, 1), (2.0F / 3) / (2.0F / 4));
  EXPECT_FLOAT_EQ(rule("lift", 1, 1, 0), (2.0F / 3) / (2.0F / 4));
  EXPECT_FLOAT_EQ(rule("lift", 1, 0, 2), (1.0F / 3) / (2.0F / 4));
}

TEST(Rules, RulesOfTooFewUsersAreLeftOut) {
  EXPECT_FLOAT_EQ(rule("confidence", 2, 0, 1), 2.0F / 3);
  EXPECT_FLOAT_EQ(rule("confidence", 2, 0, 2), 0);
  EXPECT_FLOAT_EQ(rule("lift", 3, 0, 1), 0);
}

}  // namespace
}  // namespace crossfade
