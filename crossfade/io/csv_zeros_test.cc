// Zeros in front, behind quotes and in other columns; whole and byte by byte.
#include "crossfade/io/csv_zeros.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

// In the second of the columns.
std::int64_t line_of(std::string_view text) {
  ZeroScan whole(',', {1}), bytes(',', {1});
  whole.feed(text);
  for (const char& c : text) bytes.feed({&c, 1});
  EXPECT_EQ(whole.line_of(1), bytes.line_of(1)) << text;
  return whole.line_of(1);
}

TEST(ZeroScan, FindsTheFirstLine) {
  EXPECT_EQ(line_of("a,b\n1,7\n2,007\n3,08\n"), 3);
  EXPECT_EQ(line_of("a,b\r\n1,00"), 2);
  EXPECT_EQ(line_of("a,b,c\n1, +7,x\n"), 2);
  EXPECT_EQ(line_of("a,b\n\"x,\n\"\"y\",\"07\"\n"), 3);
}

TEST(ZeroScan, OtherColumnsAndNumbersAreFine) {
  EXPECT_EQ(line_of("a,b\n007,0\n+7,10\n1,0.5\n1,-3\n1,\n"), 0);
  EXPECT_EQ(line_of("a,007\n1,7\n"), 0);
  EXPECT_EQ(line_of("a,b\n\"1,007\",7\n"), 0);
  ZeroScan none(',', {});
  none.feed("a\n007\n");
  EXPECT_EQ(none.line_of(0), 0);
}

}  // namespace
}  // namespace crossfade
