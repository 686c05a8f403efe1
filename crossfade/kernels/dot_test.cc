// Inner products against hand-worked numbers and a double-precision sum, on every instruction set;
// and that one, rows and gather agree to the last bit.
#include "crossfade/kernels/dot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/kernels/isa.h"

namespace crossfade::kernels {
namespace {

class DotTest : public ::testing::TestWithParam<std::string> {
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

TEST_P(DotTest, HandWorked) {
  const std::vector<float> a = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
  std::vector<float> b(a.size(), 2);
  EXPECT_EQ(dot(a, b), 306);  // 17 * 18, all exact
  b[16] = -16;
  EXPECT_EQ(dot(a, b), 0);
  EXPECT_EQ(dot({}, {}), 0);
}

TEST_P(DotTest, WithinTheStatedBoundOfTheExactSum) {
  for (std::size_t size : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 128, 129, 1000}) {
    const std::vector<float> a = random_values(size, size, 3.0);
    const std::vector<float> b = random_values(size, size + 7777, 0.01);
    double exact = 0, norm_a = 0, norm_b = 0;
    for (std::size_t i = 0; i < size; ++i) {
      exact += static_cast<double>(a[i]) * b[i];
      norm_a += static_cast<double>(a[i]) * a[i];
      norm_b += static_cast<double>(b[i]) * b[i];
    }
    const double bound = 1.01 * static_cast<double>(size) * 0x1p-24 * std::sqrt(norm_a * norm_b);
    EXPECT_NEAR(dot(a, b), exact, bound) << size;
  }
}

TEST_P(DotTest, RowsAndGatherGiveTheSameBytesAsOne) {
  for (std::size_t dims : {1, 3, 7, 8, 9, 16, 64, 100, 128, 129}) {
    const std::size_t num_rows = 37;
    const std::vector<float> query = random_values(dims, 1, 1.0);
    const std::vector<float> rows = random_values(dims * num_rows, 2, 1.0);
    std::vector<float> all(num_rows);
    dot_rows(query, rows.data(), all);
    std::vector<std::int32_t> ids;
    for (std::size_t r = 0; r < num_rows; ++r)
      ids.push_back(static_cast<std::int32_t>((r * 5) % 37));
    for (std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{6}, num_rows}) {
      std::vector<float> some(count, -1);
      dot_gather(query, rows.data(), std::span(ids).first(count), some);
      for (std::size_t j = 0; j < count; ++j) {
        const auto row = static_cast<std::size_t>(ids[j]);
        const float one = dot(query, std::span(rows).subspan(row * dims, dims));
        EXPECT_EQ(std::memcmp(&one, &some[j], sizeof one), 0) << dims;
        EXPECT_EQ(std::memcmp(&one, &all[row], sizeof one), 0) << dims;
      }
    }
  }
}

TEST_P(DotTest, DenormalsAreNotFlushed) {
  const std::vector<float> a(5, 0x1p-100F), b(5, 0x1p-45F);
  EXPECT_EQ(dot(a, b), 5 * 0x1p-145F);
}

INSTANTIATE_TEST_SUITE_P(Isa, DotTest, ::testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return isa.param; });

}  // namespace
}  // namespace crossfade::kernels
