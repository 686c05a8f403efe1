// Time order: the same as a stable sort, for any number of threads.
#include "crossfade/synth/time_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

TEST(TimeOrder, IsAStableSort) {
  Rng rng(5);
  std::vector<std::int64_t> times(600000);  // several blocks
  for (auto& time : times) time = 1673740800000 + static_cast<std::int64_t>(rng.below(100000));
  std::vector<std::int32_t> expected(times.size());
  std::iota(expected.begin(), expected.end(), 0);
  std::stable_sort(expected.begin(), expected.end(), [&](std::int32_t a, std::int32_t b) {
    return times[static_cast<std::size_t>(a)] < times[static_cast<std::size_t>(b)];
  });
  for (const int num_threads : {1, 3}) {
    ThreadPool threads(num_threads);
    EXPECT_EQ(time_order(times, threads), expected);
  }
}

TEST(TimeOrder, SmallCasesByHand) {
  ThreadPool threads(1);
  EXPECT_TRUE(time_order({}, threads).empty());
  const std::vector<std::int64_t> one{9}, equal{4, 4, 4}, negative{5, -3, 0};
  EXPECT_EQ(time_order(one, threads), (std::vector<std::int32_t>{0}));
  EXPECT_EQ(time_order(equal, threads), (std::vector<std::int32_t>{0, 1, 2}));
  EXPECT_EQ(time_order(negative, threads), (std::vector<std::int32_t>{1, 2, 0}));
  std::vector<int> values{10, 20, 30};
  reorder(values, {1, 2, 0}, threads);
  EXPECT_EQ(values, (std::vector<int>{20, 30, 10}));
}

}  // namespace
}  // namespace crossfade
