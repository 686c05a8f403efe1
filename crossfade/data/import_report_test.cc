// Import reports: counts, examples, the sentence and the way through JSON.
#include "crossfade/data/import_report.h"

#include <gmock/gmock.h>

namespace crossfade {
namespace {

using testing::ElementsAre;

ImportReport sample() {
  ImportReport report;
  report.source = "log.parquet";
  report.rows_read = 1000;
  report.rows_kept = 993;
  for (int row = 0; row < 5; ++row) report.drop("missing user id", "row " + std::to_string(row));
  report.drop("negative weight", "row 9", 2);
  report.notes = {"no checksums"};
  return report;
}

TEST(ImportReportTest, CountsAndKeepsAFewExamples) {
  const ImportReport report = sample();
  EXPECT_EQ(report.rows_dropped(), 7);
  EXPECT_THAT(report.dropped[0].examples, ElementsAre("row 0", "row 1", "row 2"));
  EXPECT_EQ(report.sentence(), "7 of 1,000 rows dropped: 5 missing user id, 2 negative weight");
  EXPECT_EQ(ImportReport().sentence(), "0 of 0 rows dropped");
}

TEST(ImportReportTest, ComesBackFromJson) {
  const Json json = to_json(sample());
  EXPECT_EQ(to_json(import_report_from_json(json)), json);
  EXPECT_EQ(json["dropped"].as_array()->size(), 2U);
  EXPECT_EQ(import_report_from_json(Json()).rows_read, 0);
}

}  // namespace
}  // namespace crossfade
