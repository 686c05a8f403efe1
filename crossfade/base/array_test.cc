// Array keeps its memory alive; StringArray packs, unpacks and notices damaged offsets.
#include "crossfade/base/array.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(Array, CopiesShareMemoryAndKeepItAlive) {
  Array<int> copy;
  {
    Array<int> original(std::vector<int>{1, 2, 3});
    copy = original;
    EXPECT_EQ(copy.data(), original.data());
  }
  EXPECT_EQ(copy.size(), 3u);
  EXPECT_EQ(copy[2], 3);
}

TEST(StringArray, RoundTripsAnyBytes) {
  const StringArray strings({"", "a", std::string("x\0y", 3), "дом"});
  ASSERT_EQ(strings.size(), 4u);
  EXPECT_EQ(strings[0], "");
  EXPECT_EQ(strings[2], std::string_view("x\0y", 3));
  EXPECT_EQ(strings[3], "дом");
  EXPECT_TRUE(strings.valid());
}

TEST(StringArray, NoticesOffsetsThatFallOrOverrun) {
  EXPECT_FALSE(StringArray(std::vector<std::int64_t>{0, 2, 1}, std::vector<char>{'a'}).valid());
  EXPECT_FALSE(StringArray(std::vector<std::int64_t>{0, 2}, std::vector<char>{'a'}).valid());
  EXPECT_FALSE(StringArray(std::vector<std::int64_t>{1, 1}, std::vector<char>{'a'}).valid());
}

}  // namespace
}  // namespace crossfade
