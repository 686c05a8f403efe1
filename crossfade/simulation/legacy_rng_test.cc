// The generator against numbers that numpy 2.4 printed for the same seeds (numpy.random.RandomState
// keeps the legacy streams), and against the published ones of the Mersenne Twister itself.
#include "crossfade/simulation/legacy_rng.h"

#include <gtest/gtest.h>

#include <vector>

namespace crossfade {
namespace {

std::vector<std::uint32_t> draws(LegacyRng& random, std::uint32_t n, int count) {
  std::vector<std::uint32_t> values;
  for (int i = 0; i < count; ++i) values.push_back(random.below(n));
  return values;
}

TEST(LegacyRng, WordsOfTheMersenneTwister) {
  LegacyRng random(5489);
  EXPECT_EQ(random.next(), 3499211612U);
  for (int i = 0; i < 9998; ++i) random.next();
  EXPECT_EQ(random.next(), 4123659995U);  // the 10,000th, as the C++ standard gives it
}

TEST(LegacyRng, NumpysNumbers) {
  struct Expected {
    std::uint32_t seed;
    std::vector<std::uint32_t> of_10000;
    double uniform;
    double uniform2;
    std::vector<std::uint32_t> of_7;
    std::uint32_t of_65536;
    double last;
  };
  const std::vector<Expected> all = {
      {0,
       {2732, 9845, 3264, 4859, 9225, 7891},
       0x1.4ab2a21899b5bp-1,
       0x1.c016dca6159d2p-2,
       {6, 0, 0, 4, 2},
       17089,
       0x1.955cfbf3fa928p-1},
      {42,
       {7270, 860, 5390, 5191, 5734, 6265},
       0x1.3f7a0e1997f4cp-3,
       0x1.dbd229d645570p-5,
       {4, 3, 2, 5, 4},
       769,
       0x1.71a9d2b546bd7p-1},
      {4294967295U,
       {290, 4310, 506, 2687, 5874, 3611},
       0x1.5db2e48dc1a98p-3,
       0x1.4e5bf8bf02f54p-1,
       {6, 6, 5, 1, 1},
       20057,
       0x1.2258c0f77e08ap-2},
  };
  for (const Expected& expected : all) {
    LegacyRng random(expected.seed);
    EXPECT_EQ(draws(random, 10000, 6), expected.of_10000);
    EXPECT_EQ(random.uniform(), expected.uniform);
    EXPECT_EQ(random.uniform(), expected.uniform2);
    EXPECT_EQ(draws(random, 7, 5), expected.of_7);
    EXPECT_EQ(random.below(1), 0U);  // takes no word: what follows is as if it had not been asked
    EXPECT_EQ(random.below(65536), expected.of_65536);
    EXPECT_EQ(random.uniform(), expected.last);
  }
}

TEST(LegacyRng, RangesUpToAllWords) {
  LegacyRng random(1), words(1);
  EXPECT_EQ(random.below(4294967295U), words.next());
  for (int i = 0; i < 1000; ++i) ASSERT_LT(random.below(3), 3U);
}

}  // namespace
}  // namespace crossfade
