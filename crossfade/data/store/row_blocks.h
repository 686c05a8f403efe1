// RowBlocks: the rows of a log with dense keys, kept by ranges of keys until all have come; then
// each range is read back sorted. The first of the two steps of an import that never holds a log
// whole: partition while reading, sort one partition at a time (Knuth, TAOCP 3, 5.4; Shatdal, Kant,
// Naughton: Cache Conscious Algorithms for Relational Query Processing, VLDB 1994).
//
// A block holds a few hundred thousand rows, scattered stably into partitions of 1,024 keys, in
// columns that are packed (data/store/packed_column.h): some 18 bytes per row of a log with times,
// weights and sessions. Blocks stay in memory until `memory_bytes` are full; then all of them go to
// the spill file, one behind the other, each with a checksum.
//
// Reading a range needs memory for the rows of that range: a single partition is the least that can
// be read, however large its 1,024 keys are.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/store/history_columns.h"
#include "crossfade/data/store/packed_column.h"
#include "crossfade/data/store/spill_file.h"

namespace crossfade {

// Rows in the order of their keys; equal keys keep the order in which they came.
struct KeyedRows {
  std::vector<std::int64_t> offsets;  // keys of the range + 1
  HistoryColumns columns;
};

class RowBlocks {
 public:
  static constexpr std::int64_t kKeysPerPartition = 1024;
  static std::int64_t partitions_of(std::int64_t num_keys) {
    return (num_keys + kKeysPerPartition - 1) / kKeysPerPartition;
  }

  // One block, packed.
  struct Block {
    std::int64_t rows = 0;
    std::vector<std::uint32_t> starts;    // of each partition, and the end
    std::array<PackedColumn, 6> columns;  // keys, then those of HistoryColumns
    std::int64_t bytes = 0;
    std::unique_ptr<char[]> memory;  // null once spilled
    std::int64_t place = 0;          // of its bytes in the spill file
    std::uint64_t checksum = 0;      // of its bytes, once spilled
  };
  // Keys lie in [0, num_keys); columns are as long as keys, or empty in every block. `threads` may
  // be null. At most 2^32 - 1 rows.
  static Block pack(std::span<const std::int32_t> keys, const HistorySpans& columns,
                    std::int64_t num_keys, ThreadPool* threads);

  // Spills to `spill_path` when the blocks in memory take more than `memory_bytes`.
  RowBlocks(std::string spill_path, std::int64_t memory_bytes)
      : spill_path_(std::move(spill_path)), memory_bytes_(memory_bytes) {}

  // True if this block made all of them go to the file. Errors: the disk is full.
  Result<bool> add(Block block);

  std::int64_t rows() const { return rows_; }
  // By partition. Partitions that blocks do not know have no rows.
  std::vector<std::int64_t> rows_by_partition(std::int64_t num_keys) const;

  // Room that readers use again from one range to the next.
  struct Scratch {
    std::vector<std::uint16_t> keys;
    std::vector<std::uint32_t> places;
    std::vector<std::int64_t> next;
    std::vector<char> bytes;
  };
  // The rows of partitions [first, end). Safe from several threads, each with its own scratch. What
  // `rows` held before is lost, its memory is used. Errors: the spill file cannot be read.
  Status read(std::int64_t first, std::int64_t end, Scratch& scratch, KeyedRows& rows) const;

  // Reads all spilled bytes and compares their checksums. Errors (data invalid, naming the file).
  Status verify(ThreadPool& threads) const;

  // Takes up what an earlier process spilled: the first `bytes` of the file hold whole blocks.
  // Errors (data invalid): damaged.
  Status reopen(std::int64_t bytes, ThreadPool& threads);
  std::int64_t spilled_bytes() const { return spill_.size(); }
  bool has_spilled() const { return spill_.is_open(); }

  // Forgets all rows and frees their memory.
  void clear();

 private:
  Status spill();
  Status read_keys(std::int64_t first, std::int64_t end, Scratch& scratch) const;
  // The packed values of rows [begin, end) of a block's column, in memory or read into scratch.
  Result<const char*> bytes_of(const Block& block, const PackedColumn& column, std::int64_t begin,
                               std::int64_t end, std::vector<char>& scratch) const;
  template <class T>
  Status read_column(std::size_t column, std::int64_t first, std::int64_t end, Scratch& scratch,
                     std::vector<T>& values) const;

  std::string spill_path_;
  std::int64_t memory_bytes_ = 0, held_bytes_ = 0, rows_ = 0;
  std::vector<Block> blocks_;
  SpillFile spill_;
};

}  // namespace crossfade
