// Text: each format by example.
#include "crossfade/base/text.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

#include "crossfade/base/counted.h"

namespace crossfade {
namespace {

TEST(Text, Formats) {
  EXPECT_EQ(format_count(1234567), "1,234,567");
  EXPECT_EQ(format_count(-1234), "-1,234");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_number(0.12345, 3), "0.123");
  EXPECT_EQ(format_rate(1234567), "1.2 M");
  EXPECT_EQ(format_duration(0.0123), "12 ms");
  EXPECT_EQ(format_duration(75), "1 min 15 s");
  EXPECT_EQ(format_duration(3725), "1 h 2 min");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  EXPECT_EQ(format_shortest(0.1), "0.1");
}

TEST(Text, CountsInSentences) {
  EXPECT_EQ(counted(1, "line is", "lines are"), "1 line is");
  EXPECT_EQ(counted(0, "line", "lines"), "0 lines");
  EXPECT_EQ(counted(1234, "line", "lines"), "1,234 lines");
}

TEST(Text, ParsesWholeNumbersOnly) {
  EXPECT_EQ(parse_int("-42"), -42);
  EXPECT_EQ(parse_int("42x"), std::nullopt);
  EXPECT_EQ(parse_int(""), std::nullopt);
  EXPECT_EQ(parse_double("1e-3"), 1e-3);
  EXPECT_EQ(parse_double("1e-3 "), std::nullopt);
}

TEST(Text, SplitsAndJoins) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
}

TEST(Text, UnknownNameSuggestsTheNearest) {
  const Status status = unknown_name("knob of als", "factor", {"nu", "factors"});
  EXPECT_EQ(status.message(),
            "there is no knob of als called 'factor'; did you mean 'factors'? Known: nu, factors");
  EXPECT_EQ(status.kind(), StatusKind::kUsage);
  EXPECT_EQ(unknown_name("column", "target", {"user_id"}).message(),
            "there is no column called 'target'. Known: user_id");
}

TEST(Text, WritesFloatsAsPythonDoes) {
  const auto python = [](double value) {
    std::string text = "x";
    append_python_float(value, text);
    return text.substr(1);
  };
  for (const auto& [value, text] :
       std::vector<std::pair<double, std::string>>{{0, "0.0"},
                                                   {-0.0, "-0.0"},
                                                   {1, "1.0"},
                                                   {0.3, "0.3"},
                                                   {-2.5, "-2.5"},
                                                   {1e-4, "0.0001"},
                                                   {9.9e-5, "9.9e-05"},
                                                   {5e-324, "5e-324"},
                                                   {123456789, "123456789.0"},
                                                   {1e15, "1000000000000000.0"},
                                                   {1e16, "1e+16"},
                                                   {1.5e300, "1.5e+300"},
                                                   {4.278421401977539e-05, "4.278421401977539e-05"},
                                                   {0.1 + 0.2, "0.30000000000000004"}})
    EXPECT_EQ(python(value), text);
  EXPECT_EQ(python(std::numeric_limits<double>::infinity()), "Infinity");
  EXPECT_EQ(python(-std::numeric_limits<double>::infinity()), "-Infinity");
  EXPECT_EQ(python(std::numeric_limits<double>::quiet_NaN()), "NaN");
}

}  // namespace
}  // namespace crossfade
