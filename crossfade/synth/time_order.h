// Time order: the rows of a log, written user by user, in the order in which things happened.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/thread_pool.h"

namespace crossfade {

// The stable order of rows by time: row order[0] is the earliest, equal times keep their order.
// Times may span 2^(64 - bits of the number of rows) milliseconds; fewer than 2^31 rows. Radix sort
// by digits of 11 bits, least significant first, over 16 bytes of scratch per row.
std::vector<std::int32_t> time_order(std::span<const std::int64_t> time_ms, ThreadPool& threads);

// values[order[i]] becomes values[i].
template <class T>
void reorder(std::vector<T>& values, const std::vector<std::int32_t>& order, ThreadPool& threads) {
  std::vector<T> sorted(values.size());
  threads.parallel_for(static_cast<std::int64_t>(values.size()), 1 << 16,
                       [&](std::int64_t begin, std::int64_t end, int) {
                         for (auto i = static_cast<std::size_t>(begin);
                              i < static_cast<std::size_t>(end); ++i)
                           sorted[i] = values[static_cast<std::size_t>(order[i])];
                       });
  values.swap(sorted);
}

}  // namespace crossfade
