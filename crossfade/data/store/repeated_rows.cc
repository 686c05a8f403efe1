// Weights are compared by their bits: -0 and 0 are two values, a NaN is equal to itself.
#include "crossfade/data/store/repeated_rows.h"

#include <algorithm>
#include <bit>

namespace crossfade {
namespace {

constexpr std::size_t kShortRun = 8;

bool same(const HistoryColumns& columns, std::size_t a, std::size_t b) {
  return columns.item[a] == columns.item[b] &&
         (columns.kind.empty() || columns.kind[a] == columns.kind[b]) &&
         (columns.weight.empty() || std::bit_cast<std::uint32_t>(columns.weight[a]) ==
                                        std::bit_cast<std::uint32_t>(columns.weight[b]));
}

template <class T>
void remove_from(const std::vector<std::size_t>& rows, std::vector<T>& values) {
  if (values.empty()) return;
  std::size_t kept = rows[0], next = 0;
  for (std::size_t row = kept; row < values.size(); ++row) {
    if (next < rows.size() && rows[next] == row)
      ++next;
    else
      values[kept++] = values[row];
  }
  values.resize(kept);
}

}  // namespace

void RepeatFinder::find_in_run(const HistoryColumns& columns, std::size_t begin, std::size_t end,
                               std::vector<std::size_t>& repeats) {
  if (end - begin <= kShortRun) {
    for (std::size_t row = begin + 1; row < end; ++row)
      for (std::size_t earlier = begin; earlier < row; ++earlier)
        if (same(columns, earlier, row)) {
          repeats.push_back(row);
          break;
        }
    return;
  }
  rows_.clear();
  for (std::size_t row = begin; row < end; ++row)
    rows_.emplace_back(
        columns.item[row],
        columns.weight.empty() ? 0 : std::bit_cast<std::uint32_t>(columns.weight[row]),
        columns.kind.empty() ? 0 : columns.kind[row], row);
  std::sort(rows_.begin(), rows_.end());
  const std::size_t before = repeats.size();
  for (std::size_t i = 1; i < rows_.size(); ++i) {
    const std::size_t row = std::get<3>(rows_[i]);
    if (same(columns, std::get<3>(rows_[i - 1]), row)) repeats.push_back(row);
  }
  std::sort(repeats.begin() + static_cast<std::ptrdiff_t>(before), repeats.end());
}

void RepeatFinder::find(const HistoryColumns& columns, std::size_t begin, std::size_t end,
                        std::vector<std::size_t>& repeats) {
  if (columns.time_ns.empty()) {
    if (end - begin > 1) find_in_run(columns, begin, end, repeats);
    return;
  }
  const std::int64_t* times = columns.time_ns.data();
  for (std::size_t row = begin + 1; row < end; ++row) {
    if (times[row] != times[row - 1]) continue;
    const std::size_t start = row - 1;
    while (row < end && times[row] == times[start]) ++row;
    find_in_run(columns, start, row, repeats);
  }
}

void remove_rows(const std::vector<std::size_t>& rows, HistoryColumns& columns,
                 std::vector<std::int64_t>& offsets) {
  if (rows.empty()) return;
  remove_from(rows, columns.item);
  remove_from(rows, columns.weight);
  remove_from(rows, columns.time_ns);
  remove_from(rows, columns.kind);
  remove_from(rows, columns.session);
  std::size_t removed = 0;
  for (std::int64_t& offset : offsets) {
    while (removed < rows.size() && static_cast<std::int64_t>(rows[removed]) < offset) ++removed;
    offset -= static_cast<std::int64_t>(removed);
  }
}

}  // namespace crossfade
