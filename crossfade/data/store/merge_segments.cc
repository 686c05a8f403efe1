// Put the parts of each history one behind the other, then sort those that are not in order.
#include "crossfade/data/store/merge_segments.h"

#include <algorithm>

namespace crossfade {
namespace {

constexpr std::int64_t kGrain = 1024;  // users or items

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

struct RowRange {
  std::size_t begin = 0, size = 0;
};

// The rows of a key, which may be newer than the offsets.
RowRange rows_of(const Array<std::int64_t>& offsets, std::int64_t key) {
  if (at(key) + 1 >= offsets.size()) return {};
  return {at(offsets[at(key)]), at(offsets[at(key) + 1] - offsets[at(key)])};
}

template <class Body>
void for_ranges(ThreadPool* threads, std::int64_t size, const Body& body) {
  if (threads)
    threads->parallel_for(size, kGrain, body);
  else
    for (std::int64_t begin = 0; begin < size; begin += kGrain)
      body(begin, std::min(size, begin + kGrain), 0);
}

using OffsetsOf = const Array<std::int64_t>& (*)(const Segment&);

const Array<std::int64_t>& user_offsets(const Segment& segment) {
  return segment.domain.offsets;
}
const Array<std::int64_t>& item_offsets(const Segment& segment) {
  return segment.domain.item_offsets;
}

std::vector<std::int64_t> merge_offsets(std::span<const Segment* const> segments, OffsetsOf of,
                                        std::int64_t first, std::int64_t end, ThreadPool* threads) {
  std::vector<std::int64_t> offsets(at(end - first) + 1, 0);
  for_ranges(threads, end - first, [&](std::int64_t begin, std::int64_t stop, int) {
    for (std::int64_t key = begin; key < stop; ++key)
      for (const Segment* segment : segments)
        offsets[at(key) + 1] += static_cast<std::int64_t>(rows_of(of(*segment), first + key).size);
  });
  for (std::size_t key = 1; key < offsets.size(); ++key) offsets[key] += offsets[key - 1];
  return offsets;
}

template <class T>
void copy_rows(const Array<T>& from, RowRange rows, std::vector<T>& to, std::size_t place) {
  if (!from.empty()) std::copy_n(from.data() + rows.begin, rows.size, to.data() + place);
}

std::int64_t count_with_rows(std::span<const Segment* const> segments, OffsetsOf of,
                             std::int64_t first, std::int64_t num_keys, std::int64_t rows) {
  std::int64_t key = first;
  for (std::int64_t found = 0; key < num_keys && (key == first || found < rows); ++key)
    for (const Segment* segment : segments)
      found += static_cast<std::int64_t>(rows_of(of(*segment), key).size);
  return key - first;
}

}  // namespace

MergedRows merge_users(std::span<const Segment* const> segments, std::int64_t first,
                       std::int64_t end, ThreadPool* threads) {
  MergedRows merged;
  merged.offsets = merge_offsets(segments, user_offsets, first, end, threads);
  const std::size_t rows = at(merged.offsets.back());
  const auto has = [&](const auto& column_of) {
    return std::any_of(segments.begin(), segments.end(),
                       [&](const Segment* segment) { return !column_of(segment->domain).empty(); });
  };
  HistoryColumns& columns = merged.columns;
  columns.item.resize(rows);
  columns.weight.resize(rows);
  if (has([](const Domain& d) { return d.time_ns.span(); })) columns.time_ns.resize(rows);
  if (has([](const Domain& d) { return d.kind.span(); })) columns.kind.resize(rows);
  if (has([](const Domain& d) { return d.session.span(); })) columns.session.resize(rows);
  std::vector<HistorySorter> sorters(threads ? at(threads->num_threads()) : 1);
  for_ranges(threads, end - first, [&](std::int64_t begin, std::int64_t stop, int worker) {
    for (std::int64_t user = begin; user < stop; ++user) {
      std::size_t place = at(merged.offsets[at(user)]);
      for (const Segment* segment : segments) {
        const Domain& domain = segment->domain;
        const RowRange rows_here = rows_of(domain.offsets, first + user);
        copy_rows(domain.item, rows_here, columns.item, place);
        copy_rows(domain.weight, rows_here, columns.weight, place);
        copy_rows(domain.time_ns, rows_here, columns.time_ns, place);
        copy_rows(domain.kind, rows_here, columns.kind, place);
        copy_rows(domain.session, rows_here, columns.session, place);
        place += rows_here.size;
      }
      if (!columns.time_ns.empty())
        sorters[at(worker)].sort(columns, at(merged.offsets[at(user)]), place);
    }
  });
  return merged;
}

MergedItems merge_items(std::span<const Segment* const> segments, std::int64_t first,
                        std::int64_t end, ThreadPool* threads) {
  MergedItems merged;
  merged.offsets = merge_offsets(segments, item_offsets, first, end, threads);
  merged.users.resize(at(merged.offsets.back()));
  for_ranges(threads, end - first, [&](std::int64_t begin, std::int64_t stop, int) {
    for (std::int64_t item = begin; item < stop; ++item) {
      const auto start = merged.users.begin() + merged.offsets[at(item)];
      auto place = start;
      for (const Segment* segment : segments) {
        const RowRange rows = rows_of(segment->domain.item_offsets, first + item);
        place = std::copy_n(segment->domain.item_user.data() + rows.begin, rows.size, place);
      }
      if (!std::is_sorted(start, place)) std::sort(start, place);
    }
  });
  return merged;
}

std::int64_t users_with_rows(std::span<const Segment* const> segments, std::int64_t first,
                             std::int64_t num_users, std::int64_t rows) {
  return count_with_rows(segments, user_offsets, first, num_users, rows);
}

std::int64_t items_with_rows(std::span<const Segment* const> segments, std::int64_t first,
                             std::int64_t num_items, std::int64_t rows) {
  return count_with_rows(segments, item_offsets, first, num_items, rows);
}

}  // namespace crossfade
