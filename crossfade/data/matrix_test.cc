// Matrices: sums of repeats by hand, and the transpose of a transpose.
#include <gmock/gmock.h>

#include <algorithm>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;

TEST(MatrixTest, SumsRepeatsAndDropsZeros) {
  // Item indices: 30 -> 0, 10 -> 1, 20 -> 2. User 2's only sum is zero.
  const Dataset d = make_dataset({{1, 30, 1, 2},
                                  {1, 10, 2, 1},
                                  {1, 30, 3, 0.5F},
                                  {2, 20, 1, 0},
                                  {3, 20, 1, 3},
                                  {3, 10, 2, 1}});
  TestContext run;
  const SparseMatrix m = to_matrix(d.domains()[0], 4, run);
  EXPECT_EQ(m.rows, 4);
  EXPECT_EQ(m.columns, 3);
  EXPECT_EQ(m.nonzeros(), 4);
  EXPECT_THAT(m.offsets, ElementsAre(0, 2, 2, 4, 4));
  EXPECT_THAT(m.indices, ElementsAre(0, 1, 1, 2));
  EXPECT_THAT(m.values, ElementsAre(2.5F, 1, 1, 3));

  const SparseMatrix t = transpose(m, run);
  EXPECT_EQ(t.rows, 3);
  EXPECT_EQ(t.columns, 4);
  EXPECT_THAT(t.offsets, ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(t.indices, ElementsAre(0, 0, 2, 2));
  EXPECT_THAT(t.values, ElementsAre(2.5F, 1, 1, 3));
}

TEST(MatrixTest, WithoutRepeats) {
  const Dataset d = make_dataset({{1, 5, 1, 1}, {1, 6, 2, 2}});
  TestContext run;
  const SparseMatrix m = to_matrix(d.domains()[0], 1, run);
  EXPECT_THAT(m.values, ElementsAre(1, 2));
}

TEST(MatrixTest, Empty) {
  TestContext run;
  const SparseMatrix m = to_matrix(make_dataset({}).domains()[0], 0, run);
  EXPECT_EQ(m.nonzeros(), 0);
  EXPECT_THAT(transpose(m, run).offsets, ElementsAre(0));
}

bool equal(const SparseMatrix& a, const SparseMatrix& b) {
  return a.rows == b.rows && a.columns == b.columns && std::ranges::equal(a.offsets, b.offsets) &&
         std::ranges::equal(a.indices, b.indices) && std::ranges::equal(a.values, b.values);
}

TEST(MatrixTest, TransposesBackAndIsTheSameForAnyNumberOfThreads) {
  TestContext one(1);
  const Dataset d = *build_dataset(Dataset(), "music", random_log(20'000, 2), one);
  const SparseMatrix m = to_matrix(d.domains()[0], d.num_users(), one);
  ASSERT_GT(m.nonzeros(), 5000);
  ASSERT_LT(m.nonzeros(), 20'000);
  const SparseMatrix t = transpose(m, one);
  EXPECT_TRUE(equal(transpose(t, one), m));
  for (const int threads : {2, 5}) {
    TestContext many(threads);
    EXPECT_TRUE(equal(to_matrix(d.domains()[0], d.num_users(), many), m));
    EXPECT_TRUE(equal(transpose(m, many), t));
  }
}

}  // namespace
}  // namespace crossfade
