// Quotes that close, that mean nothing, and that are forgotten; whole and byte by byte.
#include "crossfade/io/csv_quotes.h"

#include <gtest/gtest.h>

#include <string>

namespace crossfade {
namespace {

std::int64_t open_line(std::string_view text) {
  QuoteScan whole(','), bytes(',');
  whole.feed(text);
  for (const char& c : text) bytes.feed({&c, 1});
  EXPECT_EQ(whole.open_line(), bytes.open_line()) << text;
  return whole.open_line();
}

TEST(QuoteScan, ClosedQuotesAreFine) {
  EXPECT_EQ(open_line(""), 0);
  EXPECT_EQ(open_line("a,b\n1,2\n"), 0);
  EXPECT_EQ(open_line("a,\"b\"\n\"1\",\"2\nmore\"\n"), 0);
  EXPECT_EQ(open_line("\"a \"\"quoted\"\" word\",b\n"), 0);
  EXPECT_EQ(open_line("\"\",b\n\"\""), 0);
}

TEST(QuoteScan, AQuoteInsideAFieldOpensNothing) {
  EXPECT_EQ(open_line("a,12\" vinyl\n1,2\n"), 0);
}

TEST(QuoteScan, AForgottenQuoteIsFoundWithItsLine) {
  EXPECT_EQ(open_line("a,b\n1,\"2\n3,4\n"), 2);
  EXPECT_EQ(open_line("\"a\n"), 1);
  EXPECT_EQ(open_line("a,b\n\"x\"\"\n"), 2);
  EXPECT_EQ(open_line("a,b\n\"1\",2\n\"3,4\n"), 3);
}

}  // namespace
}  // namespace crossfade
