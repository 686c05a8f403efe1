// The kind of a file is found by content first, then by name.
#include "crossfade/io/table_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/io/parquet_writer.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

TEST(TableReader, FindsTheKindAndTheColumnsThatAreThere) {
  TestContext test;
  Table table;
  table.columns.push_back({"user", std::vector<std::int32_t>{1, 2}, {}, {}});
  table.columns.push_back({"score", std::vector<float>{1, 2}, {}, {}});
  const std::string parquet = fresh_path("parquet_by_content");
  ASSERT_TRUE(write_parquet(table, parquet, test.context).ok());
  const std::string csv = fresh_path("x.csv");
  ASSERT_TRUE(write_file(csv, "score,user\n0.5,1\n").ok());
  for (const std::string& path : {parquet, csv}) {
    const Table read = *read_table(path, {{"user"}, {"rank", "score"}}, test.context);
    ASSERT_EQ(read.columns.size(), 2U) << path;
    EXPECT_EQ(read.columns[0].name, "user");
    EXPECT_EQ(read.columns[1].name, "score");
    const auto missing = read_table(path, {{"user", "item"}, {"score"}}, test.context);
    EXPECT_THAT(missing.status().message(), HasSubstr("no column called 'item'"));
  }
}

TEST(TableReader, OtherKindsAreSentences) {
  TestContext test;
  const std::string path = fresh_path("log.xlsx");
  ASSERT_TRUE(write_file(path, "PK").ok());
  const auto unknown = read_table(path, {}, test.context);
  EXPECT_EQ(unknown.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(unknown.status().message(), HasSubstr(path + " is of an unknown kind"));
  const std::string text = fresh_path("text.parquet");
  ASSERT_TRUE(write_file(text, "user,item\n").ok());
  EXPECT_THAT(read_table(text, {}, test.context).status().message(),
              HasSubstr("not a Parquet file but text"));
  EXPECT_EQ(read_table("/nonexistent/x.csv", {}, test.context).status().kind(),
            StatusKind::kFailed);
}

}  // namespace
}  // namespace crossfade
