// What is written comes back, whole or not at all.
#include "crossfade/io/parquet_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "crossfade/base/rng.h"
#include "crossfade/io/parquet_reader.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Table planted_table() {
  Table table;
  table.columns.push_back({"i32", std::vector<std::int32_t>{1, -2, 3}, {}, {}});
  table.columns.push_back({"i64", std::vector<std::int64_t>{1, -2, 3'000'000'000}, {}, {0, 1, 0}});
  table.columns.push_back({"f", std::vector<float>{0.5F, 1, 2}, {}, {}});
  table.columns.push_back({"d", std::vector<double>{0.1, 1, 2}, {}, {1, 0, 0}});
  table.columns.push_back({"s", std::vector<std::string>{"a", "b", ""}, {}, {0, 1, 0}});
  table.columns.push_back(
      {"t", std::vector<std::int64_t>{5, 6, 7}, Column::Meaning::kTimestamp, {}});
  return table;
}

// Many rows, so that there are several pages and blocks.
Table large_table(std::size_t rows) {
  Rng rng(7);
  std::vector<std::int32_t> users(rows);
  std::vector<std::string> names(rows);
  std::vector<float> weights(rows);
  std::vector<std::uint8_t> nulls(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    users[i] = static_cast<std::int32_t>(rng.below(1000));
    nulls[i] = rng.below(5) == 0 ? 1 : 0;
    weights[i] = nulls[i] != 0 ? 0.F : static_cast<float>(rng.uniform());
    names[i] = nulls[i] != 0 ? "" : "item " + std::to_string(rng.below(50));
  }
  Table table;
  table.columns.push_back({"user", std::move(users), {}, {}});
  table.columns.push_back({"name", std::move(names), {}, nulls});
  table.columns.push_back({"weight", std::move(weights), {}, std::move(nulls)});
  return table;
}

TEST(ParquetWriter, EveryTypeComesBackWithNullsAndMeaning) {
  TestContext test;
  const std::string path = fresh_path("all.parquet");
  ASSERT_TRUE(write_parquet(planted_table(), path, test.context).ok());
  ReadReport report;
  const Table back = *read_parquet(path, {}, test.context, &report);
  EXPECT_EQ(report.checksum_text(), "page checksums verified");
  ASSERT_EQ(back.columns.size(), 6U);
  EXPECT_THAT(std::get<std::vector<std::int32_t>>(back.find("i32")->values), ElementsAre(1, -2, 3));
  EXPECT_THAT(std::get<std::vector<std::int64_t>>(back.find("i64")->values),
              ElementsAre(1, 0, 3'000'000'000));
  EXPECT_THAT(back.find("i64")->nulls, ElementsAre(0, 1, 0));
  EXPECT_THAT(std::get<std::vector<float>>(back.find("f")->values), ElementsAre(0.5F, 1, 2));
  EXPECT_THAT(std::get<std::vector<double>>(back.find("d")->values), ElementsAre(0, 1, 2));
  EXPECT_THAT(std::get<std::vector<std::string>>(back.find("s")->values), ElementsAre("a", "", ""));
  EXPECT_THAT(back.find("s")->nulls, ElementsAre(0, 1, 0));
  EXPECT_EQ(back.find("t")->meaning, Column::Meaning::kTimestamp);
  EXPECT_EQ(back.find("i64")->meaning, Column::Meaning::kPlain);
}

TEST(ParquetWriter, ManyRowGroupsAreTheSameForAnyNumberOfThreads) {
  const Table table = large_table(100'000);
  ParquetWriteOptions options;
  options.row_group_rows = 30'000;
  std::string first;
  for (const int num_threads : {1, 2, 4}) {
    TestContext test(num_threads);
    const std::string path = fresh_path("large.parquet");
    ASSERT_TRUE(write_parquet(table, path, test.context, options).ok());
    const std::string bytes = *read_file(path);
    if (first.empty()) first = bytes;
    EXPECT_EQ(bytes, first) << num_threads;
    const Table back = *read_parquet(path, {}, test.context);
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_TRUE(back.columns[c].values == table.columns[c].values) << c;
      EXPECT_TRUE(back.columns[c].nulls == table.columns[c].nulls) << c;
    }
  }
}

TEST(ParquetWriter, AnExistingOutputIsRefusedAndKept) {
  TestContext test;
  const std::string path = fresh_path("there.parquet");
  ASSERT_TRUE(write_file(path, "mine").ok());
  const Status status = write_parquet(planted_table(), path, test.context);
  EXPECT_EQ(status.kind(), StatusKind::kUsage);
  EXPECT_THAT(status.message(), HasSubstr(path + " exists already"));
  EXPECT_EQ(*read_file(path), "mine");
}

TEST(ParquetWriter, AMissingFolderIsASentence) {
  TestContext test;
  const Status status = write_parquet(planted_table(), "/nonexistent/x.parquet", test.context);
  EXPECT_EQ(status.kind(), StatusKind::kFailed);
  EXPECT_THAT(status.message(), HasSubstr("cannot write /nonexistent/x.parquet"));
}

// Nothing is left in a folder that should be empty.
void expect_empty(const std::string& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    ADD_FAILURE() << "left behind: " << entry.path();
}

TEST(ParquetWriter, AnInterruptLeavesNothing) {
  TestContext test;
  const std::string folder = fresh_path("folder");
  ASSERT_TRUE(make_folder(folder).ok());
  test.stop = true;
  const Status status = write_parquet(large_table(1000), folder + "/x.parquet", test.context);
  EXPECT_EQ(status.kind(), StatusKind::kInterrupted);
  expect_empty(folder);
}

TEST(ParquetWriter, AFullDiskLeavesNothingAndIsSaid) {
  TestContext test;
  const std::string folder = fresh_path("folder");
  ASSERT_TRUE(make_folder(folder).ok());
  // A limit on the size of files stands in for a full disk: the write fails half way.
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlim_t before = limit.rlim_cur;
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  limit.rlim_cur = 20'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const Status status = write_parquet(large_table(100'000), folder + "/x.parquet", test.context);
  limit.rlim_cur = before;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr("cannot write " + folder + "/x.parquet"));
  EXPECT_THAT(status.message(), HasSubstr("File too large"));
  expect_empty(folder);
}

TEST(ParquetWriter, AStreamOfBlocksRepeatsViewsWithoutCopies) {
  TestContext test;
  const std::string path = fresh_path("stream.parquet");
  const std::vector<std::int32_t> users = {1, 2, 3, 4};
  const std::vector<std::string_view> names(4, "als");
  const std::vector<ColumnView> all = {{"user", std::span(users), {}, {}},
                                       {"source", std::span(names), {}, {}}};
  ParquetWriter writer = *ParquetWriter::create(path, all, {false, false});
  ASSERT_TRUE(writer.write({all[0].slice(0, 3), all[1].slice(0, 3)}, test.context).ok());
  ASSERT_TRUE(writer.write({all[0].slice(3, 1), all[1].slice(3, 1)}, test.context).ok());
  EXPECT_FALSE(path_exists(path));
  ASSERT_TRUE(writer.close().ok());
  const Table back = *read_parquet(path, {}, test.context);
  EXPECT_THAT(std::get<std::vector<std::int32_t>>(back.columns[0].values), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(std::get<std::vector<std::string>>(back.columns[1].values),
              ElementsAre("als", "als", "als", "als"));
}

}  // namespace
}  // namespace crossfade
