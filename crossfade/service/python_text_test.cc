// Against what Python 3.11 answers at its prompt.
#include "crossfade/service/python_text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace crossfade {
namespace {

TEST(PythonInt, TakesSpaceSignsUnderscoresAndAnyScript) {
  EXPECT_EQ(python_int(" \t-1_0\n"), ExternalId(std::int64_t{-10}));
  EXPECT_EQ(python_int("+007"), ExternalId(std::int64_t{7}));
  EXPECT_EQ(python_int("-0"), ExternalId(std::int64_t{0}));
  EXPECT_EQ(python_int("\u0663\u00a0"), ExternalId(std::int64_t{3}));
  EXPECT_EQ(python_int("\U0001D7FF"), ExternalId(std::int64_t{9}));
  for (const char* text :
       {"", " ", "-", "- 1", "1 2", "1.0", "1e3", "0x1", "_1", "1_", "1__0", "+-1",
        "\x1c"
        "1",
        "\u00bd", "\u4e09"})
    EXPECT_FALSE(python_int(text)) << text;
}

TEST(PythonInt, KeepsDigitsBeyond64Bits) {
  EXPECT_EQ(python_int("9223372036854775807"), ExternalId(INT64_MAX));
  EXPECT_EQ(python_int("-9223372036854775808"), ExternalId(INT64_MIN));
  EXPECT_EQ(python_int("009223372036854775808"), ExternalId("9223372036854775808"));
  EXPECT_EQ(python_int("-00_9223372036854775809"), ExternalId("-9223372036854775809"));
}

TEST(PythonDigits, TakesDigitsAlone) {
  EXPECT_EQ(python_digits("0012"), ExternalId(std::int64_t{12}));
  EXPECT_EQ(python_digits("000"), ExternalId(std::int64_t{0}));
  EXPECT_EQ(python_digits("\u0661\u0662"), ExternalId(std::int64_t{12}));
  for (const char* text : {"", "-1", "+1", " 1", "1_0", "1.", "x", "\xff", "1\xff", "1/"})
    EXPECT_FALSE(python_digits(text)) << text;
}

TEST(PythonFloat, ReadsPythonsLiterals) {
  EXPECT_EQ(python_float(" 1_0.5_0 "), 10.5);
  EXPECT_EQ(python_float("-.5e-3"), -0.0005);
  EXPECT_EQ(python_float("1."), 1.0);
  EXPECT_EQ(python_float("1E+2"), 100.0);
  EXPECT_TRUE(std::isnan(*python_float("-NaN")));
  EXPECT_EQ(python_float("iNfinity"), INFINITY);
  EXPECT_EQ(python_float("-1e400"), -INFINITY);
  EXPECT_EQ(python_float("1e-400"), 0.0);
  for (const char* text : {"", ".", "e5", "1e", "1e+", "1_e5", "1._5", "1,5", "0x1p3", "infin",
                           "nan()", "1 2", "--1", "1.2.3"})
    EXPECT_FALSE(python_float(text)) << text;
}

TEST(PythonRepr, ChoosesQuotesAndEscapes) {
  EXPECT_EQ(python_repr("x"), "'x'");
  EXPECT_EQ(python_repr("it's"), "\"it's\"");
  EXPECT_EQ(python_repr("'\""), "'\\'\"'");
  EXPECT_EQ(python_repr("a\n\r\t\\"), "'a\\n\\r\\t\\\\'");
  EXPECT_EQ(python_repr(std::string_view("\0\x7f", 2)), "'\\x00\\x7f'");
  EXPECT_EQ(python_repr("\u00e9\u0430\U0001F600"), "'\u00e9\u0430\U0001F600'");
  EXPECT_EQ(python_repr("\u00ad\u2028\U000E0001"), "'\\xad\\u2028\\U000e0001'");
  EXPECT_EQ(python_repr("\xED\xA0\x80"), "'\\ud800'");  // a lone surrogate
}

TEST(FirstCharacters, CountsCodePoints) {
  EXPECT_EQ(first_characters("\u00e9\u00e9x", 2), "\u00e9\u00e9");
  EXPECT_EQ(first_characters("ab", 5), "ab");
}

TEST(NextCodePoint, ReadsBrokenUtf8AsReplacement) {
  for (const std::string_view text :
       {"\x80", "\xC0\xAF", "\xE2\x82", "\xF0\x80\x80\x80", "\xFF", "\xF4\x90\x80\x80", "\xC3("}) {
    std::size_t at = 0;
    EXPECT_EQ(next_code_point(text, at), char32_t{0xFFFD});
    EXPECT_EQ(at, 1u);
  }
}

}  // namespace
}  // namespace crossfade
