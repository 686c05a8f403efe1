// Softmax, layer norm, relu, gelu, picked sums and transposition against double precision on every
// instruction set.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/kernels/activation.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/kernels/layer_norm.h"
#include "crossfade/kernels/matrix_product.h"
#include "crossfade/kernels/rows.h"
#include "crossfade/kernels/softmax.h"

namespace crossfade::kernels {
namespace {

class RowFunctionsTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(choose_isa(GetParam().c_str()).ok()); }
  void TearDown() override { ASSERT_TRUE(choose_isa(nullptr).ok()); }
};

std::vector<float> random_values(std::size_t size, std::uint64_t seed, double scale) {
  Rng rng(seed);
  std::vector<float> values(size);
  for (float& value : values) value = static_cast<float>(rng.normal() * scale);
  return values;
}

TEST_P(RowFunctionsTest, SoftmaxOfWhatCountsAndZerosBehind) {
  const std::size_t width = 64, stride = 70, count = 40;
  std::vector<float> rows = random_values(count * stride, 1, 20);
  for (std::size_t r = 0; r < count; ++r)  // what does not count may be anything
    for (std::size_t i = 3 + r; i < width; ++i)
      rows[r * stride + i] = i % 2 == 0 ? std::numeric_limits<float>::quiet_NaN() : 1e30F;
  const std::vector<float> before = rows;
  std::vector<float> scales(count);
  softmax({rows.data(), stride, count, width, 3, 1, scales.data()});
  for (std::size_t r = 0; r < count; ++r) {
    double largest = -1e300, sum = 0;
    for (std::size_t i = 0; i < 3 + r; ++i)
      largest = std::max<double>(largest, before[r * stride + i]);
    for (std::size_t i = 0; i < 3 + r; ++i) sum += std::exp(before[r * stride + i] - largest);
    for (std::size_t i = 0; i < width; ++i) {
      const double exact = i < 3 + r ? std::exp(before[r * stride + i] - largest) / sum : 0;
      ASSERT_NEAR(rows[r * stride + i] * scales[r], exact, 1e-6) << r << " " << i;
    }
  }
}

TEST_P(RowFunctionsTest, SoftmaxOfOneAndOfNone) {
  std::vector<float> row(16, 5);
  float scale = 7;
  softmax({row.data(), 16, 1, 16, 1, 0, &scale});
  EXPECT_EQ(row[0] * scale, 1);
  EXPECT_EQ(row[1], 0);
  softmax({row.data(), 16, 1, 16, 0, 0, &scale});
  EXPECT_EQ(row, std::vector<float>(16, 0));
  EXPECT_EQ(scale, 0);
}

TEST_P(RowFunctionsTest, SoftmaxOfNumbersFarApartAndOfNone) {
  std::vector<float> row(16);
  float scale = 0;
  row[0] = -1e30F, row[1] = 80, row[2] = -80, row[3] = 79;
  softmax({row.data(), 16, 1, 16, 4, 0, &scale});
  EXPECT_NEAR(row[0] * scale, 0, 1e-30);
  EXPECT_NEAR(row[1] * scale, 1 / (1 + std::exp(-1.0)), 1e-6);
  EXPECT_NEAR(row[2] * scale, 0, 1e-30);
  if (GetParam() == "scalar") return;  // whose maximum of a number and none is the number
  row.assign(16, 1);
  row[2] = std::numeric_limits<float>::quiet_NaN();
  softmax({row.data(), 16, 1, 16, 3, 0, &scale});
  EXPECT_TRUE(std::isnan(row[2] * scale));  // an overflow is seen by whoever reads the answer
}

TEST_P(RowFunctionsTest, ASoftmaxHasTheSameBytesWhateverItsWidth) {
  const std::vector<float> values = random_values(37, 2, 3);
  std::vector<float> narrow(48), wide(208);
  std::copy(values.begin(), values.end(), narrow.begin());
  std::copy(values.begin(), values.end(), wide.begin());
  float one = 0, other = 0;
  softmax({narrow.data(), 48, 1, 48, 37, 0, &one});
  softmax({wide.data(), 208, 1, 208, 37, 0, &other});
  EXPECT_EQ(std::memcmp(narrow.data(), wide.data(), 48 * sizeof(float)), 0);
  EXPECT_EQ(one, other);
}

TEST_P(RowFunctionsTest, LayerNormLeavesThePaddingZero) {
  for (std::size_t dims : {1, 7, 16, 50, 64}) {
    const std::size_t width = padded_columns(dims), count = 5;
    std::vector<float> rows(count * width), gain(width), shift(width), out(count * width, 9);
    const auto values = random_values(count * width, dims, 3);
    const auto gains = random_values(width, dims + 1, 1), shifts = random_values(width, 8, 1);
    for (std::size_t i = 0; i < dims; ++i) {
      gain[i] = gains[i], shift[i] = shifts[i];
      for (std::size_t r = 0; r < count; ++r) rows[r * width + i] = values[r * width + i] + 100;
    }
    normalise(
        {rows.data(), width, count, dims, gain.data(), shift.data(), 1e-5F, out.data(), width});
    for (std::size_t r = 0; r < count; ++r) {
      double mean = 0, variance = 0;
      for (std::size_t i = 0; i < dims; ++i) mean += rows[r * width + i];
      mean /= static_cast<double>(dims);
      for (std::size_t i = 0; i < dims; ++i) variance += std::pow(rows[r * width + i] - mean, 2);
      variance /= static_cast<double>(dims);
      for (std::size_t i = 0; i < width; ++i) {
        const double exact =
            i < dims
                ? (rows[r * width + i] - mean) / std::sqrt(variance + 1e-5) * gain[i] + shift[i]
                : 0;
        ASSERT_NEAR(out[r * width + i], exact, 1e-4) << dims << " " << i;
      }
    }
    // Alone, four together and in place a row is the same.
    std::vector<float> alone(width);
    for (std::size_t r = 0; r < count; ++r) {
      const float* row = rows.data() + r * width;
      float scale = 0;
      normalise(
          {row, width, 1, dims, gain.data(), shift.data(), 1e-5F, alone.data(), width, &scale});
      EXPECT_EQ(std::memcmp(alone.data(), out.data() + r * width, width * sizeof(float)), 0);
      double mean = 0, variance = 0;
      for (std::size_t i = 0; i < dims; ++i) mean += row[i] / static_cast<double>(dims);
      for (std::size_t i = 0; i < dims; ++i)
        variance += std::pow(row[i] - mean, 2) / static_cast<double>(dims);
      EXPECT_NEAR(scale * std::sqrt(variance + 1e-5), 1, 1e-4);
    }
    normalise(
        {rows.data(), width, count, dims, gain.data(), shift.data(), 1e-5F, rows.data(), width});
    EXPECT_EQ(rows, out);
  }
}

TEST_P(RowFunctionsTest, ReluAndGelu) {
  std::vector<float> values = {-1e30F, -30,   -5.7F, -5, -3, -1.5F, -1, -0.1F, -1e-8F,
                               0,      1e-8F, 0.1F,  1,  2,  3,     7,  1e30F};
  for (int i = 0; i < 91; ++i) values.push_back(static_cast<float>(i) / 9 - 5);
  std::vector<float> positive = values, smooth = values;
  relu(positive);
  gelu(smooth);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = values[i];
    EXPECT_EQ(positive[i], std::max(values[i], 0.0F));
    EXPECT_NEAR(smooth[i], x * 0.5 * std::erfc(-x / std::sqrt(2.0)), 2e-6) << x;
    std::vector<float> alone{values[i]};
    gelu(alone);
    EXPECT_EQ(std::memcmp(alone.data(), &smooth[i], sizeof(float)), 0) << x;
  }
}

TEST_P(RowFunctionsTest, TurnsEveryShape) {
  for (std::size_t rows : {1, 3, 4, 5, 16, 17, 37})
    for (std::size_t columns : {1, 2, 4, 7, 16, 50}) {
      const auto from = random_values(rows * 60, rows, 1);
      std::vector<float> to(columns * 41, 9);
      transpose({from.data(), 60, rows, columns, to.data(), 41});
      for (std::size_t c = 0; c < columns; ++c) {
        for (std::size_t r = 0; r < rows; ++r) ASSERT_EQ(to[c * 41 + r], from[r * 60 + c]);
        EXPECT_EQ(to[c * 41 + rows], 9);  // behind the rows nothing is written
      }
    }
}

TEST_P(RowFunctionsTest, PicksRowsAndAdds) {
  const std::vector<std::int32_t> ids = {4, 0, 4, 19, 7, 7, 1, 2, 3, 5, 6, 8, 9, 10, 11, 18};
  for (std::size_t columns : {1, 4, 7, 16, 50, 64}) {
    const auto table = random_values(20 * 70, 1, 1), more = random_values(ids.size() * 66, 2, 1);
    const auto scales = random_values(ids.size(), 3, 1), start = random_values(columns, 4, 1);
    for (const bool scaled : {false, true}) {
      std::vector<float> out(ids.size() * 71, 9);
      PickedSums work{2.5F,    table.data(), 70,      ids, more.data(), 66,
                      nullptr, nullptr,      nullptr, 71,  columns,     columns};
      work.out = out.data();
      if (scaled) work.scales = scales.data(), work.start = start.data();
      pick_and_add(work);
      for (std::size_t r = 0; r < ids.size(); ++r) {
        for (std::size_t c = 0; c < columns; ++c) {
          const float picked = table[static_cast<std::size_t>(ids[r]) * 70 + c];
          const float sum = 2.5F * picked + more[r * 66 + c];
          ASSERT_NEAR(out[r * 71 + c], scaled ? sum * scales[r] + start[c] : sum, 2e-6);
        }
        EXPECT_EQ(out[r * 71 + columns], 9);  // between the rows nothing is written
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Isa, RowFunctionsTest, ::testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return isa.param; });

}  // namespace
}  // namespace crossfade::kernels
