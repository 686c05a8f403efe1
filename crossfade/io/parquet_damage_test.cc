// Damaged Parquet files: bits flipped and bytes cut off at seeded places, never a crash.
//
// With page checksums every single flip inside a page is detected, or hit bytes that mean nothing
// (the decoded table is equal). Without them a flip may change a value; it must not do more.
#include <arrow/builder.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <fstream>

#include "crossfade/base/rng.h"
#include "crossfade/io/page_scan.h"
#include "crossfade/io/parquet_reader.h"
#include "crossfade/io/parquet_writer.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

// Two row groups of every type that is read, with nulls, small enough that a few hundred flips meet
// every part of the file.
Table small_table() {
  constexpr std::size_t kRows = 200;
  Rng rng(3);
  std::vector<std::int32_t> users(kRows);
  std::vector<std::int64_t> times(kRows);
  std::vector<float> weights(kRows);
  std::vector<double> prices(kRows);
  std::vector<std::string> names(kRows);
  std::vector<std::uint8_t> nulls(kRows);
  Lists<std::int64_t> artists;
  Lists<std::string> genres;
  Lists<float> vectors;
  for (std::size_t i = 0; i < kRows; ++i) {
    users[i] = static_cast<std::int32_t>(rng.below(40));
    times[i] = static_cast<std::int64_t>(rng.below(1'000'000'000));
    weights[i] = static_cast<float>(rng.below(5));
    prices[i] = rng.uniform();
    nulls[i] = rng.below(4) == 0 ? 1 : 0;
    if (nulls[i] == 0) names[i] = "item " + std::to_string(rng.below(30));
    artists.push_back(std::vector<std::int64_t>(nulls[i] == 0 ? rng.below(4) : 0, users[i]));
    genres.push_back(std::vector<std::string>(rng.below(3), "genre"));
    vectors.push_back(std::vector<float>(4, weights[i]));
  }
  Table table;
  table.columns.push_back({"user", std::move(users), {}, {}});
  table.columns.push_back({"time", std::move(times), Column::Meaning::kTimestamp, {}});
  table.columns.push_back({"weight", std::move(weights), {}, {}});
  table.columns.push_back({"price", std::move(prices), {}, {}});
  table.columns.push_back({"artists", std::move(artists), {}, nulls});
  table.columns.push_back({"genres", std::move(genres), {}, {}});
  table.columns.push_back({"vector", std::move(vectors), {}, {}});
  table.columns.push_back({"name", std::move(names), {}, std::move(nulls)});
  return table;
}

// Without waiting for the disk: this happens hundreds of times.
void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string checked_file() {
  TestContext test;
  const std::string path = fresh_path("checked.parquet");
  ParquetWriteOptions options;
  options.row_group_rows = 120;
  EXPECT_TRUE(write_parquet(small_table(), path, test.context, options).ok());
  return *read_file(path);
}

// The same kinds of columns as other tools write them: no checksums.
std::string unchecked_file() {
  arrow::Int32Builder users;
  arrow::StringBuilder names;
  const auto artist = std::make_shared<arrow::Int64Builder>();
  arrow::ListBuilder artists(arrow::default_memory_pool(), artist);
  arrow::TimestampBuilder times(arrow::timestamp(arrow::TimeUnit::MICRO),
                                arrow::default_memory_pool());
  Rng rng(4);
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(users.Append(static_cast<std::int32_t>(rng.below(40))).ok());
    EXPECT_TRUE(times.Append(static_cast<std::int64_t>(rng.below(1'000'000'000))).ok());
    EXPECT_TRUE((rng.below(4) == 0 ? names.AppendNull()
                                   : names.Append("item " + std::to_string(rng.below(30))))
                    .ok());
    EXPECT_TRUE((i % 9 == 0 ? artists.AppendNull() : artists.Append()).ok());
    for (std::uint64_t count = i % 9 == 0 ? 0 : rng.below(4); count > 0; --count)
      EXPECT_TRUE((count == 2 ? artist->AppendNull() : artist->Append(i)).ok());
  }
  const auto table = arrow::Table::Make(
      arrow::schema({arrow::field("user", arrow::int32()), arrow::field("name", arrow::utf8()),
                     arrow::field("artists", arrow::list(arrow::int64())),
                     arrow::field("time", arrow::timestamp(arrow::TimeUnit::MICRO))}),
      {users.Finish().ValueOrDie(), names.Finish().ValueOrDie(), artists.Finish().ValueOrDie(),
       times.Finish().ValueOrDie()});
  auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  EXPECT_TRUE(
      parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink, /*chunk_size=*/120)
          .ok());
  return sink->Finish().ValueOrDie()->ToString();
}

bool equal(const Table& a, const Table& b) {
  if (a.columns.size() != b.columns.size()) return false;
  for (std::size_t c = 0; c < a.columns.size(); ++c) {
    const Column &left = a.columns[c], &right = b.columns[c];
    if (left.name != right.name || left.values != right.values || left.nulls != right.nulls)
      return false;
  }
  return true;
}

// Where the bodies of all pages lie: what checksums protect.
std::vector<bool> mark_page_bodies(const std::string& bytes) {
  std::vector<bool> protected_bytes(bytes.size());
  const auto reader = parquet::ParquetFileReader::Open(
      std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(bytes)));
  const auto metadata = reader->metadata();
  for (int g = 0; g < metadata->num_row_groups(); ++g)
    for (int c = 0; c < metadata->num_columns(); ++c) {
      const auto chunk = metadata->RowGroup(g)->ColumnChunk(c);
      std::int64_t start = chunk->data_page_offset();
      if (chunk->has_dictionary_page()) start = std::min(start, chunk->dictionary_page_offset());
      const auto scan = *scan_pages(bytes, start, chunk->num_values());
      for (const auto& [begin, end] : scan.bodies)
        std::fill(protected_bytes.begin() + begin, protected_bytes.begin() + end, true);
    }
  return protected_bytes;
}

TEST(ParquetDamage, WithChecksumsEveryFlipInAPageIsDetected) {
  TestContext test;
  const std::string bytes = checked_file();
  const std::string path = fresh_path("flipped.parquet");
  const std::vector<bool> is_body = mark_page_bodies(bytes);
  Rng rng(1);
  int detected = 0, in_pages = 0;
  for (int i = 0; i < 900; ++i) {
    std::string flipped = bytes;
    const auto at = rng.below(bytes.size());
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << rng.below(8)));
    put(path, flipped);
    const auto table = read_parquet(path, {}, test.context);
    if (table.ok()) {
      EXPECT_TRUE(table->check().ok());
    }
    if (!is_body[at]) continue;
    ++in_pages;
    detected += table.ok() ? 0 : 1;
    EXPECT_FALSE(table.ok()) << "byte " << at;
  }
  EXPECT_GT(in_pages, 200);  // the test means something
  EXPECT_EQ(detected, in_pages);
}

TEST(ParquetDamage, WithoutChecksumsAFlipNeverCrashes) {
  TestContext test;
  const std::string bytes = unchecked_file();
  const std::string path = fresh_path("flipped.parquet");
  Rng rng(2);
  int errors = 0;
  for (int i = 0; i < 900; ++i) {
    std::string flipped = bytes;
    for (std::uint64_t flips = 1 + rng.below(3); flips > 0; --flips) {
      const auto at = rng.below(bytes.size());
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << rng.below(8)));
    }
    put(path, flipped);
    const auto table = read_parquet(path, {}, test.context);
    if (table.ok()) {
      EXPECT_TRUE(table->check().ok());
      EXPECT_EQ(table->num_rows(), 200U);
    } else {
      ++errors;
      EXPECT_NE(table.status().message().find(path), std::string::npos) << table.status().message();
    }
  }
  EXPECT_GT(errors, 50);
}

TEST(ParquetDamage, EveryTruncationIsDetected) {
  TestContext test;
  const std::string bytes = checked_file();
  const std::string path = fresh_path("cut.parquet");
  Rng rng(5);
  for (int i = 0; i < 200; ++i) {
    put(path, bytes.substr(0, rng.below(bytes.size())));
    const auto table = read_parquet(path, {}, test.context);
    ASSERT_FALSE(table.ok());
    EXPECT_EQ(table.status().kind(), StatusKind::kDataInvalid);
  }
}

TEST(ParquetDamage, TheUndamagedFilesAreRead) {
  TestContext test;
  const std::string path = fresh_path("good.parquet");
  ASSERT_TRUE(write_file(path, checked_file()).ok());
  EXPECT_TRUE(equal(*read_parquet(path, {}, test.context), small_table()));
  ASSERT_TRUE(write_file(path, unchecked_file()).ok());
  EXPECT_EQ(read_parquet(path, {}, test.context)->num_rows(), 200U);
}

}  // namespace
}  // namespace crossfade
