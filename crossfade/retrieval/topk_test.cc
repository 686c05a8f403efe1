// What an index refuses, with the sentence it says.
#include "crossfade/retrieval/topk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "crossfade/retrieval/exact_index.h"

namespace crossfade {
namespace {

using ::testing::HasSubstr;

FactorMatrix matrix(std::int64_t rows, std::int64_t dims, std::vector<float> values) {
  return {std::move(values), rows, dims};
}

class RefusalTest : public ::testing::Test {
 protected:
  std::string refusal(const TopKOptions& options) {
    return index_.search(queries_, options, threads_).status().message();
  }
  ExactIndex index_ = *ExactIndex::create(matrix(3, 2, {1, 2, 3, 4, 5, 6}));
  FactorMatrix queries_ = matrix(2, 2, {1, 0, 0, 1});
  ThreadPool threads_{1};
};

TEST_F(RefusalTest, KBelowOne) {
  EXPECT_THAT(refusal({.k = 0}), HasSubstr("cannot search for the best 0 items"));
  EXPECT_EQ(index_.search_one(queries_.row(0), {.k = -1}).status().kind(), StatusKind::kUsage);
}

TEST_F(RefusalTest, HiddenFlagsOfAnotherSize) {
  const std::vector<std::uint8_t> hidden(4);
  EXPECT_THAT(refusal({.hidden = hidden}), HasSubstr("the hidden flags are 4 for 3 items"));
}

TEST_F(RefusalTest, SeenOffsetsThatDoNotFit) {
  const std::vector<std::int32_t> items = {0, 1};
  for (const std::vector<std::int64_t>& offsets :
       {std::vector<std::int64_t>{0, 1}, {0, 2, 1}, {0, 1, 3}, {-1, 0, 1}})
    EXPECT_THAT(refusal({.seen = {offsets, items}}), HasSubstr("do not describe 2 queries"));
}

TEST_F(RefusalTest, OtherDimensions) {
  EXPECT_THAT(index_.search(matrix(1, 3, {1, 2, 3}), {}, threads_).status().message(),
              HasSubstr("the queries have 3 factors and the items 2"));
  EXPECT_THAT(index_.search_one(std::vector<float>{1}, {}).status().message(),
              HasSubstr("the query has 1 factors and the items 2"));
}

TEST_F(RefusalTest, RowsThatAreNotFiniteOrTooLong) {
  for (float bad : {std::numeric_limits<float>::infinity(), std::nanf(""), 1e19F}) {
    EXPECT_THAT(ExactIndex::create(matrix(2, 1, {1, bad})).status().message(),
                HasSubstr("the item matrix has a row (1) that is not finite or longer than 1e18"));
    EXPECT_THAT(index_.search(matrix(1, 2, {bad, 1}), {}, threads_).status().message(),
                HasSubstr("the query matrix has a row (0)"));
    EXPECT_THAT(index_.search_one(std::vector<float>{bad, 1}, {}).status().message(),
                HasSubstr("the query is not finite"));
  }
}

TEST_F(RefusalTest, ValuesThatAreNotRowsTimesDims) {
  EXPECT_THAT(ExactIndex::create(matrix(2, 2, {1, 2, 3})).status().message(),
              HasSubstr("the item matrix has 3 values for 2 rows of 2 factors"));
}

}  // namespace
}  // namespace crossfade
