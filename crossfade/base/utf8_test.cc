// UTF-8 on the texts that trip readers up: overlong forms, surrogates, cut ends, escapes.
#include "crossfade/base/utf8.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(Utf8, KnowsWhatIsWellFormed) {
  for (const char* text : {"", "plain", "\xD1\x8F", "\xE2\x82\xAC", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF0\x9F\x8E\xB5", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_valid_utf8(text)) << text;
  for (const char* text :
       {"\xFF", "\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xD1", "\xE2\x82", "\xF0\x9F\x8E", "a\xD1z"})
    EXPECT_FALSE(is_valid_utf8(text)) << text;
}

TEST(Utf8, ReplacesWhatIsNot) {
  EXPECT_EQ(valid_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(valid_utf8("\xD1\x8F\xD1"), "\xD1\x8F\xEF\xBF\xBD");
  EXPECT_EQ(valid_utf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Utf8, ShowsControlsInsteadOfObeyingThem) {
  EXPECT_EQ(printable("a\x1B[2Jz"), "a\\x1b[2Jz");
  EXPECT_EQ(printable("a\nb\tc\rd\x7F"), "a\\nb\\tc\\rd\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\x9b31m");  // the C1 form of ESC [
  EXPECT_EQ(printable("\xC2\xA0\xD1\x8F"), "\xC2\xA0\xD1\x8F");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("one\ntwo\x1B", true), "one\ntwo\\x1b");
  EXPECT_EQ(printable("\xFF"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace crossfade
