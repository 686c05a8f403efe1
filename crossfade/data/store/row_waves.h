// RowWaves: ranges of partitions, worked on by all threads a wave at a time, while the wave before
// is written. Waves bound the memory; doing both at once leaves no thread waiting for a file.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/store/row_blocks.h"

namespace crossfade {

// Partitions [first, end) with `rows` rows.
struct PartitionRange {
  std::int64_t first = 0, end = 0, rows = 0;
};

// Neighbouring partitions together until they have `target` rows. Covers all of them.
inline std::vector<PartitionRange> cut_ranges(const std::vector<std::int64_t>& rows_by_partition,
                                              std::int64_t target) {
  std::vector<PartitionRange> ranges;
  for (std::int64_t p = 0; p < std::ssize(rows_by_partition); ++p) {
    const std::int64_t rows = rows_by_partition[static_cast<std::size_t>(p)];
    if (ranges.empty() || ranges.back().rows + rows > target) ranges.push_back({p, p, 0});
    ranges.back().end = p + 1;
    ranges.back().rows += rows;
  }
  return ranges;
}

// Pass has: Slot (what one range becomes; used again for later ranges), kWriters, and
//   Status make(const PartitionRange&, Slot&, int worker)          on any thread
//   Status collect(const PartitionRange&, Slot&)                   in order, alone
//   Status write(int writer, std::span<Slot* const> slots)         each writer on any thread
template <class Pass>
Status run_waves(const std::vector<PartitionRange>& ranges, std::int64_t rows_per_wave, Pass& pass,
                 Context& context) {
  using Slot = typename Pass::Slot;
  std::vector<Slot> slots[2];
  std::vector<Slot*> ready;
  std::size_t next = 0;
  for (int turn = 0; next < ranges.size() || !ready.empty(); turn ^= 1) {
    std::size_t end = next;
    for (std::int64_t rows = 0; end < ranges.size(); ++end) {
      rows += ranges[end].rows;
      if (end > next && rows > rows_per_wave) break;
    }
    std::vector<Slot>& made = slots[turn];
    if (made.size() < end - next) made.resize(end - next);
    const std::int64_t writers = ready.empty() ? 0 : Pass::kWriters;
    const std::int64_t tasks = writers + static_cast<std::int64_t>(end - next);
    std::vector<Status> statuses(static_cast<std::size_t>(tasks));
    context.threads.parallel_for(tasks, 1, [&](std::int64_t task, std::int64_t, int worker) {
      auto& status = statuses[static_cast<std::size_t>(task)];
      if (task < writers) {
        status = pass.write(static_cast<int>(task), ready);
      } else {
        const auto at = static_cast<std::size_t>(task - writers);
        status = pass.make(ranges[next + at], made[at], worker);
      }
    });
    for (Status& status : statuses)
      if (!status.ok()) return std::move(status);
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    ready.clear();
    for (std::size_t i = next; i < end; ++i) {
      CROSSFADE_RETURN_IF_ERROR(pass.collect(ranges[i], made[i - next]));
      ready.push_back(&made[i - next]);
      context.progress.advance(ranges[i].rows);
    }
    next = end;
  }
  return ok_status();
}

}  // namespace crossfade
