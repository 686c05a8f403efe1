// Inner products of halves against a plain loop, on every instruction set and for every size of a
// group, and against numbers worked out by hand where the order of the sum matters.
#include "crossfade/kernels/half_dot.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/kernels/isa.h"

namespace crossfade::kernels {
namespace {

class HalfDotTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(choose_isa(GetParam().c_str()).ok()); }
  void TearDown() override { ASSERT_TRUE(choose_isa(nullptr).ok()); }
};

float plain(const Half* a, const Half* b, std::size_t dims) {
  float sum = 0;
  for (std::size_t i = 0; i < dims; ++i) sum += half_to_float(a[i]) * half_to_float(b[i]);
  return half_to_float(float_to_half(sum));
}

TEST_P(HalfDotTest, TheSumRunsInTheOrderOfTheIndices) {
  // 1024 + 2^-14 is 1024 in a float, so the small ones vanish behind the large one and not before.
  const Half one = float_to_half(1), large = float_to_half(1024), small = float_to_half(0x1p-14F);
  const std::vector<Half> ones(5, one);
  const std::vector<Half> falling{large, small, small, small, float_to_half(-1024)};
  const std::vector<Half> rising{small, small, small, large, float_to_half(-1024)};
  std::vector<float> sums(2);
  half_dots(std::vector<HalfPair>{{ones.data(), falling.data()}, {ones.data(), rising.data()}}, 5,
            sums);
  EXPECT_EQ(sums[0], 0.0F);
  EXPECT_EQ(sums[1], 0x1p-12F);  // 3 * 2^-14 beside 1024 is a tie, and goes to the even 2 * 2^-13
}

TEST_P(HalfDotTest, EveryGroupAgreesWithThePlainLoop) {
  Rng rng(7);
  for (const std::size_t dims : {1, 5, 16, 63, 64, 65, 100, 130, 4096}) {
    const std::size_t rows = 21;
    std::vector<Half> matrix(rows * dims);
    for (Half& half : matrix) half = float_to_half(static_cast<float>(rng.normal() * 0.2));
    std::vector<HalfPair> pairs;
    for (std::size_t r = 0; r < rows; ++r)
      pairs.push_back({matrix.data() + r * dims, matrix.data() + (r * 5 + 3) % rows * dims});
    for (std::size_t count = 0; count <= pairs.size(); ++count) {
      std::vector<float> sums(count);
      half_dots(std::span(pairs).first(count), dims, sums);
      for (std::size_t p = 0; p < count; ++p)
        ASSERT_EQ(sums[p], plain(pairs[p].a, pairs[p].b, dims)) << dims << " " << count;
    }
  }
}

TEST_P(HalfDotTest, AllFiniteHalvesBecomeFloats) {
  std::vector<Half> halves;
  for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits)
    if (const Half half{static_cast<std::uint16_t>(bits)}; is_finite(half)) halves.push_back(half);
  std::vector<float> floats(halves.size());
  halves_to_floats(halves, floats);
  for (std::size_t i = 0; i < halves.size(); ++i)
    ASSERT_EQ(floats[i], half_to_float(halves[i])) << halves[i].bits;
}

INSTANTIATE_TEST_SUITE_P(Isa, HalfDotTest, ::testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return isa.param; });

}  // namespace
}  // namespace crossfade::kernels
