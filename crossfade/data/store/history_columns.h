// HistoryColumns: the columns of a domain while they are made, and the sort that orders them.
//
// Columns that the log does not have are empty; the others have one value per row.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "crossfade/data/ids.h"

namespace crossfade {

struct HistorySpans {
  std::span<const ItemIndex> item;
  std::span<const float> weight;
  std::span<const std::int64_t> time_ns;
  std::span<const std::uint8_t> kind;
  std::span<const std::int64_t> session;
};

struct HistoryColumns {
  std::vector<ItemIndex> item;
  std::vector<float> weight;
  std::vector<std::int64_t> time_ns;
  std::vector<std::uint8_t> kind;
  std::vector<std::int64_t> session;

  HistorySpans spans() const { return {item, weight, time_ns, kind, session}; }
};

// Sorts one user's rows by time; owns the scratch space of one thread.
class alignas(64) HistorySorter {  // a cache line of its own: threads push at the same time
 public:
  // Rows [begin, end) by rising time; equal times keep their order. Nothing moves if they are in
  // order already.
  void sort(HistoryColumns& columns, std::size_t begin, std::size_t end) {
    const auto times = columns.time_ns.begin();
    const auto at = [](std::size_t row) { return static_cast<std::ptrdiff_t>(row); };
    if (std::is_sorted(times + at(begin), times + at(end))) return;
    order_.clear();
    for (std::size_t row = begin; row < end; ++row) order_.emplace_back(columns.time_ns[row], row);
    std::sort(order_.begin(), order_.end());  // equal times fall back to the row: stable
    reorder(columns.item, begin);
    reorder(columns.weight, begin);
    reorder(columns.kind, begin);
    reorder(columns.session, begin);
    for (std::size_t i = 0; i < order_.size(); ++i) columns.time_ns[begin + i] = order_[i].first;
  }

 private:
  template <class T>
  void reorder(std::vector<T>& column, std::size_t begin) {
    if (column.empty()) return;
    auto& scratch = std::get<std::vector<T>>(scratch_);
    scratch.clear();
    for (const auto& [time, row] : order_) scratch.push_back(column[row]);
    std::copy(scratch.begin(), scratch.end(), column.begin() + static_cast<std::ptrdiff_t>(begin));
  }

  std::vector<std::pair<std::int64_t, std::size_t>> order_;
  std::tuple<std::vector<std::int32_t>, std::vector<float>, std::vector<std::uint8_t>,
             std::vector<std::int64_t>>
      scratch_;
};

}  // namespace crossfade
