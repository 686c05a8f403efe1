// Columns made by a formula, row by row and in parallel.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/thread_pool.h"
#include "crossfade/data/table.h"

namespace crossfade {

// The column whose row i is make(i); its type is what `make` returns.
template <class Make>
Column make_column(std::string name, std::size_t rows, ThreadPool& threads, Make&& make,
                   Column::Meaning meaning = Column::Meaning::kPlain) {
  using Value = decltype(make(std::size_t{0}));
  std::vector<Value> values(rows);
  threads.parallel_for(
      static_cast<std::int64_t>(rows), 1 << 15, [&](std::int64_t begin, std::int64_t end, int) {
        for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row)
          values[row] = make(row);
      });
  return {std::move(name), std::move(values), meaning, {}};
}

constexpr std::int64_t kNsPerMs = 1000000;

// A time in milliseconds as a timestamp of a Table.
template <class Make>
Column make_time_column(std::string name, std::size_t rows, ThreadPool& threads, Make&& make_ms) {
  return make_column(
      std::move(name), rows, threads, [&](std::size_t row) { return make_ms(row) * kNsPerMs; },
      Column::Meaning::kTimestamp);
}

}  // namespace crossfade
