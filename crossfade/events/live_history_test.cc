// Live histories: order, bounds, and snapshots that stay as they are while writers go on.
#include "crossfade/events/live_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace crossfade {
namespace {

using testing::ElementsAre;

std::vector<ItemIndex> items_of(const LiveHistory& live, const ExternalId& user,
                                std::size_t domain = 0) {
  const auto snapshot = live.snapshot(user);
  if (snapshot.empty()) return {};
  const auto items = snapshot.by_domain()[domain].items;
  return {items.begin(), items.end()};
}

TEST(LiveHistory, KeepsEventsPerUserAndDomainInTheOrderOfArrival) {
  LiveHistory live(2);
  live.add(ExternalId(7), 0, {5, 0.5f, 100, 1});
  live.add(ExternalId(7), 0, {3, 1.0f, 200, 2});
  live.add(ExternalId(7), 1, {9, 2.0f, 150, 0});
  live.add(ExternalId("ann"), 1, {1, 1.0f, 0, 0});
  const auto snapshot = live.snapshot(ExternalId(7));
  ASSERT_EQ(snapshot.by_domain().size(), 2u);
  const History& first = snapshot.by_domain()[0];
  EXPECT_THAT(first.items, ElementsAre(5, 3));
  EXPECT_THAT(first.weights, ElementsAre(0.5f, 1.0f));
  EXPECT_THAT(first.time_ns, ElementsAre(100, 200));
  EXPECT_THAT(first.kinds, ElementsAre(1, 2));
  EXPECT_TRUE(first.sessions.empty());
  EXPECT_THAT(snapshot.by_domain()[1].items, ElementsAre(9));
  EXPECT_TRUE(live.snapshot(ExternalId("ann")).by_domain()[0].empty());
  EXPECT_TRUE(live.snapshot(ExternalId(8)).empty());
  EXPECT_EQ(live.num_users(), 2);
}

TEST(LiveHistory, ANumberAndItsTextAreOneUser) {
  LiveHistory live(1);
  live.add(ExternalId(42), 0, {1, 1, 0, 0});
  live.add(ExternalId("42"), 0, {2, 1, 0, 0});
  live.add(ExternalId("042"), 0, {3, 1, 0, 0});
  EXPECT_THAT(items_of(live, ExternalId("42")), ElementsAre(1, 2));
  EXPECT_THAT(items_of(live, ExternalId("042")), ElementsAre(3));
  EXPECT_EQ(LiveHistory::shard_of(ExternalId(42)), LiveHistory::shard_of(ExternalId("42")));
}

TEST(LiveHistory, KeepsWhatWasReportedBesideTheWeight) {
  LiveHistory live(1, 3);
  for (ItemIndex item = 0; item < 7; ++item)
    live.add(ExternalId(1), 0, {item, 0, 0, 0, 0.01f * static_cast<float>(item)});
  const auto snapshot = live.snapshot(ExternalId(1));
  EXPECT_THAT(snapshot.reported(0), ElementsAre(0.01f * 4, 0.01f * 5, 0.01f * 6));
}

TEST(LiveHistory, CountsAllEventsOfAUserAlsoThoseItForgets) {
  LiveHistory live(1, 3);
  EXPECT_EQ(live.snapshot(ExternalId(1)).num_events(), 0u);
  live.pass(ExternalId("1"));
  EXPECT_EQ(live.snapshot(ExternalId(1)).num_events(), 1u);
  EXPECT_TRUE(live.snapshot(ExternalId(1)).empty());
  EXPECT_EQ(live.num_users(), 0) << "nothing is kept of that";
  for (ItemIndex item = 0; item < 5; ++item) live.add(ExternalId(1), 0, {item, 1, 0, 0});
  EXPECT_EQ(live.snapshot(ExternalId(1)).num_events(), 6u);
  EXPECT_EQ(live.num_users(), 1);
  EXPECT_EQ(LiveHistory::hash_of(ExternalId(1)), LiveHistory::hash_of(ExternalId("1")));
}

TEST(LiveHistory, ForgetsAllBeforeTheNewestAtOnce) {
  for (const std::int64_t limit : {1, 2, 3, 8, 500}) {
    LiveHistory live(1, limit);
    ItemIndex first = 0;
    for (ItemIndex item = 0; item < 3000; ++item) {
      live.add(ExternalId(1), 0, {item, static_cast<float>(item), item, 0});
      if (item - first == 2 * limit) first = item - static_cast<ItemIndex>(limit) + 1;
      const auto items = items_of(live, ExternalId(1));
      ASSERT_EQ(std::ssize(items), item - first + 1);
      ASSERT_EQ(items.back(), item);
      ASSERT_EQ(items.front(), first);
    }
  }
}

TEST(LiveHistory, TimesNeverFall) {
  LiveHistory live(1);
  for (const std::int64_t time_ns : {50, 20, 60}) live.add(ExternalId(1), 0, {0, 1, time_ns, 0});
  const auto snapshot = live.snapshot(ExternalId(1));
  EXPECT_THAT(snapshot.by_domain()[0].time_ns, ElementsAre(50, 50, 60));
}

TEST(LiveHistory, ASnapshotStaysAsItWas) {
  LiveHistory::Snapshot snapshot;
  {
    LiveHistory live(1, 4);
    for (ItemIndex item = 0; item < 3; ++item) live.add(ExternalId(1), 0, {item, 1, 0, 0});
    snapshot = live.snapshot(ExternalId(1));
    for (ItemIndex item = 3; item < 100; ++item) live.add(ExternalId(1), 0, {item, 1, 0, 0});
  }
  EXPECT_THAT(snapshot.by_domain()[0].items, ElementsAre(0, 1, 2));
}

TEST(LiveHistory, ReadersSeeWholeRunsWhileWritersGoOn) {
  LiveHistory live(1, 50);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (ItemIndex item = 0; !done; ++item) live.add(ExternalId(1), 0, {item, 1, item, 0});
  });
  ItemIndex newest = 0;
  bool whole = true;
  while (newest < 20000) {
    const auto items = items_of(live, ExternalId(1));
    for (std::size_t i = 1; i < items.size(); ++i) whole &= items[i] == items[i - 1] + 1;
    if (items.empty()) continue;
    whole &= items.back() >= newest;
    newest = items.back();
  }
  done = true;
  writer.join();
  EXPECT_TRUE(whole);
}

}  // namespace
}  // namespace crossfade
