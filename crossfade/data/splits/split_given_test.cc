// A test that comes as a file: indices of train stay, new ids come behind.
#include "crossfade/data/splits/split_given.h"

#include <gmock/gmock.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Table pairs(std::vector<std::int64_t> users, std::vector<std::int64_t> items) {
  return {{{"user_id", std::move(users)}, {"item_id", std::move(items)}}};
}

TEST(SplitGivenTest, TestSharesTheIndicesOfTrain) {
  TestContext run;
  const Dataset train = make_dataset({{1, 10, 1}, {2, 11, 2}, {2, 10, 3}});
  const Split split = *with_given_test(train, pairs({2, 3, 2, 1}, {12, 10, 11, 11}), run);
  EXPECT_TRUE(split.train.check().ok());
  EXPECT_TRUE(split.test.check().ok());
  EXPECT_THAT(split.train.domains()[0].item, ElementsAre(0, 1, 0));
  EXPECT_THAT(split.train.domains()[0].offsets, ElementsAre(0, 1, 3, 3));
  EXPECT_EQ(split.train.domains()[0].items.size(), 3);
  EXPECT_THAT(split.test.domains()[0].offsets, ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(split.test.domains()[0].item, ElementsAre(1, 2, 1, 0));
  EXPECT_FALSE(split.validation.has_value());
}

TEST(SplitGivenTest, WhatDoesNotFitIsSaid) {
  TestContext run;
  const Dataset train = make_dataset({{1, 10, 1}});
  const auto error = [&](const Dataset& data, const Table& table) {
    return with_given_test(data, table, run).status().message();
  };
  EXPECT_THAT(error(train, pairs({}, {})), HasSubstr("no rows"));
  EXPECT_THAT(error(train, {{{"user_id", std::vector<std::int64_t>{1}}}}), HasSubstr("item_id"));
  const Dataset two = *build_dataset(train, "shop", make_log({{1, 5, 1}}), run);
  EXPECT_THAT(error(two, pairs({1}, {10})), HasSubstr("one domain"));
  run.stop = true;
  EXPECT_EQ(with_given_test(train, pairs({1}, {10}), run).status().kind(),
            StatusKind::kInterrupted);
}

}  // namespace
}  // namespace crossfade
