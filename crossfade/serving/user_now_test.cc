// Stored and live histories joined.
#include "crossfade/serving/user_now.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/serving/test_world.h"

namespace crossfade {
namespace {

using testing::ElementsAre;

LiveHistory::Snapshot live_events(std::vector<LiveEvent> events) {
  LiveHistory live(1);
  for (const LiveEvent& event : events) live.add(ExternalId(1), 0, event);
  return live.snapshot(ExternalId(1));
}

TEST(UserNow, AStoredHistoryIsViewedWhereItStands) {
  const Dataset dataset = line_dataset();
  const UserNow user(dataset, 0, {});
  EXPECT_EQ(user.view().user, 0);
  EXPECT_THAT(user.history(0).items, ElementsAre(0, 1));
  EXPECT_EQ(user.history(0).items.data(), dataset.domains()[0].item.data());
  EXPECT_TRUE(user.live_items(0).empty());
}

TEST(UserNow, LiveEventsFollowTheStoredHistory) {
  const Dataset dataset = line_dataset();
  // 5 is before the end of the stored history, 20.
  UserNow moved(dataset, 0, live_events({{7, 0.5f, 5, 0}, {0, 0.25f, 30, 0}}));
  const UserNow user = std::move(moved);
  const History& history = user.view().by_domain[0];
  EXPECT_THAT(history.items, ElementsAre(0, 1, 7, 0));
  EXPECT_THAT(history.weights, ElementsAre(1, 1, 0.5f, 0.25f));
  EXPECT_THAT(history.time_ns, ElementsAre(10, 20, 20, 30));
  EXPECT_TRUE(history.kinds.empty()) << "the log has one kind";
  EXPECT_TRUE(history.sessions.empty());
  EXPECT_THAT(user.live_items(0), ElementsAre(7, 0));
}

TEST(UserNow, AnUnknownUserHasLiveEventsOnly) {
  const Dataset dataset = line_dataset();
  const UserNow nobody(dataset, kUnknown, {});
  EXPECT_TRUE(nobody.history(0).empty());
  const UserNow user(dataset, kUnknown, live_events({{3, 1, 5, 0}}));
  EXPECT_EQ(user.view().user, kUnknown);
  EXPECT_THAT(user.history(0).items, ElementsAre(3));
  EXPECT_THAT(user.history(0).time_ns, ElementsAre(5));
}

TEST(UserNow, OptionalColumnsAreThereIfTheLogHasThem) {
  LogColumns log;
  log.users = std::vector<std::int64_t>{1};
  log.items = std::vector<std::int64_t>{100};
  log.kinds = {2};
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", std::move(log), run);
  const UserNow user(dataset, 0, live_events({{0, 1, 5, 3}}));
  EXPECT_THAT(user.history(0).kinds, ElementsAre(2, 3));
  EXPECT_TRUE(user.history(0).time_ns.empty());
}

}  // namespace
}  // namespace crossfade
