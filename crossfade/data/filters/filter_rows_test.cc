// Planted answers, worked out by hand, for every filter.
#include <gmock/gmock.h>

#include "crossfade/data/filters/filter.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kDayNs = 86'400'000'000'000;

Dataset filter_by(const Dataset& d, const std::vector<std::string>& filters) {
  TestContext run;
  return filter_dataset(d, *parse_filters(filters), {}, run)->dataset;
}
// The times of the rows that stay: the tests below give every row its own, so they name the rows.
std::vector<std::int64_t> left_by(const Dataset& d, const std::vector<std::string>& filters) {
  const Dataset left = filter_by(d, filters);
  EXPECT_TRUE(left.check().ok());
  return {left.domains()[0].time_ns.begin(), left.domains()[0].time_ns.end()};
}
std::string error_of(const Dataset& d, const std::string& filter) {
  TestContext run;
  return filter_dataset(d, *parse_filters({filter}), {}, run).status().message();
}
Dataset with_kinds(const std::vector<TestRow>& rows, std::vector<std::uint8_t> kinds) {
  TestContext run;
  LogColumns log = make_log(rows);
  log.kinds = std::move(kinds);
  return *build_dataset(Dataset(), "shop", log, run);
}

// Users 1, 2, 3 have 3, 2, 1 interactions; items 10, 11, 12 have 3, 2, 1.
Dataset stairs() {
  return make_dataset(
      {{1, 10, 1, 5}, {1, 11, 2, 3}, {1, 12, 3, 4}, {2, 10, 4, 2}, {2, 11, 5, 4}, {3, 10, 6, 1}});
}

TEST(FilterRowsTest, MinimumCountsGoOnceInTheOrderGiven) {
  EXPECT_THAT(left_by(stairs(), {"min_users:2"}), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(left_by(stairs(), {"min_items:2"}), ElementsAre(1, 2, 4, 5, 6));
  // Users first: user 3 goes, then items 10 and 11 have 2 each and stay at 2, go at 3.
  EXPECT_THAT(left_by(stairs(), {"min_users:2", "min_items:2"}), ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(left_by(stairs(), {"min_items:3", "min_users:1"}), ElementsAre(1, 4, 6));
  EXPECT_THAT(error_of(stairs(), "min_users:4"), HasSubstr("min_users:4 leaves none of 6"));
}

TEST(FilterRowsTest, CoreIsStable) {
  // A square of users 1, 2 and items 10, 11, and a tail that falls off piece by piece: user 3 has
  // items 11, 12, item 12 has users 3, 4, user 4 has only item 12.
  const Dataset d = make_dataset(
      {{1, 10, 1}, {1, 11, 2}, {2, 10, 3}, {2, 11, 4}, {3, 11, 5}, {3, 12, 6}, {4, 12, 7}});
  EXPECT_THAT(left_by(d, {"kcore:2"}), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(left_by(d, {"kcore:1"}), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  // Users need one, items three: only item 11 has three.
  EXPECT_THAT(left_by(d, {"kcore:1,3"}), ElementsAre(2, 4, 5));
  EXPECT_THAT(error_of(d, "kcore:3"), HasSubstr("leaves none"));
}

TEST(FilterRowsTest, LongChainsPeelInLinearTime) {
  // User u has items u and u + 1: the chain loses an end with every step, 200,000 times, down to
  // the square at its beginning. Passes over the whole would never end.
  std::vector<TestRow> rows{{-1, 0, 1}, {-1, -5, 2}, {-2, 0, 3}, {-2, -5, 4}};
  for (std::int64_t user = 0; user < 100'000; ++user) {
    rows.push_back({user, user, 10});
    rows.push_back({user, user + 1, 11});
  }
  EXPECT_THAT(left_by(make_dataset(rows), {"kcore:2"}), ElementsAre(1, 2, 3, 4));
}

TEST(FilterRowsTest, CoreCountsRepeatedRows) {
  const Dataset d = make_dataset({{1, 10, 1}, {1, 10, 2}, {2, 11, 3}});
  EXPECT_THAT(left_by(d, {"kcore:2"}), ElementsAre(1, 2));
  EXPECT_THAT(error_of(d, "kcore:2,repeats"), HasSubstr("leaves none"));
}

TEST(FilterRowsTest, CoreWithRepeatsGoesOnUntilBothHold) {
  // User 1 plays 10 12 10 11. Item 12 has one taker and goes, which brings the two plays of 10
  // together; one of them goes, and 10, 11 with users 1, 2 remain: two each.
  const Dataset d =
      make_dataset({{1, 10, 1}, {1, 12, 2}, {1, 10, 3}, {1, 11, 4}, {2, 10, 5}, {2, 11, 6}});
  EXPECT_THAT(left_by(d, {"kcore:2,repeats"}), ElementsAre(1, 4, 5, 6));
  EXPECT_THAT(left_by(d, {"kcore:2"}), ElementsAre(1, 3, 4, 5, 6));
}

TEST(FilterRowsTest, HistoryLength) {
  EXPECT_THAT(left_by(stairs(), {"history:2-2"}), ElementsAre(4, 5));
  EXPECT_THAT(left_by(stairs(), {"history:-2"}), ElementsAre(4, 5, 6));
  EXPECT_THAT(left_by(stairs(), {"history:2-"}), ElementsAre(1, 2, 3, 4, 5));
}

TEST(FilterRowsTest, Weights) {
  EXPECT_THAT(left_by(stairs(), {"min_weight:4"}), ElementsAre(1, 3, 5));
  EXPECT_THAT(left_by(stairs(), {"min_weight:3.5"}), ElementsAre(1, 3, 5));
  EXPECT_THAT(filter_by(stairs(), {"cap_weight:3.5"}).domains()[0].weight,
              ElementsAre(3.5, 3, 3.5, 2, 3.5, 1));
  EXPECT_THAT(filter_by(stairs(), {"set_weight:1"}).domains()[0].weight,
              ElementsAre(1, 1, 1, 1, 1, 1));
}

TEST(FilterRowsTest, Repeats) {
  const Dataset d = make_dataset(
      {{1, 10, 1}, {1, 10, 2}, {1, 11, 3}, {1, 10, 4}, {1, 10, 5}, {2, 10, 6}, {2, 10, 7}});
  EXPECT_THAT(left_by(d, {"repeats"}), ElementsAre(1, 3, 4, 6));
}

TEST(FilterRowsTest, OneRowPerPair) {
  const Dataset d =
      make_dataset({{1, 10, 1, 1}, {1, 11, 2, 2}, {1, 10, 3, 4}, {1, 10, 4, 8}, {2, 10, 5, 16}});
  EXPECT_THAT(left_by(d, {"unique"}), ElementsAre(1, 2, 5));
  EXPECT_THAT(filter_by(d, {"unique:last"}).domains()[0].weight, ElementsAre(2, 8, 16));
  EXPECT_THAT(left_by(d, {"unique:last"}), ElementsAre(2, 4, 5));
  EXPECT_THAT(filter_by(d, {"merge:first"}).domains()[0].weight, ElementsAre(13, 2, 16));
  EXPECT_THAT(left_by(d, {"merge:first"}), ElementsAre(1, 2, 5));
  EXPECT_THAT(filter_by(d, {"merge:last"}).domains()[0].weight, ElementsAre(2, 13, 16));
}

TEST(FilterRowsTest, Kinds) {
  const Dataset d = with_kinds(
      {{1, 10, 1}, {1, 10, 2}, {1, 10, 3}, {1, 11, 4}, {1, 11, 5}, {2, 10, 6}, {2, 11, 7}},
      {0, 2, 2, 0, 1, 0, 1});
  EXPECT_THAT(left_by(d, {"keep_kinds:0,2"}), ElementsAre(1, 2, 3, 4, 6));
  EXPECT_THAT(left_by(d, {"drop_kinds:0"}), ElementsAre(2, 3, 5, 7));
  EXPECT_THAT(left_by(d, {"strongest:2,1,0"}), ElementsAre(2, 3, 5, 6, 7));
  // Kinds that are not listed are no events: 11 was only put into the cart by user 2.
  EXPECT_THAT(left_by(d, {"strongest:2,0"}), ElementsAre(2, 3, 4, 6));
  EXPECT_THAT(filter_by(d, {"weigh:0=1.5,2=3"}).domains()[0].weight,
              ElementsAre(1.5, 3, 3, 1.5, 1, 1.5, 1));
  EXPECT_THAT(filter_by(d, {"set_weight:4", "cap_weight:0=2,2=9"}).domains()[0].weight,
              ElementsAre(2, 4, 4, 2, 4, 2, 4));
  for (const char* filter :
       {"cap_weight:1=2", "keep_kinds:1", "drop_kinds:1", "strongest:1", "weigh:1=2"})
    EXPECT_THAT(error_of(stairs(), filter), HasSubstr("one kind of event only")) << filter;
}

TEST(FilterRowsTest, Periods) {
  const std::int64_t day = 19'327 * kDayNs;  // 2022-12-01
  const Dataset d = make_dataset({{1, 10, day - 1},
                                  {1, 11, day},
                                  {2, 10, day + kDayNs - 1},
                                  {2, 11, day + kDayNs},
                                  {2, 12, day + 2 * kDayNs}});
  EXPECT_THAT(left_by(d, {"period:2022-12-01..2022-12-02"}), ElementsAre(day, day + kDayNs - 1));
  EXPECT_THAT(left_by(d, {"period:..2022-12-01"}), ElementsAre(day - 1));
  EXPECT_THAT(left_by(d, {"period:2022-12-02.."}), ElementsAre(day + kDayNs, day + 2 * kDayNs));
  // The last day ends with the last interaction; the moment a day before is outside.
  EXPECT_THAT(left_by(d, {"recent:1d"}), ElementsAre(day + 2 * kDayNs));
  EXPECT_THAT(left_by(d, {"user_recent:1d"}), ElementsAre(day - 1, day, day + 2 * kDayNs));
}

TEST(FilterRowsTest, RecentDaysAreWholeThoughTheyHoldAnOrder) {
  const Dataset d =
      make_dataset({{1, 10, 900}, {1, 11, 901}, {2, 10, kDayNs + 700}, {2, 11, 2 * kDayNs + 3}});
  EXPECT_THAT(left_by(d, {"recent:1d"}), ElementsAre(2 * kDayNs + 3));
  EXPECT_THAT(left_by(d, {"recent:2d"}), ElementsAre(kDayNs + 700, 2 * kDayNs + 3));
}

TEST(FilterRowsTest, EndsOfHistories) {
  EXPECT_THAT(left_by(stairs(), {"first:2"}), ElementsAre(1, 2, 4, 5, 6));
  EXPECT_THAT(left_by(stairs(), {"last:1"}), ElementsAre(3, 5, 6));
}

TEST(FilterRowsTest, SomeUsers) {
  EXPECT_THAT(left_by(stairs(), {"active_users:2"}), ElementsAre(1, 2, 3, 4, 5));
  // Equal counts go by the order of the log.
  EXPECT_THAT(left_by(make_dataset({{5, 1, 1}, {4, 1, 2}, {3, 1, 3}}), {"active_users:2"}),
              ElementsAre(1, 2));
  EXPECT_EQ(filter_by(stairs(), {"sample_users:2"}).num_users(), 2);
  EXPECT_EQ(filter_by(stairs(), {"sample_users:9"}).num_users(), 3);
}

TEST(FilterRowsTest, PopularItemsAreCapped) {
  // Items 0 to 9 have 1 to 10 interactions; rank floor(0.5 * 9) = 4 has 5.
  std::vector<TestRow> rows;
  for (std::int64_t item = 0; item < 10; ++item)
    for (std::int64_t user = 0; user <= item; ++user) rows.push_back({user, item, item});
  TestContext run;
  const Dataset left = filter_by(make_dataset(rows), {"cap_popular:0.5"});
  EXPECT_THAT(count_items(left.domains()[0], run.threads),
              testing::UnorderedElementsAre(1, 2, 3, 4, 5, 5, 5, 5, 5, 5));
}

TEST(FilterRowsTest, PeriodsNeedTimes) {
  TestContext run;
  LogColumns log = make_log({{1, 10, 0}});
  log.time_ns.clear();
  const Dataset d = *build_dataset(Dataset(), "music", log, run);
  for (const char* filter : {"period:2022-01-01..", "recent:1d", "user_recent:1d"})
    EXPECT_THAT(error_of(d, filter), HasSubstr("domain 'music' has no times")) << filter;
}

}  // namespace
}  // namespace crossfade
