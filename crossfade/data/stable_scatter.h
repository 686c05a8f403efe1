// StableScatter: counting sort of rows by a dense key, on all threads, keeping the order of rows
// with equal keys. Both sorts of this room stand on it: a log by user, a matrix by column.
//
// The rows are cut into a few blocks; each counts its keys, and a running sum over (key, block)
// gives every block the place of its next row of each key. The places depend on the rows alone, so
// the result is the same for any number of blocks or threads. Linear in rows plus keys; the
// counters take at most as much memory as one 64-bit column of the rows (or of the keys).
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "crossfade/base/thread_pool.h"

namespace crossfade {

class StableScatter {
 public:
  // Keys lie in [0, num_keys); they must outlive this object.
  StableScatter(std::span<const std::int32_t> keys, std::int64_t num_keys, ThreadPool& threads)
      : keys_(keys), threads_(threads), num_keys_(static_cast<std::size_t>(num_keys)) {
    const auto rows = static_cast<std::int64_t>(keys.size());
    const std::int64_t affordable = rows / std::max<std::int64_t>(num_keys, 1);
    const std::int64_t blocks = std::clamp<std::int64_t>(affordable, 1, threads.num_threads());
    grain_ = std::max<std::int64_t>((rows + blocks - 1) / blocks, 1);
    places_.resize(static_cast<std::size_t>((rows + grain_ - 1) / grain_) * num_keys_);
    count();
  }

  // num_keys + 1: rows with key k go to places offsets[k] to offsets[k + 1].
  const std::vector<std::int64_t>& offsets() const { return offsets_; }
  std::vector<std::int64_t> take_offsets() { return std::move(offsets_); }

  // Calls move(row, place) once for every row, from several threads; rows of a block in order.
  // To be called once.
  template <class Move>
  void run(const Move& move) {
    threads_.parallel_for(static_cast<std::int64_t>(keys_.size()), grain_,
                          [&](std::int64_t begin, std::int64_t end, int) {
                            std::int64_t* places = places_of(begin);
                            for (auto row = static_cast<std::size_t>(begin);
                                 row < static_cast<std::size_t>(end); ++row)
                              move(row, static_cast<std::size_t>(places[keys_[row]]++));
                          });
  }

 private:
  std::int64_t* places_of(std::int64_t begin) {
    return places_.data() + static_cast<std::size_t>(begin / grain_) * num_keys_;
  }

  void count() {
    threads_.parallel_for(static_cast<std::int64_t>(keys_.size()), grain_,
                          [&](std::int64_t begin, std::int64_t end, int) {
                            std::int64_t* counts = places_of(begin);
                            for (auto row = static_cast<std::size_t>(begin);
                                 row < static_cast<std::size_t>(end); ++row)
                              ++counts[keys_[row]];
                          });
    offsets_.resize(num_keys_ + 1);
    std::int64_t next = 0;
    for (std::size_t key = 0; key < num_keys_; ++key) {
      offsets_[key] = next;
      for (std::size_t at = key; at < places_.size(); at += num_keys_) {
        const std::int64_t rows = places_[at];
        places_[at] = next;
        next += rows;
      }
    }
    offsets_[num_keys_] = next;
  }

  std::span<const std::int32_t> keys_;
  ThreadPool& threads_;
  std::size_t num_keys_;
  std::int64_t grain_ = 1;
  std::vector<std::int64_t> places_;  // block-major, the next place of each key
  std::vector<std::int64_t> offsets_;
};

}  // namespace crossfade
