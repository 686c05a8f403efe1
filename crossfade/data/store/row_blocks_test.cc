// RowBlocks on its own: whatever the blocks, the budget and the range that is read, rows come back
// as a stable sort by key gives them.
#include "crossfade/data/store/row_blocks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "crossfade/base/file.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int32_t kNumKeys = 5000;

struct Rows {
  std::vector<std::int32_t> keys;
  HistoryColumns columns;
};

// Columns whose packed widths differ: all of 8, 4, 2, 1 and 0 bytes, and units of time.
Rows random_rows(std::size_t count, std::uint64_t seed, std::int64_t time_unit) {
  Rows rows;
  Rng rng(seed);
  for (std::size_t row = 0; row < count; ++row) {
    rows.keys.push_back(static_cast<std::int32_t>(rng.uniform() * rng.uniform() * kNumKeys));
    rows.columns.item.push_back(static_cast<ItemIndex>(rng.below(70'000)));
    rows.columns.weight.push_back(static_cast<float>(rng.uniform()) - 0.5F);
    rows.columns.time_ns.push_back((static_cast<std::int64_t>(rng.below(1U << 30)) - (1 << 29)) *
                                   time_unit);
    rows.columns.kind.push_back(7);
    rows.columns.session.push_back(static_cast<std::int64_t>(rng.below(200)) - 100);
  }
  rows.columns.session[0] = std::numeric_limits<std::int64_t>::min();
  rows.columns.session[1] = std::numeric_limits<std::int64_t>::max();
  return rows;
}

template <class T>
std::span<const T> part(const std::vector<T>& column, std::size_t begin, std::size_t end) {
  return std::span<const T>(column).subspan(begin, end - begin);
}

RowBlocks::Block pack(const Rows& rows, std::size_t begin, std::size_t end, ThreadPool* threads) {
  const HistoryColumns& columns = rows.columns;
  return RowBlocks::pack(part(rows.keys, begin, end),
                         {part(columns.item, begin, end), part(columns.weight, begin, end),
                          part(columns.time_ns, begin, end), part(columns.kind, begin, end),
                          part(columns.session, begin, end)},
                         kNumKeys, threads);
}

// The rows of partitions [first, end), by key, then as they came.
std::vector<std::size_t> expected_order(const Rows& rows, std::int64_t first, std::int64_t end) {
  std::vector<std::size_t> order;
  for (std::size_t row = 0; row < rows.keys.size(); ++row)
    if (rows.keys[row] / RowBlocks::kKeysPerPartition >= first &&
        rows.keys[row] / RowBlocks::kKeysPerPartition < end)
      order.push_back(row);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rows.keys[a] < rows.keys[b]; });
  return order;
}

void expect_range(const RowBlocks& blocks, const Rows& rows, std::int64_t first, std::int64_t end) {
  RowBlocks::Scratch scratch;
  KeyedRows read;
  const Status status = blocks.read(first, end, scratch, read);
  ASSERT_TRUE(status.ok()) << status.message();
  const std::vector<std::size_t> order = expected_order(rows, first, end);
  ASSERT_EQ(read.offsets.back(), std::ssize(order));
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto key =
        static_cast<std::size_t>(rows.keys[order[i]] - first * RowBlocks::kKeysPerPartition);
    ASSERT_LE(read.offsets[key], static_cast<std::int64_t>(i));
    ASSERT_GT(read.offsets[key + 1], static_cast<std::int64_t>(i));
    ASSERT_EQ(read.columns.item[i], rows.columns.item[order[i]]);
    ASSERT_EQ(read.columns.weight[i], rows.columns.weight[order[i]]);
    ASSERT_EQ(read.columns.time_ns[i], rows.columns.time_ns[order[i]]);
    ASSERT_EQ(read.columns.kind[i], rows.columns.kind[order[i]]);
    ASSERT_EQ(read.columns.session[i], rows.columns.session[order[i]]);
  }
}

class RowBlocksTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(remove_tree(path_).ok()); }
  void TearDown() override { (void)remove_tree(path_); }

  std::string path_ = testing::TempDir() + "row_blocks_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name();
  TestContext run_;
};

TEST_F(RowBlocksTest, RowsComeBackSortedStably) {
  for (const std::int64_t unit : {1, 1000, 1'000'000'000}) {
    const Rows rows = random_rows(40'000, 3, unit);
    for (const std::int64_t memory : {std::int64_t{1} << 30, std::int64_t{100'000}}) {
      ASSERT_TRUE(remove_tree(path_).ok());
      RowBlocks blocks(path_, memory);
      for (std::size_t at = 0; at < rows.keys.size(); at += 7001)
        ASSERT_TRUE(blocks
                        .add(pack(rows, at, std::min(at + 7001, rows.keys.size()),
                                  at % 2 == 0 ? &run_.threads : nullptr))
                        .ok());
      EXPECT_EQ(blocks.has_spilled(), memory < 1'000'000);
      EXPECT_EQ(blocks.rows(), 40'000);
      EXPECT_TRUE(blocks.verify(run_.threads).ok());
      const std::vector<std::int64_t> sizes = blocks.rows_by_partition(kNumKeys);
      EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}), 40'000);
      const std::int64_t partitions = RowBlocks::partitions_of(kNumKeys);
      for (std::int64_t first = 0; first < partitions; ++first)
        for (const std::int64_t end : {first + 1, partitions})
          expect_range(blocks, rows, first, end);
    }
  }
}

TEST_F(RowBlocksTest, BytesDoNotDependOnThreads) {
  const Rows rows = random_rows(150'000, 4, 1000);  // several slices
  const RowBlocks::Block alone = pack(rows, 0, 150'000, nullptr);
  for (const int num_threads : {1, 2, 4}) {
    ThreadPool threads(num_threads);
    const RowBlocks::Block block = pack(rows, 0, 150'000, &threads);
    ASSERT_EQ(block.bytes, alone.bytes);
    EXPECT_EQ(
        std::memcmp(block.memory.get(), alone.memory.get(), static_cast<std::size_t>(alone.bytes)),
        0);
    EXPECT_EQ(block.starts, alone.starts);
  }
}

TEST_F(RowBlocksTest, AbsentColumnsStayAbsentAndLaterBlocksMayKnowMoreKeys) {
  RowBlocks blocks(path_, 1 << 20);
  const std::vector<std::int32_t> low{3, 1, 3}, high{2000, 3};
  const std::vector<ItemIndex> first{10, 11, 12}, second{13, 14};
  ASSERT_TRUE(blocks.add(RowBlocks::pack(low, {first, {}, {}, {}, {}}, 4, nullptr)).ok());
  ASSERT_TRUE(blocks.add(RowBlocks::pack(high, {second, {}, {}, {}, {}}, 2001, nullptr)).ok());
  RowBlocks::Scratch scratch;
  KeyedRows rows;
  ASSERT_TRUE(blocks.read(0, 2, scratch, rows).ok());
  EXPECT_THAT(rows.columns.item, ElementsAre(11, 10, 12, 14, 13));
  EXPECT_TRUE(rows.columns.weight.empty());
  EXPECT_TRUE(rows.columns.session.empty());
  EXPECT_THAT(blocks.rows_by_partition(2001), ElementsAre(4, 1));
}

TEST_F(RowBlocksTest, ADamagedSpillIsFound) {
  const Rows rows = random_rows(5000, 5, 1);
  std::int64_t bytes = 0;
  {
    RowBlocks blocks(path_, 1);
    EXPECT_TRUE(*blocks.add(pack(rows, 0, 3000, nullptr)));
    EXPECT_TRUE(*blocks.add(pack(rows, 3000, 5000, nullptr)));
    bytes = blocks.spilled_bytes();
  }
  RowBlocks again(path_, 1);
  ASSERT_TRUE(again.reopen(bytes, run_.threads).ok());
  expect_range(again, rows, 0, RowBlocks::partitions_of(kNumKeys));
  std::string text = *read_file(path_);
  text[text.size() - 100] ^= 1;
  ASSERT_TRUE(write_file(path_, text).ok());
  RowBlocks damaged(path_, 1);
  const Status status = damaged.reopen(bytes, run_.threads);
  EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(status.message(), HasSubstr("is not what was written (a checksum differs)"));
  RowBlocks cut(path_, 1);
  EXPECT_EQ(cut.reopen(bytes + 1, run_.threads).kind(), StatusKind::kDataInvalid);
}

}  // namespace
}  // namespace crossfade
