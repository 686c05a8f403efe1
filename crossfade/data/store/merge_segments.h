// Merging: several segments of one domain as if all their rows had come at once.
//
// Each user's rows are ordered by time; equal times are in the order of the segments and, within
// one, of its log. Segments have to agree in which columns they have. Linear, but for the sort of
// histories whose parts overlap in time; the same for any number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/thread_pool.h"
#include "crossfade/data/store/history_columns.h"
#include "crossfade/data/store/segment.h"

namespace crossfade {

struct MergedRows {
  std::vector<std::int64_t> offsets;  // of the range's users, from 0, and the end
  HistoryColumns columns;
};
// The rows of users [first, end). `threads` may be null.
MergedRows merge_users(std::span<const Segment* const> segments, std::int64_t first,
                       std::int64_t end, ThreadPool* threads);

struct MergedItems {
  std::vector<std::int64_t> offsets;
  std::vector<UserIndex> users;
};
// The transpose of items [first, end), which every segment has to have.
MergedItems merge_items(std::span<const Segment* const> segments, std::int64_t first,
                        std::int64_t end, ThreadPool* threads);

// How many of users (or items) [first, ...) come next so that they have about `rows` rows.
std::int64_t users_with_rows(std::span<const Segment* const> segments, std::int64_t first,
                             std::int64_t num_users, std::int64_t rows);
std::int64_t items_with_rows(std::span<const Segment* const> segments, std::int64_t first,
                             std::int64_t num_items, std::int64_t rows);

}  // namespace crossfade
