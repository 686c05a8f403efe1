// CSV by hand: types, nulls, quotes, separators, and each sentence about a wrong file.
#include "crossfade/io/csv_reader.h"

#include <arrow/buffer.h>
#include <arrow/util/compression.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string put(const std::string& name, const std::string& text) {
  const std::string path = fresh_path(name);
  EXPECT_TRUE(write_file(path, text).ok());
  return path;
}

Result<Table> read(const std::string& path, const std::vector<std::string>& columns = {},
                   int num_threads = 2) {
  TestContext test(num_threads);
  return read_csv(path, columns, test.context);
}

template <class T>
const std::vector<T>& values(const Table& table, const std::string& name) {
  return std::get<std::vector<T>>(table.find(name)->values);
}

TEST(CsvReader, InfersTypesAndNulls) {
  const Table table = *read(put("types.csv",
                                "user,item,time,weight,day,good,empty\n"
                                "1,a,2020-01-01 00:00:01,0.5,1970-01-02,true,\n"
                                "2,,2020-01-01 00:00:02,,1970-01-03,false,\n"
                                "-3,\"b,\"\"c\"\"\nd\",,2,,,\n"));
  EXPECT_TRUE(table.check().ok());
  EXPECT_THAT(values<std::int64_t>(table, "user"), ElementsAre(1, 2, -3));
  EXPECT_THAT(values<std::string>(table, "item"), ElementsAre("a", "", "b,\"c\"\nd"));
  EXPECT_THAT(table.find("item")->nulls, ElementsAre(0, 1, 0));
  EXPECT_EQ(table.find("time")->meaning, Column::Meaning::kTimestamp);
  EXPECT_THAT(values<std::int64_t>(table, "time"),
              ElementsAre(1'577'836'801'000'000'000, 1'577'836'802'000'000'000, 0));
  EXPECT_THAT(table.find("time")->nulls, ElementsAre(0, 0, 1));
  EXPECT_THAT(values<double>(table, "weight"), ElementsAre(0.5, 0, 2));
  EXPECT_EQ(values<std::int64_t>(table, "day")[0], 86'400'000'000'000);
  EXPECT_THAT(values<std::int32_t>(table, "good"), ElementsAre(1, 0, 0));
  EXPECT_THAT(table.find("empty")->nulls, ElementsAre(1, 1, 1));
}

TEST(CsvReader, ATypeThatChangesLateInTheFileIsFoundOut) {
  std::string text = "id,n\n";
  for (int i = 0; i < 300'000; ++i) text += std::to_string(i) + ",5\n";
  text += "x17,0.5\n";
  const std::string path = put("late.csv", text);
  for (const int num_threads : {1, 2}) {
    const Table table = *read(path, {}, num_threads);
    EXPECT_EQ(values<std::string>(table, "id")[299'999], "299999");
    EXPECT_EQ(values<std::string>(table, "id").back(), "x17");
    EXPECT_EQ(values<double>(table, "n").back(), 0.5);
  }
}

TEST(CsvReader, ReadsOtherSeparatorsAndTheNamedColumns) {
  const Table tabs = *read(put("x.tsv", "a\tb\n1,5\t2\n"), {"b", "a"});
  EXPECT_EQ(tabs.columns[0].name, "b");
  EXPECT_THAT(values<std::string>(tabs, "a"), ElementsAre("1,5"));
  const Table semicolons = *read(put("x.csv",
                                     "\xEF\xBB\xBF"
                                     "a;b\r\n1;2\r\n"));
  EXPECT_THAT(values<std::int64_t>(semicolons, "a"), ElementsAre(1));
}

TEST(CsvReader, ReadsGzip) {
  const std::string text = "a,b\n1,2\n3,4\n";
  const auto codec = arrow::util::Codec::Create(arrow::Compression::GZIP).ValueOrDie();
  std::string packed(1000, '\0');
  const auto size =
      codec->Compress(std::ssize(text), reinterpret_cast<const std::uint8_t*>(text.data()),
                      std::ssize(packed), reinterpret_cast<std::uint8_t*>(packed.data()));
  packed.resize(static_cast<std::size_t>(size.ValueOrDie()));
  EXPECT_THAT(values<std::int64_t>(*read(put("x.csv.gz", packed)), "b"), ElementsAre(2, 4));
  const auto cut = read(put("cut.csv.gz", packed.substr(0, packed.size() - 12)));
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(cut.status().message(), HasSubstr("cut.csv.gz"));
}

void expect_error(const std::string& text, const std::vector<std::string>& columns,
                  const std::vector<std::string>& words) {
  const std::string path = put("wrong.csv", text);
  const auto table = read(path, columns);
  ASSERT_FALSE(table.ok()) << text;
  EXPECT_EQ(table.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(table.status().message(), HasSubstr(path));
  for (const std::string& word : words) EXPECT_THAT(table.status().message(), HasSubstr(word));
}

TEST(CsvReader, WrongFilesAreSentences) {
  EXPECT_EQ(read("/nonexistent/x.csv").status().kind(), StatusKind::kFailed);
  expect_error("", {}, {"empty (0 bytes)"});
  expect_error("1,2,3\n4,5,6\n", {}, {"no header", "'1,2,3'"});
  expect_error("a,,b\n1,2,3\n", {}, {"column 2 has no name"});
  expect_error("a,b,a\n1,2,3\n", {}, {"two columns called 'a'"});
  expect_error("user,item\n1,2\n", {"users"}, {"called 'users'", "did you mean 'user'?"});
  expect_error("a,b\n1,2\n3\n5,6\n", {}, {"Row #3", "Expected 2 columns, got 1"});
  expect_error("a,b\n1,\"2\n3,4\n", {}, {"quote opened in line 2 is never closed"});
  expect_error(std::string("PAR1\0\0\0", 7), {}, {"is not text"});
}

TEST(CsvReader, AHeaderAloneIsATableWithoutRows) {
  const Table table = *read(put("header.csv", "a,b\n"));
  EXPECT_EQ(table.columns.size(), 2U);
  EXPECT_EQ(table.num_rows(), 0U);
}

}  // namespace
}  // namespace crossfade
