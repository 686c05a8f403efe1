// The streams of every kind of file against each other: the same rows, however they come.
#include "crossfade/io/table_stream.h"

#include <arrow/buffer.h>
#include <arrow/io/compressed.h>
#include <arrow/io/memory.h>
#include <arrow/util/compression.h>
#include <gmock/gmock.h>

#include "crossfade/base/rng.h"
#include "crossfade/io/parquet_writer.h"
#include "crossfade/io/table_reader.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using As = WantedColumn::As;

std::string put(const std::string& name, const std::string& text) {
  const std::string path = fresh_path(name);
  EXPECT_TRUE(write_file(path, text).ok());
  return path;
}

std::string packed(const std::string& text, arrow::Compression::type type) {
  auto codec = arrow::util::Codec::Create(type).ValueOrDie();
  auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  auto stream = arrow::io::CompressedOutputStream::Make(codec.get(), sink).ValueOrDie();
  EXPECT_TRUE(stream->Write(text).ok());
  EXPECT_TRUE(stream->Close().ok());
  return sink->Finish().ValueOrDie()->ToString();
}

// All rows, and how many blocks they came in.
Result<Table> read_all(const std::string& path, const std::vector<WantedColumn>& wanted,
                       std::int64_t block_rows = 1000, int* blocks = nullptr,
                       std::int64_t skipped = 0) {
  TestContext test;
  CROSSFADE_ASSIGN_OR_RETURN(const auto stream, open_table_stream(path, block_rows, test.context));
  CROSSFADE_RETURN_IF_ERROR(stream->select(wanted, test.context));
  if (skipped > 0) CROSSFADE_RETURN_IF_ERROR(stream->skip(skipped, test.context));
  Table table = stream->layout();
  for (int count = 1;; ++count) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto block, stream->next(test.context));
    if (!block) return table;
    EXPECT_TRUE(block->check().ok());
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      EXPECT_EQ(block->columns[c].values.index(), table.columns[c].values.index());
      append_rows(table.columns[c], block->columns[c]);
    }
    if (blocks) *blocks = count;
  }
}

Table planted(std::size_t rows) {
  std::vector<std::int32_t> users(rows);
  std::vector<std::int64_t> times(rows);
  std::vector<double> weights(rows);
  std::vector<std::string> names(rows);
  std::vector<std::uint8_t> nulls(rows);
  Lists<std::int64_t> lists;
  Rng rng(5);
  for (std::size_t row = 0; row < rows; ++row) {
    users[row] = static_cast<std::int32_t>(rng.below(1000));
    times[row] = static_cast<std::int64_t>(rng.below(1'000'000));
    weights[row] = static_cast<double>(rng.below(8)) / 4;
    nulls[row] = rng.below(9) == 0 ? 1 : 0;
    if (nulls[row] == 0) names[row] = "n" + std::to_string(rng.below(20));
    lists.push_back(std::vector<std::int64_t>(rng.below(3), users[row]));
  }
  Table table;
  table.columns.push_back({"user", std::move(users), {}, {}});
  table.columns.push_back({"time", std::move(times), Column::Meaning::kTimestamp, {}});
  table.columns.push_back({"weight", std::move(weights), {}, {}});
  table.columns.push_back({"name", std::move(names), {}, std::move(nulls)});
  table.columns.push_back({"list", std::move(lists), {}, {}});
  return table;
}

TEST(TableStream, ParquetBlocksAreTheFileForEveryGroupAndBlockSize) {
  TestContext test;
  const Table table = planted(5000);
  int number = 0;
  for (const std::int64_t group_rows : {70, 999, 5000}) {
    const std::string path = fresh_path(std::to_string(number++) + ".parquet");
    ParquetWriteOptions options;
    options.row_group_rows = group_rows;
    ASSERT_TRUE(write_parquet(table, path, test.context, options).ok());
    for (const std::int64_t block_rows : {1, 64, 1000, 100'000}) {
      if (block_rows == 1 && group_rows > 70) continue;
      int blocks = 0;
      const Table flat =
          *read_all(path, {{"user", As::kInt64}, {"time"}, {"weight", As::kFloat}, {"name"}},
                    block_rows, &blocks);
      EXPECT_GE(blocks * (block_rows + block_rows / 2), 5000) << group_rows << " " << block_rows;
      const auto& users = std::get<std::vector<std::int64_t>>(flat.columns[0].values);
      const auto& expected = std::get<std::vector<std::int32_t>>(table.columns[0].values);
      EXPECT_TRUE(std::equal(users.begin(), users.end(), expected.begin(), expected.end()));
      EXPECT_EQ(flat.columns[1].values, table.columns[1].values);
      EXPECT_EQ(flat.columns[1].meaning, Column::Meaning::kTimestamp);
      const auto& weights = std::get<std::vector<float>>(flat.columns[2].values);
      const auto& doubles = std::get<std::vector<double>>(table.columns[2].values);
      EXPECT_TRUE(std::equal(weights.begin(), weights.end(), doubles.begin(), doubles.end()));
      EXPECT_EQ(flat.columns[3].values, table.columns[3].values);
      EXPECT_EQ(flat.columns[3].nulls, table.columns[3].nulls);
      const Table lists = *read_all(path, {{"list"}}, block_rows);
      EXPECT_EQ(lists.columns[0].values, table.columns[4].values);
    }
  }
}

TEST(TableStream, SkippedRowsAreThoseInFront) {
  TestContext test;
  const Table table = planted(3000);
  const std::string path = fresh_path("skip.parquet");
  ParquetWriteOptions options;
  options.row_group_rows = 700;
  ASSERT_TRUE(write_parquet(table, path, test.context, options).ok());
  const auto& all = std::get<std::vector<std::int64_t>>(table.columns[1].values);
  for (const std::int64_t skipped : {1, 699, 700, 701, 2999, 3000}) {
    const Table rest = *read_all(path, {{"time"}, {"name"}}, 300, nullptr, skipped);
    EXPECT_EQ(std::get<std::vector<std::int64_t>>(rest.columns[0].values),
              std::vector<std::int64_t>(all.begin() + skipped, all.end()))
        << skipped;
  }
  EXPECT_EQ(read_all(path, {{"time"}}, 300, nullptr, 3001).status().kind(),
            StatusKind::kDataInvalid);
}

TEST(TableStream, TextIsTheSameHoweverItIsPacked) {
  std::string csv = "user,item,weight\n", json;
  for (int row = 0; row < 2000; ++row) {
    csv += std::to_string(row % 50) + ",i" + std::to_string(row) + "," + std::to_string(row % 4) +
           "\n";
    json += R"({"user": )" + std::to_string(row % 50) + R"(, "extra": {"deep": [1]}, "item": "i)" +
            std::to_string(row) + R"(", "weight": )" + std::to_string(row % 4) + "}\n";
  }
  const std::vector<WantedColumn> wanted = {{"user", As::kInt64}, {"item"}, {"weight", As::kFloat}};
  const Table plain = *read_all(put("plain.csv", csv), wanted);
  ASSERT_EQ(plain.num_rows(), 2000U);
  EXPECT_EQ(std::get<std::vector<float>>(plain.columns[2].values)[7], 3);
  int number = 0;
  for (const auto type : {arrow::Compression::GZIP, arrow::Compression::ZSTD,
                          arrow::Compression::BZ2, arrow::Compression::LZ4_FRAME}) {
    const char* end[] = {".gz", ".zst", ".bz2", ".lz4"};
    const std::string name = std::string("packed.csv") + end[number];
    const std::string lines = std::string("packed.jsonl") + end[number++];
    for (const std::string& path : {put(name, packed(csv, type)), put(lines, packed(json, type))}) {
      const auto table = read_all(path, wanted);
      ASSERT_TRUE(table.ok()) << table.status().message();
      for (std::size_t c = 0; c < 3; ++c)
        EXPECT_EQ(table->columns[c].values, plain.columns[c].values) << path;
    }
    const auto cut = read_all(put("cut" + name, packed(csv, type).substr(0, 40)), wanted);
    EXPECT_EQ(cut.status().kind(), StatusKind::kDataInvalid) << name;
  }
  const Table rest = *read_all(put("rest.jsonl", json), wanted, 1000, nullptr, 2000);
  EXPECT_EQ(rest.num_rows(), 0U);
}

TEST(TableStream, JsonMembersOfMembersAreDotted) {
  const std::string path = put(
      "deep.jsonl", R"({"user": {"id": 7, "name": "Zoë"}, "at": "2020-01-31 13:45:00", "ok": true})"
                    "\n"
                    R"({"user": {"id": 8}, "at": "2020-01-31T13:45:01Z"})"
                    "\n"
                    R"({"user": null, "at": null, "ok": false})"
                    "\n");
  const auto table = read_all(path, {{"user.id", As::kInt64}, {"user.name"}, {"at"}, {"ok"}});
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_THAT(std::get<std::vector<std::int64_t>>(table->columns[0].values), ElementsAre(7, 8, 0));
  EXPECT_THAT(table->columns[0].nulls, ElementsAre(0, 0, 1));
  EXPECT_THAT(std::get<std::vector<std::string>>(table->columns[1].values),
              ElementsAre("Zoë", "", ""));
  EXPECT_EQ(table->columns[2].meaning, Column::Meaning::kTimestamp);
  EXPECT_EQ(std::get<std::vector<std::int64_t>>(table->columns[2].values)[1],
            1'580'478'301'000'000'000);
  EXPECT_THAT(std::get<std::vector<std::int32_t>>(table->columns[3].values), ElementsAre(1, 0, 0));
  TestContext test;
  EXPECT_EQ(read_table(path, {}, test.context)->columns.size(), 4U);
}

TEST(TableStream, WrongLinesAreSentences) {
  const std::vector<WantedColumn> wanted = {{"user", As::kInt64}, {"weight", As::kFloat}};
  const auto message = [&](const std::string& name, const std::string& text) {
    const auto table = read_all(put(name, text), wanted);
    EXPECT_EQ(table.status().kind(), StatusKind::kDataInvalid) << text;
    return table.status().message();
  };
  EXPECT_THAT(message("a.jsonl", "{\"user\": 1}\n"), HasSubstr("no column called 'weight'"));
  EXPECT_THAT(message("b.jsonl", "{\"user\": 1, \"weight\": 2}\n{\"user\": \"x\"}\n"),
              HasSubstr("changed from number to string in row 1"));
  EXPECT_THAT(message("c.jsonl", "{\"user\": 1, \"weight\": 2}\n{\"user\": 1,\n"),
              HasSubstr("c.jsonl"));
  EXPECT_THAT(message("d.jsonl", "[1, 2]\n"), HasSubstr("one object in every line"));
  EXPECT_THAT(message("e.jsonl", ""), HasSubstr("is empty"));
  EXPECT_THAT(message("f.csv", "user,weight\n1,2\n2\n"), HasSubstr("Expected 2 columns, got 1"));
  EXPECT_THAT(message("g.csv", "user,weight\n1,2\n2,much\n"), HasSubstr("much"));
  EXPECT_THAT(message("h.csv", "user,weight\n1,2\n\"2,3\n"),
              HasSubstr("a quote opened in line 3 is never closed"));
}

}  // namespace
}  // namespace crossfade
