// Sizes, cold shares and overlap, by hand.
#include "crossfade/data/splits/split_report.h"

#include <gmock/gmock.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

// Test from 6 on: user 3 and items 12, 13 are new there.
Dataset planted() {
  return make_dataset({{1, 10, 1},
                       {1, 11, 2},
                       {2, 10, 3},
                       {2, 11, 5},
                       {1, 12, 6},
                       {2, 10, 7},
                       {3, 11, 8},
                       {3, 13, 9}});
}

SplitReport report_of(const std::string& rule, const SplitOptions& options) {
  TestContext run;
  return report_split(*split_dataset(planted(), *parse_split(rule), options, run), run.threads);
}

TEST(SplitReportTest, WhatIsNewInTheTest) {
  const SplitReport report = report_of("time:0.5", {1, false});
  ASSERT_EQ(report.parts.size(), 2U);
  EXPECT_EQ(report.parts[0].size, (DatasetSize{4, 2, 2}));
  const PartReport& test = report.parts[1];
  EXPECT_EQ(test.name, "test");
  EXPECT_EQ(test.size, (DatasetSize{4, 3, 4}));
  EXPECT_DOUBLE_EQ(test.cold_users, 1.0 / 3);  // user 3
  EXPECT_DOUBLE_EQ(test.cold_items, 2.0 / 4);  // items 12 and 13
  EXPECT_DOUBLE_EQ(test.cold_rows, 3.0 / 4);   // all but user 2's item 10
  EXPECT_EQ(test.overlap, 0);
  EXPECT_EQ(test.first_ns, 6);
  EXPECT_EQ(test.last_ns, 9);
  EXPECT_EQ(report.rows_dropped, 0);
}

TEST(SplitReportTest, OverlapShowsThatTrainKnowsTheFuture) {
  // Leave one out: test at 6, 7 and 9; train ends with user 3's 8.
  const SplitReport report = report_of("last:1", {1, false});
  EXPECT_DOUBLE_EQ(report.parts[1].overlap, 2.0 / 3);
}

TEST(SplitReportTest, FoldInIsHistory) {
  SplitOptions options{1, false};
  options.target = Target::kLast;
  const SplitReport report = report_of("time:0.5", options);
  ASSERT_EQ(report.parts.size(), 3U);
  EXPECT_EQ(report.parts[2].name, "fold_in");
  EXPECT_EQ(report.parts[1].cold_users, 0);  // user 3's first interaction is given
  EXPECT_EQ(report.parts[1].size, (DatasetSize{3, 3, 3}));
}

TEST(SplitReportTest, IsATableAndJson) {
  SplitOptions options{1, true};
  options.target = Target::kFirst;
  const SplitReport report = report_of("time:0.5", options);
  EXPECT_EQ(report.rows_dropped, 1);  // user 3's second
  Document document("Split");
  document.add_table(split_table(report));
  EXPECT_THAT(to_text(document), HasSubstr("validation"));
  const std::string json = to_text(to_json(report));
  EXPECT_THAT(json, HasSubstr(R"("rows_dropped": 1)"));
  EXPECT_THAT(json, HasSubstr(R"("test": {"rows": 3, "users": 3, "items": 3, "first_ns": 6)"));
  EXPECT_THAT(json, HasSubstr(R"("fold_in": {"rows")"));
}

}  // namespace
}  // namespace crossfade
