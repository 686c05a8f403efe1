// Lines read back, and every damage of one byte is noticed.
#include "crossfade/base/checked_line.h"

#include <gtest/gtest.h>

#include "crossfade/base/hash.h"

namespace crossfade {
namespace {

std::string line_of(std::string_view text) {
  std::string line;
  append_checked_line(text, line);
  return line;
}

TEST(CheckedLine, IsDigitsSpaceTextAndItsEnd) {
  const std::string line = line_of("{\"user\": 7}");
  EXPECT_EQ(line.substr(16), " {\"user\": 7}\n");
  EXPECT_EQ(std::stoull(line.substr(0, 16), nullptr, 16), hash_bytes("{\"user\": 7}"));
  EXPECT_EQ(line.substr(0, 16).find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(CheckedLine, ReadsBack) {
  for (const std::string& text : {std::string(), std::string("a"), std::string(1000, ' ')}) {
    std::string line = line_of(text);
    line.pop_back();
    EXPECT_TRUE(has_checksum(line));
    EXPECT_EQ(checked_text(line), text);
  }
}

TEST(CheckedLine, DamageIsNoticed) {
  std::string whole = line_of("{\"user\": 7}");
  whole.pop_back();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string line = whole;
    line[at] = static_cast<char>(line[at] ^ 1);
    EXPECT_EQ(checked_text(line), std::nullopt) << at;
    EXPECT_EQ(checked_text(whole.substr(0, at)), std::nullopt) << at;
  }
  EXPECT_FALSE(has_checksum("{\"user\": 7}"));
  EXPECT_FALSE(has_checksum(""));
}

}  // namespace
}  // namespace crossfade
