// ColumnWriter: the same file and checksum as when the column is written at once.
#include "crossfade/base/column_writer.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace crossfade {
namespace {

class ColumnWriterTest : public testing::TestWithParam<int> {};

TEST_P(ColumnWriterTest, PiecesMakeTheWhole) {
  std::vector<std::int64_t> values(100'000);
  std::iota(values.begin(), values.end(), -7);
  const std::string whole = testing::TempDir() + "whole.npy", parts = testing::TempDir() + "p.npy";
  ASSERT_TRUE(write_npy<std::int64_t>(whole, values).ok());
  ColumnWriter column = *ColumnWriter::create<std::int64_t>(parts, GetParam());
  const std::span<const std::int64_t> all(values);
  for (std::size_t at = 0; at < values.size(); at += 70'000)
    ASSERT_TRUE(
        column.append(all.subspan(at, std::min<std::size_t>(70'000, all.size() - at))).ok());
  const FileDigest digest = *column.finish(Sync::kNo);
  const std::string bytes = *read_file(whole);
  EXPECT_EQ(*read_file(parts), bytes);
  EXPECT_EQ(digest.bytes, static_cast<std::int64_t>(bytes.size()));
  EXPECT_EQ(digest.sha256, sha256_hex(bytes));
}

INSTANTIATE_TEST_SUITE_P(Expected, ColumnWriterTest, testing::Values(100'000, 100'001, 0));

}  // namespace
}  // namespace crossfade
