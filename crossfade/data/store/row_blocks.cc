// Reading blocks back: count the keys of a range, give each row its place, then fill the columns
// one by one. A range fits the cache, so the scattered writes stay there.
#include "crossfade/data/store/row_blocks.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "crossfade/base/hash.h"
#include "crossfade/data/store/row_blocks_file.h"

namespace crossfade {
namespace {

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

// The rows of partitions [first, end) in a block, which may know fewer partitions.
std::pair<std::int64_t, std::int64_t> rows_of(const RowBlocks::Block& block, std::int64_t first,
                                              std::int64_t end) {
  const std::int64_t known = std::ssize(block.starts) - 1;
  return {block.starts[at(std::min(first, known))], block.starts[at(std::min(end, known))]};
}

std::int64_t memory_of(const RowBlocks::Block& block) {
  return block.bytes + std::ssize(block.starts) * static_cast<std::int64_t>(sizeof(std::uint32_t));
}

}  // namespace

Result<bool> RowBlocks::add(Block block) {
  rows_ += block.rows;
  held_bytes_ += memory_of(block);
  blocks_.push_back(std::move(block));
  if (held_bytes_ <= memory_bytes_) return false;
  CROSSFADE_RETURN_IF_ERROR(spill());
  return true;
}

Status RowBlocks::spill() {
  if (!spill_.is_open()) {
    CROSSFADE_ASSIGN_OR_RETURN(spill_, SpillFile::open(spill_path_, 0));
  }
  for (Block& block : blocks_) {
    if (!block.memory) continue;
    const std::string_view bytes(block.memory.get(), at(block.bytes));
    block.checksum = hash_bytes(bytes);
    CROSSFADE_RETURN_IF_ERROR(spill_.append(block_head(block)));
    block.place = spill_.size();
    CROSSFADE_RETURN_IF_ERROR(spill_.append(bytes));
    block.memory.reset();
  }
  held_bytes_ = 0;
  return ok_status();
}

Status RowBlocks::reopen(std::int64_t bytes, ThreadPool& threads) {
  CROSSFADE_ASSIGN_OR_RETURN(spill_, SpillFile::open(spill_path_, bytes));
  CROSSFADE_ASSIGN_OR_RETURN(blocks_, read_block_heads(spill_));
  for (const Block& block : blocks_) rows_ += block.rows;
  return verify(threads);
}

Status RowBlocks::verify(ThreadPool& threads) const {
  std::vector<Status> statuses(blocks_.size());
  threads.parallel_for(std::ssize(blocks_), 1, [&](std::int64_t number, std::int64_t, int) {
    const Block& block = blocks_[at(number)];
    if (block.memory || block.bytes == 0) return;
    std::vector<char> bytes(at(block.bytes));
    statuses[at(number)] = spill_.read(block.place, bytes.data(), bytes.size());
    if (statuses[at(number)].ok() && hash_bytes({bytes.data(), bytes.size()}) != block.checksum)
      statuses[at(number)] =
          data_invalid(spill_.path() + " is not what was written (a checksum differs)");
  });
  for (Status& status : statuses)
    if (!status.ok()) return std::move(status);
  return ok_status();
}

void RowBlocks::clear() {
  blocks_.clear();
  blocks_.shrink_to_fit();
  held_bytes_ = rows_ = 0;
}

std::vector<std::int64_t> RowBlocks::rows_by_partition(std::int64_t num_keys) const {
  std::vector<std::int64_t> rows(at(partitions_of(num_keys)), 0);
  for (const Block& block : blocks_)
    for (std::size_t p = 0; p + 1 < block.starts.size(); ++p)
      rows[p] += block.starts[p + 1] - block.starts[p];
  return rows;
}

Result<const char*> RowBlocks::bytes_of(const Block& block, const PackedColumn& column,
                                        std::int64_t begin, std::int64_t end,
                                        std::vector<char>& scratch) const {
  const std::int64_t place = column.place + begin * column.width;
  if (block.memory) return static_cast<const char*>(block.memory.get()) + place;
  scratch.resize(at((end - begin) * column.width));
  CROSSFADE_RETURN_IF_ERROR(spill_.read(block.place + place, scratch.data(), scratch.size()));
  return static_cast<const char*>(scratch.data());
}

// Keys within their partition, block by block.
Status RowBlocks::read_keys(std::int64_t first, std::int64_t end, Scratch& scratch) const {
  std::int64_t rows = 0;
  for (const Block& block : blocks_) {
    const auto [begin, stop] = rows_of(block, first, end);
    rows += stop - begin;
  }
  CROSSFADE_CHECK(rows <= std::numeric_limits<std::uint32_t>::max(),
                  "a range of 1,024 keys with more than 2^32 rows");
  scratch.keys.resize(at(rows));
  std::uint16_t* next = scratch.keys.data();
  for (const Block& block : blocks_) {
    const auto [begin, stop] = rows_of(block, first, end);
    if (begin == stop) continue;
    CROSSFADE_ASSIGN_OR_RETURN(const char* bytes,
                               bytes_of(block, block.columns[0], begin, stop, scratch.bytes));
    std::memcpy(next, bytes, at(stop - begin) * sizeof(std::uint16_t));
    next += stop - begin;
  }
  return ok_status();
}

template <class T>
Status RowBlocks::read_column(std::size_t number, std::int64_t first, std::int64_t end,
                              Scratch& scratch, std::vector<T>& values) const {
  const bool present = std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
    return block.columns[number].present;
  });
  if (values.capacity() < scratch.places.size()) values = {};  // growing would move what is lost
  values.resize(present ? scratch.places.size() : 0);
  if (!present) return ok_status();
  const std::uint32_t* place = scratch.places.data();
  for (const Block& block : blocks_) {
    const auto [begin, stop] = rows_of(block, first, end);
    if (begin == stop) continue;
    const PackedColumn& column = block.columns[number];
    const std::size_t count = at(stop - begin);
    if (column.width == 0) {
      for (std::size_t i = 0; i < count; ++i) values[place[i]] = from_packable<T>(column.base);
    } else {
      CROSSFADE_ASSIGN_OR_RETURN(const char* bytes,
                                 bytes_of(block, column, begin, stop, scratch.bytes));
      with_width(column.width, [&]<class Packed>() {
        const auto base = static_cast<std::uint64_t>(column.base);
        const auto unit = static_cast<std::uint64_t>(column.unit);
        for (std::size_t i = 0; i < count; ++i) {
          Packed packed;
          std::memcpy(&packed, bytes + i * sizeof(Packed), sizeof(Packed));
          values[place[i]] = from_packable<T>(static_cast<std::int64_t>(base + unit * packed));
        }
      });
    }
    place += count;
  }
  return ok_status();
}

Status RowBlocks::read(std::int64_t first, std::int64_t end, Scratch& scratch,
                       KeyedRows& rows) const {
  CROSSFADE_RETURN_IF_ERROR(read_keys(first, end, scratch));
  rows.offsets.assign(at((end - first) * kKeysPerPartition) + 1, 0);
  // Both passes walk blocks, and in each block the partitions.
  const auto for_each_run = [&](const auto& body) {
    const std::uint16_t* keys = scratch.keys.data();
    std::uint32_t row = 0;
    for (const Block& block : blocks_) {
      const std::int64_t last = std::min(end, std::ssize(block.starts) - 1);
      for (std::int64_t p = first; p < last; ++p) {
        const std::uint32_t count = block.starts[at(p) + 1] - block.starts[at(p)];
        if (count == 0) continue;
        body(at((p - first) * kKeysPerPartition), keys, count, row);
        keys += count;
        row += count;
      }
    }
  };
  for_each_run(
      [&](std::size_t base, const std::uint16_t* keys, std::uint32_t count, std::uint32_t) {
        std::int64_t* counts = rows.offsets.data() + base + 1;
        for (std::uint32_t i = 0; i < count; ++i) ++counts[keys[i]];
      });
  for (std::size_t key = 1; key < rows.offsets.size(); ++key)
    rows.offsets[key] += rows.offsets[key - 1];
  scratch.next.assign(rows.offsets.begin(), rows.offsets.end());
  scratch.places.resize(scratch.keys.size());
  for_each_run(
      [&](std::size_t base, const std::uint16_t* keys, std::uint32_t count, std::uint32_t row) {
        std::int64_t* next = scratch.next.data() + base;
        for (std::uint32_t i = 0; i < count; ++i)
          scratch.places[row + i] = static_cast<std::uint32_t>(next[keys[i]]++);
      });
  CROSSFADE_RETURN_IF_ERROR(read_column(1, first, end, scratch, rows.columns.item));
  CROSSFADE_RETURN_IF_ERROR(read_column(2, first, end, scratch, rows.columns.weight));
  CROSSFADE_RETURN_IF_ERROR(read_column(3, first, end, scratch, rows.columns.time_ns));
  CROSSFADE_RETURN_IF_ERROR(read_column(4, first, end, scratch, rows.columns.kind));
  return read_column(5, first, end, scratch, rows.columns.session);
}

}  // namespace crossfade
