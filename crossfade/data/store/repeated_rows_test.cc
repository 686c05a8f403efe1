// Repeats: found in short and long runs, with and without times, whatever the session says.
#include "crossfade/data/store/repeated_rows.h"

#include <gmock/gmock.h>

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::size_t> find(const HistoryColumns& columns) {
  RepeatFinder finder;
  std::vector<std::size_t> repeats;
  finder.find(columns, 0, columns.item.size(), repeats);
  return repeats;
}

TEST(RepeatedRows, OnlyEqualTimesAreCompared) {
  HistoryColumns columns;
  columns.item = {5, 6, 5, 5, 5};
  columns.weight = {1, 1, 1, 1, 2};
  columns.time_ns = {10, 10, 10, 11, 11};
  columns.session = {1, 2, 3, 4, 5};
  EXPECT_THAT(find(columns), ElementsAre(2));
  columns.kind = {0, 0, 1, 0, 0};
  EXPECT_THAT(find(columns), IsEmpty());
  columns.time_ns.clear();
  EXPECT_THAT(find(columns), ElementsAre(3));
}

TEST(RepeatedRows, LongRunsAgreeWithShortOnes) {
  HistoryColumns columns;
  std::vector<std::size_t> expected;
  for (std::size_t row = 0; row < 100; ++row) {
    columns.item.push_back(static_cast<ItemIndex>(row * 7 % 30));
    columns.weight.push_back(row % 2 == 0 ? 0.F : -0.F);
    columns.time_ns.push_back(4);
    if (row >= 30) expected.push_back(row);  // 30 is even: the same item has the same sign again
  }
  EXPECT_EQ(find(columns), expected);
}

TEST(RepeatedRows, RemovalClosesUp) {
  HistoryColumns columns;
  columns.item = {1, 1, 2, 2, 3};
  columns.time_ns = {5, 5, 6, 7, 8};
  std::vector<std::int64_t> offsets{0, 2, 2, 4, 5};
  remove_rows({1, 3}, columns, offsets);
  EXPECT_THAT(columns.item, ElementsAre(1, 2, 3));
  EXPECT_THAT(columns.time_ns, ElementsAre(5, 6, 8));
  EXPECT_THAT(offsets, ElementsAre(0, 1, 1, 2, 3));
}

}  // namespace
}  // namespace crossfade
