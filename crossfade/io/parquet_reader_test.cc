// Parquet files written by Arrow itself, so that our writer cannot hide a mistake of our reader.
#include "crossfade/io/parquet_reader.h"

#include <arrow/array.h>
#include <arrow/io/memory.h>
#include <arrow/json/from_string.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <limits>

#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Field {
  std::string name;
  std::shared_ptr<arrow::DataType> type;
  std::string json;  // the values, as a JSON array
};

struct WriteAs {
  std::int64_t group_rows = 1 << 20;
  bool checksums = false;
  bool int96 = false;
};

std::string write_file_of(const std::vector<Field>& fields, const WriteAs& how = {}) {
  arrow::FieldVector schema;
  arrow::ArrayVector arrays;
  for (const Field& field : fields) {
    schema.push_back(arrow::field(field.name, field.type));
    arrays.push_back(arrow::json::ArrayFromJSONString(field.type, field.json).ValueOrDie());
  }
  const auto table = arrow::Table::Make(arrow::schema(schema), arrays);
  auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  parquet::WriterProperties::Builder properties;
  if (how.checksums) properties.enable_page_checksum();
  parquet::ArrowWriterProperties::Builder arrow_properties;
  arrow_properties.store_schema();
  if (how.int96) arrow_properties.enable_deprecated_int96_timestamps();
  EXPECT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink, how.group_rows,
                                         properties.build(), arrow_properties.build())
                  .ok());
  const std::string path = fresh_path("file.parquet");
  EXPECT_TRUE(write_file(path, sink->Finish().ValueOrDie()->ToString()).ok());
  return path;
}

Result<Table> read(const std::string& path, const std::vector<std::string>& columns = {},
                   ReadReport* report = nullptr) {
  TestContext test;
  return read_parquet(path, columns, test.context, report);
}

template <class T>
const std::vector<T>& values(const Table& table, const std::string& name) {
  return std::get<std::vector<T>>(table.find(name)->values);
}

TEST(ParquetReader, ReadsEveryIntegerFloatAndBool) {
  const Table table = *read(write_file_of({{"i8", arrow::int8(), "[-128, 127]"},
                                           {"i16", arrow::int16(), "[-32768, 32767]"},
                                           {"i32", arrow::int32(), "[-2147483648, 2147483647]"},
                                           {"u8", arrow::uint8(), "[0, 255]"},
                                           {"u16", arrow::uint16(), "[0, 65535]"},
                                           {"b", arrow::boolean(), "[true, false]"},
                                           {"u32", arrow::uint32(), "[0, 4294967295]"},
                                           {"i64", arrow::int64(), "[-5, 5000000000]"},
                                           {"u64", arrow::uint64(), "[0, 9223372036854775807]"},
                                           {"f", arrow::float32(), "[0.5, -1.25]"},
                                           {"d", arrow::float64(), "[0.1, 1e300]"}}));
  EXPECT_TRUE(table.check().ok());
  EXPECT_THAT(values<std::int32_t>(table, "i8"), ElementsAre(-128, 127));
  EXPECT_THAT(values<std::int32_t>(table, "i16"), ElementsAre(-32768, 32767));
  EXPECT_THAT(values<std::int32_t>(table, "i32"), ElementsAre(INT32_MIN, INT32_MAX));
  EXPECT_THAT(values<std::int32_t>(table, "u8"), ElementsAre(0, 255));
  EXPECT_THAT(values<std::int32_t>(table, "u16"), ElementsAre(0, 65535));
  EXPECT_THAT(values<std::int32_t>(table, "b"), ElementsAre(1, 0));
  EXPECT_THAT(values<std::int64_t>(table, "u32"), ElementsAre(0, 4294967295));
  EXPECT_THAT(values<std::int64_t>(table, "i64"), ElementsAre(-5, 5000000000));
  EXPECT_THAT(values<std::int64_t>(table, "u64"), ElementsAre(0, INT64_MAX));
  EXPECT_THAT(values<float>(table, "f"), ElementsAre(0.5F, -1.25F));
  EXPECT_THAT(values<double>(table, "d"), ElementsAre(0.1, 1e300));
  for (const Column& column : table.columns) {
    EXPECT_EQ(column.meaning, Column::Meaning::kPlain) << column.name;
    EXPECT_TRUE(column.nulls.empty()) << column.name;
  }
}

TEST(ParquetReader, ReadsTextPlainLargeBinaryAndDictionaryEncoded) {
  const std::string json = R"(["a", "", "a longer text than fits a small string", "a"])";
  const Table table =
      *read(write_file_of({{"s", arrow::utf8(), json},
                           {"large", arrow::large_utf8(), json},
                           {"bin", arrow::binary(), json},
                           {"dict", arrow::dictionary(arrow::int32(), arrow::utf8()), json}}));
  for (const Column& column : table.columns)
    EXPECT_THAT(std::get<std::vector<std::string>>(column.values),
                ElementsAre("a", "", "a longer text than fits a small string", "a"))
        << column.name;
}

TEST(ParquetReader, TurnsEveryTimeIntoNanoseconds) {
  const auto second = arrow::timestamp(arrow::TimeUnit::SECOND);
  const Table table =
      *read(write_file_of({{"s", second, "[1, -1]"},
                           {"ms", arrow::timestamp(arrow::TimeUnit::MILLI), "[1001, -1]"},
                           {"us", arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"), "[1000001, -1]"},
                           {"ns", arrow::timestamp(arrow::TimeUnit::NANO), "[1000000001, -1]"},
                           {"d32", arrow::date32(), "[1, -1]"},
                           {"d64", arrow::date64(), "[86400000, -86400000]"}}));
  EXPECT_THAT(values<std::int64_t>(table, "s"), ElementsAre(1'000'000'000, -1'000'000'000));
  EXPECT_THAT(values<std::int64_t>(table, "ms"), ElementsAre(1'001'000'000, -1'000'000));
  EXPECT_THAT(values<std::int64_t>(table, "us"), ElementsAre(1'000'001'000, -1'000));
  EXPECT_THAT(values<std::int64_t>(table, "ns"), ElementsAre(1'000'000'001, -1));
  EXPECT_THAT(values<std::int64_t>(table, "d32"),
              ElementsAre(86'400'000'000'000, -86'400'000'000'000));
  EXPECT_THAT(values<std::int64_t>(table, "d64"),
              ElementsAre(86'400'000'000'000, -86'400'000'000'000));
  for (const Column& column : table.columns)
    EXPECT_EQ(column.meaning, Column::Meaning::kTimestamp) << column.name;
}

TEST(ParquetReader, ReadsTimesOfOldSpark) {
  WriteAs how;
  how.int96 = true;
  const Table table = *read(write_file_of(
      {{"t", arrow::timestamp(arrow::TimeUnit::NANO), "[1500000000123456789, -1, null]"}}, how));
  EXPECT_THAT(values<std::int64_t>(table, "t"), ElementsAre(1500000000123456789, -1, 0));
  EXPECT_THAT(table.columns[0].nulls, ElementsAre(0, 0, 1));
}

TEST(ParquetReader, TimesBeyondNanosecondsAreClampedAndNoted) {
  ReadReport report;
  // 9999-12-31 in microseconds, a usual "never".
  const Table table = *read(write_file_of({{"until", arrow::timestamp(arrow::TimeUnit::MICRO),
                                            "[253402214400000000, 5, -253402214400000000]"}}),
                            {}, &report);
  EXPECT_THAT(values<std::int64_t>(table, "until"), ElementsAre(INT64_MAX, 5000, INT64_MIN));
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_THAT(report.notes[0], HasSubstr("column 'until': 2 times lie outside"));
}

TEST(ParquetReader, MarksNullsInEveryTypeAndRowGroup) {
  WriteAs how;
  how.group_rows = 3;  // nulls in the second group only, first and last row of it
  const Table table =
      *read(write_file_of({{"i", arrow::int32(), "[1, 2, 3, null, 5, null, 7]"},
                           {"s", arrow::utf8(), R"(["a", "b", "c", null, "e", null, "g"])"},
                           {"b", arrow::boolean(), "[true, true, true, null, true, null, true]"},
                           {"d", arrow::date32(), "[1, 1, 1, null, 1, null, 1]"},
                           {"none", arrow::null(), "[null, null, null, null, null, null, null]"}},
                          how));
  EXPECT_TRUE(table.check().ok());
  for (const char* name : {"i", "s", "b", "d"})
    EXPECT_THAT(table.find(name)->nulls, ElementsAre(0, 0, 0, 1, 0, 1, 0)) << name;
  EXPECT_THAT(values<std::int32_t>(table, "i"), ElementsAre(1, 2, 3, 0, 5, 0, 7));
  EXPECT_THAT(values<std::string>(table, "s"), ElementsAre("a", "b", "c", "", "e", "", "g"));
  EXPECT_THAT(table.find("none")->nulls, ElementsAre(1, 1, 1, 1, 1, 1, 1));
}

TEST(ParquetReader, ReadsTheNamedColumnsInTheirOrder) {
  const Table table = *read(write_file_of({{"a", arrow::int32(), "[1]"},
                                           {"list", arrow::list(arrow::int32()), "[[1, 2]]"},
                                           {"c", arrow::int32(), "[3]"}}),
                            {"c", "a"});
  ASSERT_EQ(table.columns.size(), 2U);
  EXPECT_EQ(table.columns[0].name, "c");
  EXPECT_THAT(values<std::int32_t>(table, "c"), ElementsAre(3));
  EXPECT_THAT(values<std::int32_t>(table, "a"), ElementsAre(1));
}

TEST(ParquetReader, SaysWhetherPagesCarryChecksums) {
  const std::vector<Field> fields = {{"a", arrow::int32(), "[1, 2, 3]"},
                                     {"s", arrow::utf8(), R"(["a", "b", "a"])"}};
  ReadReport report;
  ASSERT_TRUE(read(write_file_of(fields), {}, &report).ok());
  EXPECT_EQ(report.checksum_text(), "no checksums");
  EXPECT_EQ(report.rows, 3);
  EXPECT_EQ(report.pages, 4);  // a dictionary and a data page for each column
  WriteAs how;
  how.checksums = true;
  ReadReport checked;
  ASSERT_TRUE(read(write_file_of(fields, how), {}, &checked).ok());
  EXPECT_EQ(checked.checksum_text(), "page checksums verified");
}

TEST(ParquetReader, AFileWithoutRowsIsATableWithoutRows) {
  const Table table =
      *read(write_file_of({{"a", arrow::int32(), "[]"}, {"s", arrow::utf8(), "[]"}}));
  EXPECT_EQ(table.columns.size(), 2U);
  EXPECT_EQ(table.num_rows(), 0U);
}

TEST(ParquetReader, StopsWhenAsked) {
  TestContext test;
  test.stop = true;
  const auto table = read_parquet(write_file_of({{"a", arrow::int32(), "[1]"}}), {}, test.context);
  EXPECT_EQ(table.status().kind(), StatusKind::kInterrupted);
}

// Every sentence: which kind of error, and words it has to hold.
void expect_error(const Result<Table>& result, StatusKind kind,
                  const std::vector<std::string>& words) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().kind(), kind) << result.status().message();
  for (const std::string& word : words) EXPECT_THAT(result.status().message(), HasSubstr(word));
}

TEST(ParquetReader, WrongFilesAreSentences) {
  expect_error(read("/nonexistent/log.parquet"), StatusKind::kFailed,
               {"/nonexistent/log.parquet", "No such file"});
  expect_error(read(testing::TempDir()), StatusKind::kFailed, {"not a regular file"});
  const std::string path = fresh_path("wrong.parquet");
  ASSERT_TRUE(write_file(path, "").ok());
  expect_error(read(path), StatusKind::kDataInvalid, {path, "empty (0 bytes)"});
  ASSERT_TRUE(write_file(path, "user_id,item_id\n1,2\n").ok());
  expect_error(read(path), StatusKind::kDataInvalid, {path, "'user_id,item_id'", ".csv"});
  ASSERT_TRUE(write_file(path, std::string("\x7F\x45\x4C\x46\x00\x01", 6)).ok());
  expect_error(read(path), StatusKind::kDataInvalid, {path, "does not begin with PAR1"});
  ASSERT_TRUE(write_file(path, "PAR1PAR1").ok());
  expect_error(read(path), StatusKind::kDataInvalid, {path, "cut off"});
  ASSERT_TRUE(write_file(path, "PAR1----\xFF\xFF\xFF\x7FPAR1").ok());
  expect_error(read(path), StatusKind::kDataInvalid, {path, "longer than the file"});
  ASSERT_TRUE(write_file(path, "PARE--------PARE").ok());
  expect_error(read(path), StatusKind::kDataInvalid, {path, "encrypted"});
}

TEST(ParquetReader, ACutOffFileIsSaidToBe) {
  const std::string path = write_file_of({{"a", arrow::int32(), "[1, 2]"}});
  const std::string bytes = *read_file(path);
  ASSERT_TRUE(write_file(path, bytes.substr(0, bytes.size() - 1)).ok());
  expect_error(read(path), StatusKind::kDataInvalid, {path, "cut off"});
}

TEST(ParquetReader, WrongColumnsAreSentences) {
  const std::string path = write_file_of(
      {{"user_id", arrow::int32(), "[1]"},
       {"tags", arrow::list(arrow::boolean()), "[[true]]"},
       {"price", arrow::decimal128(10, 2), R"(["1.25"])"},
       {"at", arrow::time64(arrow::TimeUnit::MICRO), "[5]"},
       {"place", arrow::struct_({arrow::field("x", arrow::int32())}), R"([{"x": 1}])"},
       {"big", arrow::uint64(), "[18446744073709551615]"}});
  expect_error(read(path, {"user_ids"}), StatusKind::kDataInvalid,
               {path, "no column called 'user_ids'", "did you mean 'user_id'?", "price"});
  expect_error(read(path, {"tags"}), StatusKind::kDataInvalid, {path, "'tags' has type list"});
  expect_error(read(path, {"price"}), StatusKind::kDataInvalid, {"'price'", "decimal(10, 2)"});
  expect_error(read(path, {"at"}), StatusKind::kDataInvalid, {"'at'", "time of day"});
  expect_error(read(path, {"place"}), StatusKind::kDataInvalid, {"'place'", "struct"});
  expect_error(read(path), StatusKind::kDataInvalid, {"'tags'", "name the columns to read"});
  expect_error(read(path, {"big"}), StatusKind::kDataInvalid,
               {"column 'big', row group 0", "2^63"});
}

TEST(ParquetReader, AColumnNamedTwiceIsRefused) {
  const std::string path =
      write_file_of({{"a", arrow::int32(), "[1]"}, {"a", arrow::int32(), "[2]"}});
  expect_error(read(path), StatusKind::kDataInvalid, {path, "two columns called 'a'"});
}

}  // namespace
}  // namespace crossfade
