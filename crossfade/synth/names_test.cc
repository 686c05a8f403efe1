// Names: stable, distinct where promised, and readable.
#include "crossfade/synth/names.h"

#include <gtest/gtest.h>

#include <set>

namespace crossfade {
namespace {

TEST(Names, InventedNamesAreDistinctAndStable) {
  std::set<std::string> names;
  for (std::int64_t i = 0; i < 300000; ++i) names.insert(invented_name(i * 5, 1));
  EXPECT_EQ(names.size(), 300000U);
  EXPECT_EQ(invented_name(17, 1), invented_name(17, 1));
  EXPECT_NE(invented_name(17, 1), invented_name(17, 2));
}

TEST(Names, NamesStartWithACapitalAndTitlesAreNeverEmpty) {
  for (std::int64_t i = 0; i < 1000; ++i) {
    const std::string name = invented_name(i, 7), title = track_title(i, 7);
    EXPECT_TRUE(name[0] >= 'A' && name[0] <= 'Z') << name;
    EXPECT_GE(name.size(), 6U);
    EXPECT_TRUE(title[0] >= 'A' && title[0] <= 'Z') << title;
  }
}

TEST(Names, TastesBeyondTheListGetANumber) {
  EXPECT_EQ(music_genre(0), "pop");
  EXPECT_EQ(music_genre(40), "pop 2");
  EXPECT_EQ(film_genre(18 * 2 + 1), "Comedy 3");
  EXPECT_EQ(shop_category(1), "phones");
}

}  // namespace
}  // namespace crossfade
