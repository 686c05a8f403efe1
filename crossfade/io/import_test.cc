// From a file to a log: what is kept, what is dropped and said, and what --strict makes of it.
#include "crossfade/io/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/io/parquet_writer.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 1'577'836'800 * kSecond;  // 2020-01-01

// Rows 1 (user), 3 (weight) and 4 (time) are bad; row 5 repeats row 0.
Table planted_table() {
  Table table;
  table.columns.push_back(
      {"user_id", std::vector<std::int64_t>{1, 0, 2, 3, 4, 1}, {}, {0, 1, 0, 0, 0, 0}});
  table.columns.push_back({"item_id", std::vector<std::int32_t>{10, 11, 12, 13, 14, 10}, {}, {}});
  table.columns.push_back(
      {"timestamp",
       std::vector<std::int64_t>{kStart, kStart, kStart + 60 * kSecond, kStart, INT64_MAX, kStart},
       {},
       {}});
  table.columns.push_back({"rating", std::vector<double>{1, 1, 0.5, -1, 1, 1}, {}, {}});
  return table;
}

std::string planted_file() {
  TestContext test;
  const std::string path = fresh_path("log.parquet");
  EXPECT_TRUE(write_parquet(planted_table(), path, test.context).ok());
  return path;
}

Result<ImportedLog> import(const std::string& path, const ImportOptions& options = {}) {
  TestContext test;
  return import_log(path, *choose_schema({.preset = "hackathon"}), options, test.context);
}

TEST(Import, DropsBadRowsAndTellsEverything) {
  const std::string path = planted_file();
  const ImportedLog log = *import(path);
  EXPECT_THAT(std::get<std::vector<std::int64_t>>(log.columns.users), ElementsAre(1, 2, 1));
  EXPECT_THAT(std::get<std::vector<std::int64_t>>(log.columns.items), ElementsAre(10, 12, 10));
  EXPECT_THAT(log.columns.time_ns, ElementsAre(kStart, kStart + 60 * kSecond, kStart));
  EXPECT_THAT(log.columns.weights, ElementsAre(1.F, 0.5F, 1.F));
  EXPECT_TRUE(log.columns.kinds.empty());
  EXPECT_EQ(log.report.source, path);
  EXPECT_EQ(log.report.rows_read, 6);
  EXPECT_EQ(log.report.rows_kept, 3);
  EXPECT_EQ(log.report.rows_dropped(), 3);
  ASSERT_EQ(log.report.dropped.size(), 3U);
  EXPECT_EQ(log.report.dropped[0].reason, "missing user id");
  EXPECT_THAT(log.report.dropped[0].examples[0], HasSubstr("row 1"));
  EXPECT_THAT(log.report.notes, Contains(path + ": page checksums verified"));
  EXPECT_THAT(log.report.notes,
              Contains("times run from 2020-01-01 00:00:00 to 2020-01-01 00:01:00 (UTC)"));
  EXPECT_THAT(log.report.notes, Contains(HasSubstr("1 rows repeat an earlier row exactly")));
}

TEST(Import, DropsRepeatsWhenTold) {
  ImportOptions options;
  options.drop_duplicates = true;
  const ImportedLog log = *import(planted_file(), options);
  EXPECT_THAT(std::get<std::vector<std::int64_t>>(log.columns.users), ElementsAre(1, 2));
  EXPECT_EQ(log.report.rows_kept, 2);
  EXPECT_EQ(log.report.dropped.back().reason, "repeats an earlier row");
}

TEST(Import, StrictRefusesWhatWouldBeDropped) {
  ImportOptions options;
  options.strict = true;
  const std::string path = planted_file();
  const auto log = import(path, options);
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(log.status().message(), HasSubstr(path + ": 3 of 6 rows dropped"));
  EXPECT_THAT(log.status().message(), HasSubstr("row 1"));
  EXPECT_THAT(log.status().message(), HasSubstr("--strict"));
}

TEST(Import, ErrorsNameTheFile) {
  const std::string path = fresh_path("log.csv");
  ASSERT_TRUE(write_file(path, "user_id,item_id,timestamp,rating\n1,2,yesterday,1\n").ok());
  const auto text = import(path);
  EXPECT_EQ(text.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(text.status().message(), HasSubstr(path + ": column 'timestamp' holds text"));
  ASSERT_TRUE(write_file(path, "user_id,item_id,timestamp\n1,2,5\n").ok());
  EXPECT_THAT(import(path).status().message(), HasSubstr("no column called 'rating'"));
}

TEST(Import, AColumnMayBeAbsentAndTheUnitGuessed) {
  TestContext test;
  const std::string path = fresh_path("log.csv");
  ASSERT_TRUE(write_file(path, "u,i,t\na,5,1577836800\nb,6,1577836860\n").ok());
  const LogSchema timed = *choose_schema({.user = "u", .item = "i", .time = "t"});
  const ImportedLog log = *import_log(path, timed, {}, test.context);
  EXPECT_THAT(log.columns.time_ns, ElementsAre(kStart, kStart + 60 * kSecond));
  EXPECT_TRUE(log.columns.weights.empty());
  EXPECT_THAT(log.report.notes, Contains(HasSubstr("are taken as seconds")));
  const LogSchema timeless = *choose_schema({.user = "u", .item = "i", .time = "none"});
  EXPECT_TRUE(import_log(path, timeless, {}, test.context)->columns.time_ns.empty());
}

}  // namespace
}  // namespace crossfade
