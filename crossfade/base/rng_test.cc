// Rng: equal seeds agree, streams differ, and the moments are those of the distributions.
#include "crossfade/base/rng.h"

#include <gtest/gtest.h>

#include <array>

namespace crossfade {
namespace {

TEST(Rng, SameSeedAndStreamRepeat) {
  Rng a(7, 3), b(7, 3);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(Rng, StreamsAndSeedsDiffer) {
  EXPECT_NE(Rng(7, 3).next(), Rng(7, 4).next());
  EXPECT_NE(Rng(7, 3).next(), Rng(8, 3).next());
  EXPECT_NE(Rng(3, 7).next(), Rng(7, 3).next());
}

TEST(Rng, BelowIsUniform) {
  Rng rng(1);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60000; ++i) ++counts[rng.below(6)];
  for (int count : counts) EXPECT_NEAR(count, 10000, 500);
}

TEST(Rng, NormalHasMeanZeroAndVarianceOne) {
  Rng rng(2);
  double sum = 0, squares = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = rng.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 100000, 0, 0.02);
  EXPECT_NEAR(squares / 100000, 1, 0.03);
}

}  // namespace
}  // namespace crossfade
