// From a file to a log: what is kept, what is dropped and said, and what --strict makes of it.
#include "crossfade/io/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/data/store/store.h"
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

struct Imported {
  ImportReport report;
  Dataset dataset;
  const Domain& domain() const { return dataset.domains()[0]; }
};

Result<Imported> import_as(const std::string& path, const LogSchema& schema,
                           const ImportOptions& options = {}) {
  TestContext test;
  const std::string store = fresh_path("store");
  CROSSFADE_ASSIGN_OR_RETURN(
      const ImportOutcome outcome,
      import_log({path}, schema, {store, false, "music"}, options, test.context));
  CROSSFADE_ASSIGN_OR_RETURN(const Store opened, open_store(store));
  EXPECT_EQ(outcome.users, opened.dataset.num_users());
  EXPECT_EQ(to_text(to_json(opened.reports[0])), to_text(to_json(outcome.report)));
  return Imported{outcome.report, opened.dataset};
}

Result<Imported> import(const std::string& path, const ImportOptions& options = {}) {
  return import_as(path, *choose_schema({.preset = "hackathon"}), options);
}

TEST(Import, DropsBadRowsAndTellsEverything) {
  const std::string path = planted_file();
  const Imported log = *import(path);
  EXPECT_THAT(log.dataset.users().numbers(), ElementsAre(1, 2));
  EXPECT_THAT(log.domain().items.numbers(), ElementsAre(10, 12));
  EXPECT_THAT(log.domain().offsets, ElementsAre(0, 2, 3));
  EXPECT_THAT(log.domain().item, ElementsAre(0, 0, 1));
  EXPECT_THAT(log.domain().time_ns, ElementsAre(kStart, kStart, kStart + 60 * kSecond));
  EXPECT_THAT(log.domain().weight, ElementsAre(1.F, 1.F, 0.5F));
  EXPECT_TRUE(log.domain().kind.empty());
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
  const Imported log = *import(planted_file(), options);
  EXPECT_THAT(log.domain().offsets, ElementsAre(0, 1, 2));
  EXPECT_EQ(log.report.rows_kept, 2);
  EXPECT_EQ(log.report.dropped.back().reason, "repeats an earlier row");
  EXPECT_THAT(log.report.dropped.back().examples, ElementsAre("user 1, item 10"));
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
  EXPECT_THAT(text.status().message(), HasSubstr(path));
  EXPECT_THAT(text.status().message(), HasSubstr("column 'timestamp' holds text"));
  ASSERT_TRUE(write_file(path, "user_id,item_id,timestamp\n1,2,5\n").ok());
  EXPECT_THAT(import(path).status().message(), HasSubstr("no column called 'rating'"));
}

TEST(Import, AColumnMayBeAbsentAndTheUnitGuessed) {
  const std::string path = fresh_path("log.csv");
  ASSERT_TRUE(write_file(path, "u,i,t\na,5,1577836800\nb,6,1577836860\n").ok());
  const LogSchema timed = *choose_schema({.user = "u", .item = "i", .time = "t"});
  const Imported log = *import_as(path, timed);
  EXPECT_THAT(log.domain().time_ns, ElementsAre(kStart, kStart + 60 * kSecond));
  EXPECT_THAT(log.domain().weight, ElementsAre(1.F, 1.F));
  EXPECT_THAT(log.report.notes, Contains(HasSubstr("are taken as seconds")));
  const LogSchema timeless = *choose_schema({.user = "u", .item = "i", .time = "none"});
  EXPECT_TRUE(import_as(path, timeless)->domain().time_ns.empty());
}

TEST(Import, TheNextDayKeepsKindsAndTellsOfLateRows) {
  TestContext test;
  const std::string store = fresh_path("store"), one = fresh_path("1.csv"),
                    two = fresh_path("2.csv");
  ASSERT_TRUE(write_file(one, "u,i,t,k\n1,5,1577836800,play\n1,6,1577836860,like\n").ok());
  ASSERT_TRUE(write_file(two, "u,i,t,k\n1,5,1577836830,play\n2,7,1577836870,hide\n").ok());
  const LogSchema schema = *choose_schema({.user = "u", .item = "i", .time = "t", .kind = "k"});
  ASSERT_TRUE(import_log({one}, schema, {store, false, "music"}, {}, test.context).ok());
  const auto next = import_log({two}, schema, {store, true, "music"}, {}, test.context);
  ASSERT_TRUE(next.ok()) << next.status().message();
  EXPECT_THAT(next->report.notes,
              Contains(HasSubstr("begins at 2020-01-01 00:00:30, before the domain's last row")));
  const Store opened = *open_store(store);
  EXPECT_THAT(opened.dataset.domains()[0].kind, ElementsAre(1, 1, 0, 2));
  EXPECT_EQ(opened.reports[0].rows_read, 4);
  const auto again = import_log({two}, schema, {store, true, "music"}, {}, test.context);
  EXPECT_EQ(again.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(again.status().message(), HasSubstr("would count twice"));
  ImportOptions allow;
  allow.allow_repeated_files = true;
  EXPECT_TRUE(import_log({two}, schema, {store, true, "music"}, allow, test.context).ok());
}

TEST(Import, AmountsOfMemory) {
  EXPECT_EQ(*parse_bytes("--memory", "4GB"), 4'000'000'000);
  EXPECT_EQ(*parse_bytes("--memory", "1.5MiB"), 1'572'864);
  EXPECT_EQ(*parse_bytes("--memory", "77"), 77);
  for (const char* wrong : {"", "GB", "4 GB", "0", "-1", "4XB", "1e9"})
    EXPECT_EQ(parse_bytes("--memory", wrong).status().kind(), StatusKind::kUsage) << wrong;
}

}  // namespace
}  // namespace crossfade
