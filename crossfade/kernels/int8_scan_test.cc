// The coded scan: bounds hold against exact sums for friendly and hostile rows, hand-worked codes,
// and every instruction set passes exactly the rows that the scalar oracle passes.
#include "crossfade/kernels/int8_scan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/kernels/dot.h"
#include "crossfade/kernels/isa.h"

namespace crossfade::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Rows {
  std::int64_t dims;
  std::vector<float> values;
  std::int64_t count() const { return static_cast<std::int64_t>(values.size()) / dims; }
  std::span<const float> row(std::int64_t r) const {
    return std::span(values).subspan(static_cast<std::size_t>(r * dims),
                                     static_cast<std::size_t>(dims));
  }
};

// shape 0: normal; 1: lengths over many powers of ten; 2: one large element; 3: all elements equal
// (the sums of squares reach their limit); 4: mostly zeros; 5: denormal.
Rows make_rows(std::int64_t count, std::int64_t dims, int shape, std::uint64_t seed) {
  Rng rng(seed, static_cast<std::uint64_t>(shape));
  Rows rows{dims, {}};
  for (std::int64_t r = 0; r < count; ++r) {
    const double size = shape == 1   ? std::pow(10.0, 30 * rng.uniform() - 20)
                        : shape == 5 ? 1e-42
                                     : 1.0;
    for (std::int64_t d = 0; d < dims; ++d) {
      double x = rng.normal() * size;
      if (shape == 2) x = d == r % dims ? 1000 : x;
      if (shape == 3) x = r % 2 == 0 ? 0.7 : -0.7;
      if (shape == 4) x = rng.uniform() < 0.9 ? 0 : x;
      rows.values.push_back(static_cast<float>(x));
    }
  }
  return rows;
}

Int8Items code(const Rows& rows) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(rows.count()));
  std::iota(order.begin(), order.end(), 0);
  return quantize_items(rows.values.data(), rows.dims, order);
}

std::vector<std::int32_t> scan(const Int8Items& items, const Int8Query& query, float score) {
  std::vector<std::int32_t> passed(static_cast<std::size_t>(items.tiles() * kTileRows));
  ScanQuery one{&query, query.threshold(score), passed.data(), 0};
  int8_scan(items, 0, items.tiles(), std::span(&one, 1));
  passed.resize(one.count);
  return passed;
}

class Int8ScanTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(choose_isa(GetParam().c_str()).ok()); }
  void TearDown() override { ASSERT_TRUE(choose_isa(nullptr).ok()); }
};

TEST_P(Int8ScanTest, NoRowThatReachesTheScoreIsMissed) {
  for (std::int64_t dims : {1, 3, 7, 8, 9, 64, 100, 128, 129, 300}) {
    for (int shape = 0; shape < 6; ++shape) {
      const Rows rows = make_rows(67, dims, shape, 5);
      const Rows queries = make_rows(8, dims, (shape * 5 + 1) % 6, 6);
      const Int8Items items = code(rows);
      for (std::int64_t q = 0; q < queries.count(); ++q) {
        Int8Query query;
        quantize_query(queries.row(q), items, query);
        for (std::int64_t r = 0; r < rows.count(); ++r) {
          const float score = dot(queries.row(q), rows.row(r));
          const std::vector<std::int32_t> passed = scan(items, query, score);
          EXPECT_TRUE(std::binary_search(passed.begin(), passed.end(), r))
              << "dims " << dims << " shape " << shape << " row " << r;
          EXPECT_FALSE(
              query.out_of_reach(score, items.length[static_cast<std::size_t>(r / kTileRows)]));
        }
      }
    }
  }
}

TEST_P(Int8ScanTest, TheBoundIsTightEnoughToBeOfUse) {
  const Rows rows = make_rows(2000, 128, 0, 1);
  const Int8Items items = code(rows);
  Int8Query query;
  quantize_query(make_rows(1, 128, 0, 2).row(0), items, query);
  std::vector<float> scores(2000);
  dot_rows(make_rows(1, 128, 0, 2).row(0), rows.values.data(), scores);
  std::vector<float> sorted = scores;
  std::sort(sorted.rbegin(), sorted.rend());
  const std::size_t passed = scan(items, query, sorted[99]).size();
  EXPECT_GE(passed, 100U);
  EXPECT_LE(passed, 200U);
}

TEST_P(Int8ScanTest, PassesTheSameRowsAsTheScalarOracle) {
  for (std::int64_t dims : {1, 9, 128, 300}) {
    for (int shape = 0; shape < 6; ++shape) {
      const Rows rows = make_rows(133, dims, shape, 8);
      const Int8Items items = code(rows);
      const Rows queries = make_rows(7, dims, shape, 9);
      for (std::int64_t q = 0; q < queries.count(); ++q) {
        Int8Query query;
        quantize_query(queries.row(q), items, query);
        const float score = dot(queries.row(q), rows.row(q * 19));
        const std::vector<std::int32_t> ours = scan(items, query, score);
        ASSERT_TRUE(choose_isa("scalar").ok());
        EXPECT_EQ(ours, scan(items, query, score)) << "dims " << dims << " shape " << shape;
        ASSERT_TRUE(choose_isa(GetParam().c_str()).ok());
      }
    }
  }
}

TEST_P(Int8ScanTest, FourQueriesTogetherPassWhatEachPassesAlone) {
  const Rows rows = make_rows(100, 100, 0, 3);
  const Rows queries = make_rows(4, 100, 0, 4);
  const Int8Items items = code(rows);
  std::vector<Int8Query> coded(4);
  std::vector<std::vector<std::int32_t>> passed(4, std::vector<std::int32_t>(48));
  std::vector<ScanQuery> scans;
  for (std::size_t q = 0; q < 4; ++q) {
    quantize_query(queries.row(static_cast<std::int64_t>(q)), items, coded[q]);
    scans.push_back({&coded[q], coded[q].threshold(0.5F), passed[q].data(), 0});
  }
  int8_scan(items, 2, 5, scans);
  for (std::size_t q = 0; q < 4; ++q) {
    std::vector<std::int32_t> alone;
    for (std::int32_t r : scan(items, coded[q], 0.5F))
      if (r >= 32 && r < 80) alone.push_back(r);
    passed[q].resize(scans[q].count);
    EXPECT_EQ(passed[q], alone);
  }
}

TEST_P(Int8ScanTest, WithoutAThresholdEveryRowPassesAndNoPadding) {
  for (std::int64_t count : {0, 1, 7, 15, 16, 17, 33}) {
    const Int8Items items = code(make_rows(count, 5, 0, 1));
    Int8Query query;
    quantize_query(std::vector<float>(5, 0.0F), items, query);
    EXPECT_EQ(static_cast<std::int64_t>(scan(items, query, -kInfinity).size()), count);
    EXPECT_EQ(static_cast<std::int64_t>(scan(items, query, 0).size()), count) << "ties at zero";
    EXPECT_EQ(scan(items, query, 1).size(), 0U);
  }
}

// Bounds, threshold and rows of a query without a threshold, as an index goes about it.
std::vector<std::int32_t> reaching(const Int8Items& items, const Int8Query& query, std::size_t k,
                                   std::span<const std::int32_t> out = {}) {
  std::vector<float> bounds(static_cast<std::size_t>(items.tiles() * kTileRows));
  int8_bounds(items, query, bounds);
  for (const std::int32_t row : out) bounds[static_cast<std::size_t>(row)] = -kInfinity;
  std::vector<std::int32_t> passed(bounds.size());
  passed.resize(int8_reaching(items, query, bounds, reached_by(bounds, k), passed.data()));
  return passed;
}

TEST_P(Int8ScanTest, TheBestRowsAreAmongThoseThatReach) {
  for (std::int64_t dims : {1, 7, 64, 129, 300})
    for (int shape = 0; shape < 6; ++shape) {
      const Rows rows = make_rows(701, dims, shape, 5);
      const Rows queries = make_rows(5, dims, (shape * 5 + 1) % 6, 6);
      const Int8Items items = code(rows);
      for (std::int64_t q = 0; q < queries.count(); ++q) {
        Int8Query query;
        quantize_query(queries.row(q), items, query);
        std::vector<float> scores(701);
        dot_rows(queries.row(q), rows.values.data(), scores);
        const std::vector<std::int32_t> out = {0, 5, 700};
        for (const std::int32_t row : out) scores[static_cast<std::size_t>(row)] = -kInfinity;
        std::vector<float> sorted = scores;
        std::sort(sorted.rbegin(), sorted.rend());
        for (const std::size_t k : {1, 10, 100, 697, 698, 5000}) {
          const auto passed = reaching(items, query, k, out);
          EXPECT_TRUE(std::is_sorted(passed.begin(), passed.end()));
          for (std::int32_t r = 0; r < 701; ++r) {
            const float score = scores[static_cast<std::size_t>(r)];
            const bool best = score > -kInfinity && (k > 698 || score >= sorted[k - 1]);
            const bool there = std::binary_search(passed.begin(), passed.end(), r);
            ASSERT_TRUE(!best || there) << "dims " << dims << " shape " << shape << " row " << r;
            ASSERT_FALSE(score == -kInfinity && there);
          }
        }
      }
    }
}

TEST_P(Int8ScanTest, FewMoreThanTheBestReach) {
  const Rows rows = make_rows(3416, 64, 0, 1);
  const Int8Items items = code(rows);
  Int8Query query;
  quantize_query(make_rows(1, 64, 0, 2).row(0), items, query);
  EXPECT_LE(reaching(items, query, 10).size(), 60U);
}

TEST_P(Int8ScanTest, WhatIsReachedIsReachedByAsManyAsAsked) {
  Rng rng(3);
  for (const std::size_t size : {16, 48, 1024, 4096}) {
    std::vector<float> bounds(size);
    for (float& bound : bounds) {
      bound = static_cast<float>(rng.normal() * 100);
      if (rng.below(4) == 0) bound = rng.below(2) == 0 ? -kInfinity : 0;
    }
    std::vector<float> sorted = bounds;
    std::sort(sorted.rbegin(), sorted.rend());
    for (const std::size_t k : {1, 2, 10, 16, 100, 5000}) {
      const float reached = reached_by(bounds, k);
      if (k > size) {
        EXPECT_EQ(reached, -kInfinity);
      } else {
        EXPECT_LE(reached, sorted[k - 1]) << size << " " << k;
        if (k == 1) {
          EXPECT_GE(reached, sorted[0] - 0.001 * std::abs(sorted[0]));
        }
      }
    }
  }
  EXPECT_EQ(reached_by(std::vector<float>(32, -kInfinity), 1), -kInfinity);
  EXPECT_EQ(reached_by(std::vector<float>(32, 0.0F), 32), 0);
}

INSTANTIATE_TEST_SUITE_P(Isa, Int8ScanTest, ::testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return isa.param; });

TEST(Int8Rows, HandWorkedCodes) {
  // Length 5 is multiplied by 2^-3; the largest element, 4, becomes 0.5 = 127 steps.
  const std::vector<float> values = {3, 0, 0, 0, -4};
  const std::vector<std::int32_t> order = {0};
  const Int8Items items = quantize_items(values.data(), 5, order);
  EXPECT_EQ(items.exponent, -3);
  EXPECT_EQ(items.groups, 2);
  EXPECT_FLOAT_EQ(items.length[0], 0.625F);
  EXPECT_FLOAT_EQ(items.scale[0], 0.5F / 127);
  EXPECT_EQ(items.codes[0], 128 + 95);  // 0.375 is 95.25 steps
  EXPECT_EQ(items.codes[64], 128 - 127);
  EXPECT_NEAR(items.error[0], 0.25 * 0.5 / 127, 1e-6);
}

TEST(Int8Rows, RowLengthSeesWhatIsNotFinite) {
  const std::vector<float> row = {3, 4};
  EXPECT_EQ(row_length(row), 5);
  EXPECT_FALSE(std::isfinite(row_length(std::vector<float>{1, kInfinity})));
  EXPECT_TRUE(std::isnan(row_length(std::vector<float>{std::nanf("")})));
}

}  // namespace
}  // namespace crossfade::kernels
