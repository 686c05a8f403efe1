// Packing a block: count the rows of each partition in every slice of the block, which gives each
// slice its places, then scatter column by column.
#include <algorithm>
#include <cstring>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/data/store/row_blocks.h"

namespace crossfade {
namespace {

constexpr int kShift = 10;
static_assert(RowBlocks::kKeysPerPartition == 1 << kShift);
constexpr std::int64_t kMinSlice = 1 << 15;

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

class Packer {
 public:
  Packer(std::span<const std::int32_t> keys, std::int64_t num_keys, ThreadPool* threads)
      : keys_(keys), threads_(threads), rows_(std::ssize(keys)) {
    CROSSFADE_CHECK(rows_ <= std::numeric_limits<std::uint32_t>::max(), "a block is too large");
    num_partitions_ = at(RowBlocks::partitions_of(num_keys));
    slice_ = std::max(kMinSlice, (rows_ + 31) / 32);
    count();
  }

  RowBlocks::Block pack(const HistorySpans& columns) {
    plan_keys();
    plan(1, columns.item);
    plan(2, columns.weight);
    plan(3, columns.time_ns);
    plan(4, columns.kind);
    plan(5, columns.session);
    block_.memory = std::make_unique_for_overwrite<char[]>(at(block_.bytes));
    for_slices([&](std::size_t slice, std::size_t begin, std::size_t end) {
      scatter<std::uint16_t>(slice, begin, end, 0, [&](std::size_t row) {
        return static_cast<std::uint16_t>(keys_[row] & (RowBlocks::kKeysPerPartition - 1));
      });
      scatter_packed(slice, begin, end, 1, columns.item);
      scatter_packed(slice, begin, end, 2, columns.weight);
      scatter_packed(slice, begin, end, 3, columns.time_ns);
      scatter_packed(slice, begin, end, 4, columns.kind);
      scatter_packed(slice, begin, end, 5, columns.session);
    });
    return std::move(block_);
  }

 private:
  template <class Body>
  void for_slices(const Body& body) {
    const auto run = [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; row += slice_)
        body(at(row / slice_), at(row), at(std::min(end, row + slice_)));
    };
    if (threads_)
      threads_->parallel_for(rows_, slice_, run);
    else if (rows_ > 0)
      run(0, rows_, 0);
  }

  void count() {
    places_.assign(at((rows_ + slice_ - 1) / slice_), std::vector<std::uint32_t>());
    for_slices([&](std::size_t slice, std::size_t begin, std::size_t end) {
      auto& counts = places_[slice];
      counts.assign(num_partitions_, 0);
      for (std::size_t row = begin; row < end; ++row) ++counts[at(keys_[row] >> kShift)];
    });
    block_.rows = rows_;
    block_.starts.reserve(num_partitions_ + 1);
    std::uint32_t next = 0;
    for (std::size_t p = 0; p < num_partitions_; ++p) {
      block_.starts.push_back(next);
      for (auto& counts : places_) next += std::exchange(counts[p], next);
    }
    block_.starts.push_back(next);
  }

  void place(PackedColumn& column) {
    column.place = block_.bytes;
    // Columns begin at multiples of 8 bytes.
    block_.bytes += (rows_ * column.width + 7) / 8 * 8;
  }

  void plan_keys() {
    block_.columns[0].present = true;
    block_.columns[0].width = sizeof(std::uint16_t);
    place(block_.columns[0]);
  }

  template <class T>
  void plan(std::size_t number, std::span<const T> values) {
    if (values.empty()) return;
    std::vector<PackableRange> ranges(places_.size());
    for_slices([&](std::size_t slice, std::size_t begin, std::size_t end) {
      ranges[slice] = PackableRange::of(values.subspan(begin, end - begin));
    });
    PackableRange range;
    for (const PackableRange& part : ranges) range.add(part.low, part.high);
    block_.columns[number] = plan_packing(range, unit_of(values, range));
    place(block_.columns[number]);
  }

  template <class T>
  std::int64_t unit_of(std::span<const T> values, const PackableRange& range) {
    if constexpr (sizeof(T) == 8) {
      if (range.width() <= std::numeric_limits<std::uint32_t>::max()) return 1;
      std::vector<std::int64_t> units(places_.size());
      for_slices([&](std::size_t slice, std::size_t begin, std::size_t end) {
        units[slice] = common_unit(values.subspan(begin, end - begin), 1'000'000'000);
      });
      return *std::min_element(units.begin(), units.end());
    }
    return 1;
  }

  // Writes value(row) of the slice's rows to their places.
  template <class Packed, class Value>
  void scatter(std::size_t slice, std::size_t begin, std::size_t end, std::size_t number,
               const Value& value) {
    char* out = block_.memory.get() + block_.columns[number].place;
    std::vector<std::uint32_t> places = places_[slice];
    for (std::size_t row = begin; row < end; ++row) {
      const Packed packed = value(row);
      const std::uint32_t place = places[at(keys_[row] >> kShift)]++;
      std::memcpy(out + std::size_t{place} * sizeof(Packed), &packed, sizeof(Packed));
    }
  }

  template <class T>
  void scatter_packed(std::size_t slice, std::size_t begin, std::size_t end, std::size_t number,
                      std::span<const T> values) {
    const PackedColumn& column = block_.columns[number];
    if (!column.present) return;
    const auto base = static_cast<std::uint64_t>(column.base);
    with_width(column.width, [&]<class Packed>() {
      with_unit(column.unit, [&]<std::int64_t kUnit>() {
        scatter<Packed>(slice, begin, end, number, [&](std::size_t row) {
          const auto above = static_cast<std::uint64_t>(to_packable(values[row])) - base;
          return static_cast<Packed>(above / static_cast<std::uint64_t>(kUnit));
        });
      });
    });
  }

  std::span<const std::int32_t> keys_;
  ThreadPool* threads_;
  std::int64_t rows_, slice_ = 1;
  std::size_t num_partitions_ = 0;
  std::vector<std::vector<std::uint32_t>> places_;  // by slice and partition
  RowBlocks::Block block_;
};

}  // namespace

RowBlocks::Block RowBlocks::pack(std::span<const std::int32_t> keys, const HistorySpans& columns,
                                 std::int64_t num_keys, ThreadPool* threads) {
  return Packer(keys, num_keys, threads).pack(columns);
}

}  // namespace crossfade
