// Truth and train counts from pairs and from a domain, with repeats and users without rows.
#include "crossfade/evaluation/truth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "crossfade/evaluation/train_counts.h"

namespace crossfade {
namespace {

using testing::ElementsAre;

Domain example_domain() {
  Domain domain;
  domain.items = Vocabulary(Array<std::int64_t>(std::vector<std::int64_t>{10, 11, 12, 13}));
  domain.offsets = std::vector<std::int64_t>{0, 3, 3, 5};
  domain.item = std::vector<ItemIndex>{2, 0, 2, 1, 2};
  domain.weight = std::vector<float>(5, 1);
  return domain;
}

TEST(Truth, FromPairsSortsAndDropsRepeats) {
  ThreadPool threads(2);
  const std::vector<UserIndex> users{3, 1, 3, 3, 1};
  const std::vector<ItemIndex> items{7, 5, 2, 7, 4};
  const Truth truth = make_truth(users, items, 5, threads);
  EXPECT_THAT(truth.users, ElementsAre(1, 3));
  EXPECT_THAT(truth.offsets, ElementsAre(0, 2, 4));
  EXPECT_THAT(truth.items, ElementsAre(4, 5, 2, 7));
  EXPECT_EQ(truth.num_repeats, 1);
  EXPECT_TRUE(truth.check(5, 8).ok());
}

TEST(Truth, FromADomainLeavesOutIdleUsers) {
  ThreadPool threads(1);
  const Truth truth = make_truth(example_domain(), threads);
  EXPECT_THAT(truth.users, ElementsAre(0, 2));
  EXPECT_THAT(truth.items, ElementsAre(0, 2, 1, 2));
  EXPECT_EQ(truth.num_repeats, 1);
}

TEST(Truth, WithoutWhatTrainHolds) {
  // User 0 saw items 0 and 2, user 2 saw 1 and 2, user 1 nothing.
  const Truth truth{{0, 1, 2}, {0, 2, 3, 4}, {1, 2, 2, 1}, 5};
  const Truth rest = without_seen(truth, example_domain());
  EXPECT_THAT(rest.users, ElementsAre(0, 1));
  EXPECT_THAT(rest.offsets, ElementsAre(0, 1, 2));
  EXPECT_THAT(rest.items, ElementsAre(1, 2));
  EXPECT_TRUE(rest.check(3, 4).ok());
}

TEST(Truth, SamplesOfUsersLieInEachOther) {
  ThreadPool threads(1);
  std::vector<UserIndex> users;
  std::vector<ItemIndex> items;
  for (int user = 0; user < 300; ++user)
    for (int item = 0; item <= user % 3; ++item) {
      users.push_back(user);
      items.push_back((user + 2 * item) % 7);
    }
  const Truth truth = make_truth(users, items, 300, threads);
  const Truth small = sample_users(truth, 1.0 / 9, 5), large = sample_users(truth, 1.0 / 3, 5);
  EXPECT_EQ(small.num_users(), 34);
  EXPECT_EQ(large.num_users(), 100);
  EXPECT_TRUE(large.check(300, 7).ok());
  EXPECT_TRUE(std::includes(large.users.begin(), large.users.end(), small.users.begin(),
                            small.users.end()));
  for (std::int64_t i = 0; i < small.num_users(); ++i) {
    const auto here = small.relevant(i),
               there = truth.relevant(small.users[static_cast<std::size_t>(i)]);
    EXPECT_TRUE(std::equal(here.begin(), here.end(), there.begin(), there.end()));
  }
  EXPECT_NE(sample_users(truth, 1.0 / 9, 6).users, small.users);
  EXPECT_EQ(sample_users(truth, 1, 5).items, truth.items);
  EXPECT_EQ(sample_users(truth, 0, 5).num_users(), 1);
  EXPECT_EQ(sample_users(Truth(), 0.5, 5).num_users(), 0);
}

TEST(Truth, OfNothing) {
  ThreadPool threads(1);
  const Truth truth = make_truth({}, {}, 0, threads);
  EXPECT_EQ(truth.num_users(), 0);
  EXPECT_TRUE(truth.check(0, 0).ok());
}

TEST(Truth, CheckNamesWhatIsBroken) {
  const Truth good{{0, 2}, {0, 1, 2}, {4, 4}, 0};
  EXPECT_TRUE(good.check(3, 5).ok());
  const auto message = [](Truth truth) { return truth.check(3, 5).message(); };
  EXPECT_THAT(message({{0}, {0, 2}, {4}, 0}), testing::HasSubstr("offsets"));
  EXPECT_THAT(message({{2, 0}, {0, 1, 2}, {4, 4}, 0}), testing::HasSubstr("user index 0"));
  EXPECT_THAT(message({{0, 3}, {0, 1, 2}, {4, 4}, 0}), testing::HasSubstr("beyond the 3 users"));
  EXPECT_THAT(message({{0, 2}, {0, 0, 2}, {4, 4}, 0}), testing::HasSubstr("empty"));
  EXPECT_THAT(message({{0}, {0, 2}, {4, 4}, 0}), testing::HasSubstr("twice"));
  EXPECT_THAT(message({{0}, {0, 1}, {5}, 0}), testing::HasSubstr("item index 5"));
}

TEST(TrainCounts, CountUsersNotRows) {
  for (const int num_threads : {1, 3}) {
    ThreadPool threads(num_threads);
    const TrainCounts counts = count_train(example_domain(), threads);
    EXPECT_EQ(counts.num_users, 2);
    EXPECT_THAT(counts.users_of_item, ElementsAre(1, 1, 2, 0));
    EXPECT_EQ(counts.num_items(), 3);
    EXPECT_TRUE(counts.is_cold(3));
    EXPECT_TRUE(counts.is_cold(4));
    EXPECT_FALSE(counts.is_cold(0));
  }
}

TEST(SelfInformation, InBits) {
  const SelfInformation information({{8, 2, 0}, 8});
  EXPECT_DOUBLE_EQ(information.bits(0), 0);
  EXPECT_DOUBLE_EQ(information.bits(1), 2);
  EXPECT_DOUBLE_EQ(information.bits(2), 3);
  EXPECT_DOUBLE_EQ(information.bits(1000), 3);
  EXPECT_DOUBLE_EQ(information.max_bits(), 3);
  const std::vector<ItemIndex> items{0, 1, 1};
  EXPECT_DOUBLE_EQ(information.sum_bits(items), 4);
}

}  // namespace
}  // namespace crossfade
