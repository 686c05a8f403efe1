// Columns of lists: as Arrow writes them, as we write them, and what is missing in them.
#include <arrow/array.h>
#include <arrow/io/memory.h>
#include <arrow/json/from_string.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>

#include <cmath>

#include "crossfade/base/rng.h"
#include "crossfade/io/parquet_reader.h"
#include "crossfade/io/parquet_writer.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string arrow_file(const std::shared_ptr<arrow::DataType>& type, const std::string& json,
                       std::int64_t group_rows = 3) {
  const auto array = arrow::json::ArrayFromJSONString(type, json).ValueOrDie();
  const auto table = arrow::Table::Make(arrow::schema({arrow::field("l", type)}), {array});
  auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  EXPECT_TRUE(
      parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink, group_rows).ok());
  const std::string path = fresh_path("lists.parquet");
  EXPECT_TRUE(write_file(path, sink->Finish().ValueOrDie()->ToString()).ok());
  return path;
}

Table read(const std::string& path, ReadReport* report = nullptr) {
  TestContext test;
  auto table = read_parquet(path, {}, test.context, report);
  EXPECT_TRUE(table.ok()) << table.status().message();
  if (!table.ok()) return {};
  EXPECT_TRUE(table->check().ok());
  return *std::move(table);
}

template <class T>
const Lists<T>& lists_of(const Table& table) {
  return std::get<Lists<T>>(table.columns[0].values);
}

TEST(ParquetList, IntegersOfEveryWidthWithNullsAndEmptyLists) {
  for (const auto& type : {arrow::int8(), arrow::int32(), arrow::uint32(), arrow::int64()}) {
    ReadReport report;
    const Table table = read(
        arrow_file(arrow::list(type), "[[1, 2], [], null, [3, null, 4], [null], [5]]"), &report);
    EXPECT_THAT(lists_of<std::int64_t>(table).offsets, ElementsAre(0, 2, 2, 2, 4, 4, 5));
    EXPECT_THAT(lists_of<std::int64_t>(table).values, ElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(table.columns[0].nulls, ElementsAre(0, 0, 1, 0, 0, 0));
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_THAT(report.notes[0], HasSubstr("'l': 2 missing values inside lists were left out"));
  }
}

TEST(ParquetList, VectorsKeepTheirPlacesWithNaN) {
  const Table table = read(arrow_file(arrow::fixed_size_list(arrow::float32(), 2),
                                      "[[1, 2], [3, null], [5, 6], [7, 8]]"));
  const auto& vectors = lists_of<float>(table);
  EXPECT_THAT(vectors.offsets, ElementsAre(0, 2, 4, 6, 8));
  EXPECT_EQ(vectors.values[2], 3);
  EXPECT_TRUE(std::isnan(vectors.values[3]));
  EXPECT_EQ(vectors.values[7], 8);
  EXPECT_TRUE(table.columns[0].nulls.empty());
}

TEST(ParquetList, DoublesBecomeFloatsAndTextStays) {
  EXPECT_THAT(
      lists_of<float>(read(arrow_file(arrow::list(arrow::float64()), "[[0.5], [0.1]]"))).values,
      ElementsAre(0.5F, 0.1F));
  const Table texts =
      read(arrow_file(arrow::large_list(arrow::utf8()), R"([["a", "Ünï"], null, ["", "ま"]])"));
  EXPECT_THAT(lists_of<std::string>(texts).values, ElementsAre("a", "Ünï", "", "ま"));
}

TEST(ParquetList, ListsOfListsAndOfStructsAreNamed) {
  TestContext test;
  const std::string deep = arrow_file(arrow::list(arrow::list(arrow::int32())), "[[[1]]]");
  EXPECT_THAT(read_parquet(deep, {}, test.context).status().message(),
              HasSubstr("'l' has type list, which is not read"));
}

Table planted() {
  Lists<std::int64_t> artists;
  Lists<float> vectors;
  Lists<std::string> genres;
  Rng rng(8);
  std::vector<std::uint8_t> nulls;
  for (std::size_t row = 0; row < 9000; ++row) {
    std::vector<std::int64_t> ids(rng.below(5));
    for (auto& id : ids) id = static_cast<std::int64_t>(rng.below(1000)) - 500;
    std::vector<float> vector(16);
    for (float& value : vector) value = static_cast<float>(rng.uniform());
    nulls.push_back(rng.below(7) == 0 ? 1 : 0);
    if (nulls.back() != 0) ids.clear();
    artists.push_back(ids);
    vectors.push_back(vector);
    genres.push_back(std::vector<std::string>(rng.below(3), "genre " + std::to_string(row % 7)));
  }
  Table table;
  table.columns.push_back({"artists", std::move(artists), {}, nulls});
  table.columns.push_back({"vector", std::move(vectors), {}, {}});
  table.columns.push_back({"genres", std::move(genres), {}, {}});
  return table;
}

TEST(ParquetList, WhatIsWrittenComesBackForAnyNumberOfThreads) {
  const Table table = planted();
  std::string bytes;
  for (const int threads : {1, 2, 4}) {
    TestContext test(threads);
    const std::string path = fresh_path(std::to_string(threads) + ".parquet");
    ParquetWriteOptions options;
    options.row_group_rows = 4000;
    ASSERT_TRUE(write_parquet(table, path, test.context, options).ok());
    ReadReport report;
    const Table back = read(path, &report);
    EXPECT_EQ(report.checksum_text(), "page checksums verified");
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      EXPECT_EQ(back.columns[c].values, table.columns[c].values);
      EXPECT_EQ(back.columns[c].nulls, table.columns[c].nulls);
    }
    if (bytes.empty()) bytes = *read_file(path);
    EXPECT_EQ(bytes, *read_file(path));
  }
}

TEST(ParquetList, ArrowReadsWhatWeWrite) {
  TestContext test;
  const std::string path = fresh_path("ours.parquet");
  ASSERT_TRUE(write_parquet(planted(), path, test.context).ok());
  auto reader =
      parquet::arrow::OpenFile(
          std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(*read_file(path))),
          arrow::default_memory_pool())
          .ValueOrDie();
  const auto table = reader->ReadTable().ValueOrDie();
  ASSERT_TRUE(table->ValidateFull().ok());
  EXPECT_EQ(table->schema()->field(0)->type()->ToString(), "list<element: int64 not null>");
  EXPECT_EQ(table->schema()->field(1)->type()->ToString(), "list<element: float not null>");
  EXPECT_EQ(table->schema()->field(2)->type()->ToString(), "list<element: string not null>");
  const Table ours = planted();
  const auto& genres = static_cast<const arrow::ListArray&>(*table->column(2)->chunk(0));
  EXPECT_EQ(genres.value_length(100),
            std::ssize(std::get<Lists<std::string>>(ours.columns[2].values)[100]));
}

}  // namespace
}  // namespace crossfade
