// Every half goes to float and back; numbers between two halves go to the nearer, ties to the even.
#include "crossfade/base/half.h"

#include <gtest/gtest.h>

#include <cmath>

namespace crossfade {
namespace {

TEST(Half, KnownValues) {
  EXPECT_EQ(half_to_float({0x3C00}), 1.0F);
  EXPECT_EQ(half_to_float({0xC000}), -2.0F);
  EXPECT_EQ(half_to_float({0x7BFF}), 65504.0F);
  EXPECT_EQ(half_to_float({0x0001}), 0x1p-24F);
  EXPECT_EQ(half_to_float({0x0400}), 0x1p-14F);
  EXPECT_TRUE(std::isinf(half_to_float({0x7C00})));
  EXPECT_TRUE(std::isnan(half_to_float({0x7E00})));
  EXPECT_TRUE(is_finite({0x7BFF}));
  EXPECT_FALSE(is_finite({0x7C00}));
}

TEST(Half, EveryFiniteOneSurvives) {
  for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const Half half{static_cast<std::uint16_t>(bits)};
    if (is_finite(half)) {
      ASSERT_EQ(float_to_half(half_to_float(half)), half) << bits;
    }
  }
}

TEST(Half, RoundsToTheNearestAndTiesToEven) {
  for (std::uint32_t bits = 0; bits < 0x7BFF; ++bits) {
    const auto below = static_cast<std::uint16_t>(bits),
               above = static_cast<std::uint16_t>(bits + 1);
    const float low = half_to_float({below}), high = half_to_float({above});
    const float middle = (low + high) / 2;  // exact: one more bit
    const std::uint16_t even = bits % 2 == 0 ? below : above;
    ASSERT_EQ(float_to_half(middle).bits, even) << bits;
    ASSERT_EQ(float_to_half(std::nextafter(middle, low)).bits, below) << bits;
    ASSERT_EQ(float_to_half(std::nextafter(middle, high)).bits, above) << bits;
    ASSERT_EQ(float_to_half(-middle).bits, even | 0x8000) << bits;
  }
  EXPECT_EQ(float_to_half(65519.0F).bits, 0x7BFF);
  EXPECT_EQ(float_to_half(65520.0F).bits, 0x7C00);
  EXPECT_EQ(float_to_half(1e10F).bits, 0x7C00);
  EXPECT_EQ(float_to_half(std::nanf("")).bits & 0x7FFF, 0x7E00);
}

}  // namespace
}  // namespace crossfade
