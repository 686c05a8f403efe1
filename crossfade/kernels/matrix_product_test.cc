// Products against sums in double precision on every instruction set, for shapes that meet every
// tile; and that a row has the same bytes whatever stands beside it.
#include "crossfade/kernels/matrix_product.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/kernels/isa.h"

namespace crossfade::kernels {
namespace {

class MatrixProductTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(choose_isa(GetParam().c_str()).ok()); }
  void TearDown() override { ASSERT_TRUE(choose_isa(nullptr).ok()); }
};

std::vector<float> random_values(std::size_t size, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> values(size);
  for (float& value : values) value = static_cast<float>(rng.normal());
  return values;
}

TEST_P(MatrixProductTest, HandWorked) {
  const std::vector<float> a = {1, 2, 3, 4};  // two rows of two
  std::vector<float> b(2 * kColumnGroup), out(2 * kColumnGroup, 100), start(kColumnGroup);
  b[0] = 5, b[1] = 6, b[kColumnGroup] = 7, b[kColumnGroup + 1] = 8;
  start[1] = 1000;
  Product product{a.data(),     2, b.data(), kColumnGroup, start.data(), out.data(),
                  kColumnGroup, 2, 2,        kColumnGroup};
  multiply(product);
  EXPECT_EQ(out[0], 19);
  EXPECT_EQ(out[1], 1022);
  EXPECT_EQ(out[kColumnGroup], 43);
  EXPECT_EQ(out[kColumnGroup + 1], 1050);
  EXPECT_EQ(out[2], 0);
  product.add = true;
  multiply(product);
  EXPECT_EQ(out[0], 38);
  EXPECT_EQ(out[1], 2044);
  product.inner = 0;  // an empty sum
  product.add = false;
  multiply(product);
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(out[1], 1000);
}

TEST_P(MatrixProductTest, EveryShapeIsNearTheExactSum) {
  for (std::size_t rows : {1, 2, 3, 4, 5, 6, 7, 13})
    for (std::size_t columns : {16, 32, 48, 64, 80, 208})
      for (std::size_t inner : {1, 2, 17, 64}) {
        const std::size_t a_stride = inner + 3, b_stride = columns + 16, out_stride = columns + 5;
        const auto a = random_values(rows * a_stride, 1), b = random_values(inner * b_stride, 2);
        const auto start = random_values(columns, 3);
        std::vector<float> out(rows * out_stride, 7);
        multiply({a.data(), a_stride, b.data(), b_stride, start.data(), out.data(), out_stride,
                  rows, inner, columns, true});
        for (std::size_t r = 0; r < rows; ++r)
          for (std::size_t c = 0; c < columns; ++c) {
            double exact = 7.0 + start[c];
            for (std::size_t k = 0; k < inner; ++k)
              exact += static_cast<double>(a[r * a_stride + k]) * b[k * b_stride + c];
            ASSERT_NEAR(out[r * out_stride + c], exact, 1e-4) << rows << " " << columns;
          }
        EXPECT_EQ(out[columns], 7);  // between the rows nothing is written
      }
}

TEST_P(MatrixProductTest, SumsInHalvesAreNearTheExactSum) {
  const float scale = 0.5F;
  for (std::size_t columns : {16, 32, 48, 64, 80, 208})
    for (std::size_t inner : {0, 1, 2, 17, 64}) {
      const std::size_t b_stride = columns + 16;
      const auto a = random_values(inner, 1), b = random_values(inner * b_stride, 2);
      const auto start = random_values(columns, 3);
      std::vector<float> out(columns + 1, 7);
      multiply({a.data(), inner, b.data(), b_stride, start.data(), out.data(), columns, 1, inner,
                columns, true, &scale, true});
      for (std::size_t c = 0; c < columns; ++c) {
        double exact = 0;
        for (std::size_t k = 0; k < inner; ++k)
          exact += static_cast<double>(a[k]) * b[k * b_stride + c];
        ASSERT_NEAR(out[c], 7 + start[c] + scale * exact, 1e-4) << columns << " " << inner;
      }
      EXPECT_EQ(out[columns], 7);
    }
}

TEST_P(MatrixProductTest, ScalesMultiplyTheProductsAlone) {
  const std::size_t rows = 13, inner = 17, columns = 80;
  const auto a = random_values(rows * inner, 1), b = random_values(inner * columns, 2);
  const auto start = random_values(columns, 3), scales = random_values(rows, 4);
  std::vector<float> plain(rows * columns), out(rows * columns, 7);
  Product product{a.data(),     inner,   b.data(), columns, nullptr,
                  plain.data(), columns, rows,     inner,   columns};
  multiply(product);
  product.start = start.data();
  product.scales = scales.data();
  product.add = true;
  product.out = out.data();
  multiply(product);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c)
      ASSERT_NEAR(out[r * columns + c], plain[r * columns + c] * scales[r] + start[c] + 7, 1e-5);
}

TEST_P(MatrixProductTest, ARowHasTheSameBytesAloneAndAmongOthers) {
  const std::size_t rows = 20, inner = 50, columns = 112;
  const auto a = random_values(rows * inner, 1), b = random_values(inner * columns, 2);
  std::vector<float> all(rows * columns), one(columns);
  multiply(
      {a.data(), inner, b.data(), columns, nullptr, all.data(), columns, rows, inner, columns});
  for (std::size_t r = 0; r < rows; ++r) {
    multiply({a.data() + r * inner, inner, b.data(), columns, nullptr, one.data(), columns, 1,
              inner, columns});
    EXPECT_EQ(std::memcmp(one.data(), all.data() + r * columns, columns * sizeof(float)), 0) << r;
  }
}

INSTANTIATE_TEST_SUITE_P(Isa, MatrixProductTest, ::testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return isa.param; });

}  // namespace
}  // namespace crossfade::kernels
