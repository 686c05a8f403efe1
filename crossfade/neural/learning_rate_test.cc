// The schedule of steps: where it begins, that it never rises after the warm-up, where it ends.
#include "crossfade/neural/learning_rate.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(LearningRateSchedule, RisesAndStays) {
  const LearningRateSchedule schedule{"constant", 3, 100};
  EXPECT_DOUBLE_EQ(schedule.factor(0), 0.25);
  EXPECT_DOUBLE_EQ(schedule.factor(2), 0.75);
  EXPECT_DOUBLE_EQ(schedule.factor(3), 1);
  EXPECT_DOUBLE_EQ(schedule.factor(99), 1);
}

TEST(LearningRateSchedule, FallsAlongACosine) {
  const LearningRateSchedule schedule{"cosine", 10, 110};
  EXPECT_DOUBLE_EQ(schedule.factor(10), 1);
  EXPECT_NEAR(schedule.factor(60), 0.5, 1e-12);
  for (std::int64_t step = 11; step < 110; ++step)
    EXPECT_LT(schedule.factor(step), schedule.factor(step - 1)) << step;
  EXPECT_GT(schedule.factor(109), 0);
  EXPECT_LT(schedule.factor(109), 1e-3);
}

TEST(LearningRateSchedule, AWarmUpLongerThanTheTrainingOnlyRises) {
  const LearningRateSchedule schedule{"cosine", 50, 20};
  for (std::int64_t step = 1; step < 20; ++step)
    EXPECT_GT(schedule.factor(step), schedule.factor(step - 1));
}

}  // namespace
}  // namespace crossfade
