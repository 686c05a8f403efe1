// The counting sort against std::stable_sort, for key sets that make odd buckets.
#include "crossfade/data/stable_scatter.h"

#include <gtest/gtest.h>

#include <numeric>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

void expect_stable(const std::vector<std::int32_t>& keys, std::int64_t num_keys) {
  std::vector<std::int64_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::vector<std::int64_t> expected = order;
  std::stable_sort(expected.begin(), expected.end(), [&](std::int64_t a, std::int64_t b) {
    return keys[static_cast<std::size_t>(a)] < keys[static_cast<std::size_t>(b)];
  });
  for (const int num_threads : {1, 3}) {
    ThreadPool threads(num_threads);
    const StableScatter scatter(keys, num_keys, threads);
    EXPECT_EQ(scatter.sort<std::int64_t>(order), expected);
    ASSERT_EQ(scatter.offsets().size(), static_cast<std::size_t>(num_keys) + 1);
    for (std::int32_t key = 0; key < num_keys; ++key)
      ASSERT_EQ(scatter.offsets()[static_cast<std::size_t>(key) + 1] -
                    scatter.offsets()[static_cast<std::size_t>(key)],
                std::count(keys.begin(), keys.end(), key));
  }
}

std::vector<std::int32_t> random_keys(std::int64_t rows, std::uint64_t num_keys, int skew) {
  Rng rng(5);
  std::vector<std::int32_t> keys;
  for (std::int64_t row = 0; row < rows; ++row) {
    std::uint64_t key = rng.below(num_keys);
    for (int i = 0; i < skew; ++i) key = std::min(key, rng.below(num_keys));
    keys.push_back(static_cast<std::int32_t>(key));
  }
  return keys;
}

TEST(StableScatterTest, NoRowsAndNoKeys) {
  expect_stable({}, 0);
  expect_stable({}, 3);
  expect_stable({1}, 3);
}

TEST(StableScatterTest, ManyRowsEvenAndSkewed) {
  expect_stable(random_keys(50'000, 100, 0), 100);
  expect_stable(random_keys(50'000, 100, 12), 100);
}

TEST(StableScatterTest, OneKeyHoldsAlmostAll) {
  std::vector<std::int32_t> keys(50'000, 7);
  keys[0] = 9;
  keys[25'000] = 2;
  expect_stable(keys, 12);
  expect_stable(std::vector<std::int32_t>(50'000, 0), 1);
}

TEST(StableScatterTest, FewerRowsThanKeys) {
  expect_stable(random_keys(300, 500, 0), 500);
}

}  // namespace
}  // namespace crossfade
