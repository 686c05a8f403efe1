// StableScatter: counting sort of columns by a dense key, on all threads, keeping the order of rows
// with equal keys. Both sorts of this room stand on it: a log by user, a matrix by column.
//
// Writing each row straight to its place misses the cache for almost every row of a large log. So a
// column goes in two steps, as in a radix join (Manegold, Boncz, Kersten: Optimizing Main-Memory
// Join on Modern Hardware, TKDE 2002): first to its bucket, a range of keys with its share of the
// rows, of which there are few enough to write to all at once; then, bucket by bucket, to its place
// within a piece that fits the cache. The places depend on the rows alone, so the result is the
// same for any number of threads. Linear in rows plus keys.
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
  // Keys lie in [0, num_keys). They are read here only.
  StableScatter(std::span<const std::int32_t> keys, std::int64_t num_keys, ThreadPool& threads)
      : threads_(threads), rows_(static_cast<std::int64_t>(keys.size())) {
    num_buckets_ = static_cast<std::size_t>(std::clamp<std::int64_t>(rows_ / 4096, 1, 64));
    grain_ = std::max<std::int64_t>((rows_ + 63) / 64, 4096);
    count_keys(keys, static_cast<std::size_t>(num_keys));
    assign_buckets(keys);
    keys_ = to_buckets(keys);
  }

  // num_keys + 1: rows with key k go to places offsets[k] to offsets[k + 1].
  const std::vector<std::int64_t>& offsets() const { return offsets_; }

  // The column, one value per key of the constructor, in sorted order.
  template <class T>
  std::vector<T> sort(std::span<const T> column) const {
    const std::vector<T> by_bucket = to_buckets(column);
    std::vector<T> sorted(column.size());
    threads_.parallel_for(
        static_cast<std::int64_t>(num_buckets_), 1, [&](std::int64_t bucket, std::int64_t, int) {
          const auto first_key = static_cast<std::size_t>(first_keys_[bucket]);
          const auto end_key = static_cast<std::size_t>(first_keys_[bucket + 1]);
          std::vector<std::int64_t> places(offsets_.data() + first_key, offsets_.data() + end_key);
          for (auto row = static_cast<std::size_t>(offsets_[first_key]);
               row < static_cast<std::size_t>(offsets_[end_key]); ++row) {
            const std::size_t key = static_cast<std::size_t>(keys_[row]) - first_key;
            sorted[static_cast<std::size_t>(places[key]++)] = by_bucket[row];
          }
        });
    return sorted;
  }

 private:
  void count_keys(std::span<const std::int32_t> keys, std::size_t num_keys) {
    offsets_.assign(num_keys + 1, 0);
    for (const std::int32_t key : keys) ++offsets_[static_cast<std::size_t>(key) + 1];
    for (std::size_t key = 0; key < num_keys; ++key) offsets_[key + 1] += offsets_[key];
  }

  // Cuts the keys into ranges of about equally many rows, and finds where each block of rows
  // writes in each bucket.
  void assign_buckets(std::span<const std::int32_t> keys) {
    const std::size_t num_keys = offsets_.size() - 1;
    std::vector<std::uint8_t> bucket_of_key(num_keys);
    first_keys_.assign(num_buckets_ + 1, static_cast<std::int64_t>(num_keys));
    for (std::size_t key = num_keys; key-- > 0;) {
      const double share = static_cast<double>(offsets_[key]) / static_cast<double>(rows_);
      const auto bucket = std::min(
          static_cast<std::size_t>(share * static_cast<double>(num_buckets_)), num_buckets_ - 1);
      bucket_of_key[key] = static_cast<std::uint8_t>(bucket);
      first_keys_[bucket] = static_cast<std::int64_t>(key);
    }
    for (std::size_t bucket = num_buckets_; bucket-- > 0;)  // a bucket without keys is empty
      first_keys_[bucket] = std::min(first_keys_[bucket], first_keys_[bucket + 1]);
    if (num_buckets_ > 0) first_keys_[0] = 0;

    buckets_.resize(keys.size());
    block_places_.assign(static_cast<std::size_t>((rows_ + grain_ - 1) / grain_) * num_buckets_, 0);
    threads_.parallel_for(rows_, grain_, [&](std::int64_t begin, std::int64_t end, int) {
      std::int64_t* counts = block_places_.data() + block_of(begin) * num_buckets_;
      for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row) {
        buckets_[row] = bucket_of_key[static_cast<std::size_t>(keys[row])];
        ++counts[buckets_[row]];
      }
    });
    std::int64_t next = 0;
    for (std::size_t bucket = 0; bucket < num_buckets_; ++bucket)
      for (std::size_t at = bucket; at < block_places_.size(); at += num_buckets_)
        next += std::exchange(block_places_[at], next);
  }

  std::size_t block_of(std::int64_t begin) const {
    return static_cast<std::size_t>(begin / grain_);
  }

  template <class T>
  std::vector<T> to_buckets(std::span<const T> column) const {
    std::vector<T> out(column.size());
    threads_.parallel_for(rows_, grain_, [&](std::int64_t begin, std::int64_t end, int) {
      const auto first =
          block_places_.begin() + static_cast<std::ptrdiff_t>(block_of(begin) * num_buckets_);
      std::vector<std::int64_t> places(first, first + static_cast<std::ptrdiff_t>(num_buckets_));
      for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row)
        out[static_cast<std::size_t>(places[buckets_[row]]++)] = column[row];
    });
    return out;
  }

  ThreadPool& threads_;
  std::int64_t rows_, grain_ = 1;
  std::size_t num_buckets_ = 1;
  std::vector<std::int64_t> offsets_;       // by key
  std::vector<std::int64_t> first_keys_;    // by bucket, and the end
  std::vector<std::uint8_t> buckets_;       // by row
  std::vector<std::int64_t> block_places_;  // by block and bucket: where its first row goes
  std::vector<std::int32_t> keys_;          // by bucket
};

}  // namespace crossfade
