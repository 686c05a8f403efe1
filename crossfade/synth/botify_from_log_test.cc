// A log's cut: who counts, which items become tracks, and in which order.
#include "crossfade/synth/botify_from_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;

// Users 1 to 3 took items 10, 11, 12; item 11 is everybody's. User 4 took one thing, often.
Dataset log_of_four() {
  return make_dataset({{1, 10, 1},
                       {1, 11, 2},
                       {2, 11, 1},
                       {2, 12, 2},
                       {3, 12, 1},
                       {3, 11, 2},
                       {3, 11, 3},
                       {4, 13, 1},
                       {4, 13, 2}});
}

TEST(BotifyCut, RanksItemsByTheUsersWhoCount) {
  const Dataset dataset = log_of_four();
  const auto cut = cut_for_botify(dataset.domains()[0], 10, 2);
  ASSERT_TRUE(cut.ok());
  EXPECT_THAT(cut->items, ElementsAre(1, 2, 0));  // 11 by three, 12 by two, 10 by one; 13 by nobody
  EXPECT_THAT(cut->popularity, ElementsAre(3.0 / 6, 2.0 / 6, 1.0 / 6));
}

TEST(BotifyCut, KeepsAsManyTracksAsAskedFor) {
  const Dataset dataset = log_of_four();
  const auto cut = cut_for_botify(dataset.domains()[0], 2, 2);
  EXPECT_THAT(cut->items, ElementsAre(1, 2));
  EXPECT_THAT(cut->popularity, ElementsAre(0.6, 0.4));
}

TEST(BotifyCut, NobodyWhoCountsIsAnError) {
  const Dataset dataset = log_of_four();
  const auto cut = cut_for_botify(dataset.domains()[0], 10, 3);
  EXPECT_EQ(cut.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(cut.status().message(), testing::HasSubstr("least_items"));
}

}  // namespace
}  // namespace crossfade
