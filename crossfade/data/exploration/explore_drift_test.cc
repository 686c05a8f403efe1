// Drift between two parts: none between equal ones, planted ones found, ids matched across
// datasets.
#include "crossfade/data/exploration/explore_drift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

Drift drift(const Dataset& before, const Dataset& after) {
  TestContext run;
  return explore_drift({before.users(), before.domains()[0]}, {after.users(), after.domains()[0]},
                       run.threads);
}

TEST(Drift, EqualPartsDoNotDrift) {
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", random_log(10'000, 1), run);
  const Drift found = drift(dataset, dataset);
  EXPECT_EQ(found.new_users, 0);
  EXPECT_EQ(found.new_items, 0);
  EXPECT_EQ(found.top_kept, found.top);
  EXPECT_GE(found.shifts.size(), 3u);
  for (const ShareShift& shift : found.shifts) {
    EXPECT_NEAR(shift.psi, 0, 1e-12);
    EXPECT_NEAR(shift.kl, 0, 1e-12);
  }
}

// The later part has other indices: ids are matched.
TEST(Drift, NewUsersAndItemsAreFoundByTheirIds) {
  const Dataset before = make_dataset({{1, 10, 1}, {1, 11, 2}, {2, 10, 3}});
  const Dataset after = make_dataset({{7, 99, 1}, {7, 10, 2}, {2, 10, 3}, {1, 98, 4}});
  const Drift found = drift(before, after);
  EXPECT_EQ(found.users_after, 3);
  EXPECT_EQ(found.new_users, 1);
  EXPECT_EQ(found.events_of_new_users, 2);
  EXPECT_EQ(found.items_after, 3);
  EXPECT_EQ(found.new_items, 2);
  EXPECT_EQ(found.events_of_new_items, 2);
  EXPECT_EQ(found.top, 2);
  EXPECT_EQ(found.top_kept, 1);  // 10, but not 11
  const ShareShift& popularity = found.shifts[0];
  EXPECT_EQ(popularity.groups.back(), "new");
  EXPECT_DOUBLE_EQ(popularity.after.back(), 0.5);
  EXPECT_GT(popularity.psi, 0.25);
}

TEST(Drift, MeasuresByHand) {
  ShareShift shift{"x", {"a", "b"}, {0.5, 0.5}, {0.75, 0.25}};
  measure(shift);
  EXPECT_NEAR(shift.psi, 0.25 * std::log(1.5) - 0.25 * std::log(0.5), 1e-12);
  EXPECT_NEAR(shift.kl, 0.75 * std::log(1.5) + 0.25 * std::log(0.5), 1e-12);
  ShareShift fresh{"x", {"a", "b"}, {1, 0}, {0, 1}};
  measure(fresh);
  EXPECT_TRUE(std::isfinite(fresh.psi));
}

}  // namespace
}  // namespace crossfade
