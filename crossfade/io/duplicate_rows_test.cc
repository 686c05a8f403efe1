// Planted repeats among rows that differ in one column each, and a large log against a plain set.
#include "crossfade/io/duplicate_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "crossfade/base/rng.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using Ints = std::vector<std::int64_t>;

TEST(DuplicateRows, OnlyRowsEqualInAllColumnsCount) {
  TestContext test;
  LogColumns log;
  log.users = std::vector<std::string>{"a", "a", "b", "a", "a", "a", "a"};
  log.items = Ints{1, 1, 1, 2, 1, 1, 1};
  log.time_ns = {5, 5, 5, 5, 6, 5, 5};
  log.weights = {1, 1, 1, 1, 1, 2, 1};
  log.kinds = {0, 0, 0, 0, 0, 0, 1};
  EXPECT_THAT(find_duplicate_rows(log, test.context), ElementsAre(1));
  log.kinds.clear();
  EXPECT_THAT(find_duplicate_rows(log, test.context), ElementsAre(1, 6));
  log.weights.clear();
  EXPECT_THAT(find_duplicate_rows(log, test.context), ElementsAre(1, 5, 6));
  log.time_ns.clear();
  EXPECT_THAT(find_duplicate_rows(log, test.context), ElementsAre(1, 4, 5, 6));
  drop_rows(log, {1, 4, 5, 6});
  EXPECT_THAT(std::get<Ints>(log.items), ElementsAre(1, 1, 2));
  EXPECT_THAT(std::get<std::vector<std::string>>(log.users), ElementsAre("a", "b", "a"));
}

TEST(DuplicateRows, AgreesWithASetOnALargeLogForAnyThreads) {
  constexpr std::size_t kRows = 300'000;
  Rng rng(9);
  Ints users(kRows), items(kRows), times(kRows);
  Ints expected;
  std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t>> seen;
  for (std::size_t row = 0; row < kRows; ++row) {
    users[row] = static_cast<std::int64_t>(rng.below(2000));
    items[row] = static_cast<std::int64_t>(rng.below(100));
    times[row] = static_cast<std::int64_t>(rng.below(10));
    if (!seen.insert({users[row], items[row], times[row]}).second)
      expected.push_back(static_cast<std::int64_t>(row));
  }
  LogColumns log;
  log.users = users;
  log.items = items;
  log.time_ns = times;
  for (const int num_threads : {1, 3}) {
    TestContext test(num_threads);
    EXPECT_EQ(find_duplicate_rows(log, test.context), expected);
  }
}

TEST(DuplicateRows, AnEmptyLogHasNone) {
  TestContext test;
  EXPECT_TRUE(find_duplicate_rows({}, test.context).empty());
}

}  // namespace
}  // namespace crossfade
