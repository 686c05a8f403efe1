// Least-significant-digit radix sort of keys that hold the time above the row number.
#include "crossfade/synth/time_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "crossfade/base/check.h"

namespace crossfade {
namespace {

constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = 1 << kDigitBits;
constexpr std::int64_t kGrain = 1 << 18;

using Keys = std::vector<std::uint64_t>;

// One pass: counts the digits of each block, gives every (digit, block) its place, then moves keys.
void sort_by_digit(const Keys& from, Keys& to, int shift, ThreadPool& threads) {
  const auto size = static_cast<std::int64_t>(from.size());
  const auto digit = [&](std::uint64_t key) { return key >> shift & (kDigits - 1); };
  std::vector<std::array<std::int64_t, kDigits>> places(
      static_cast<std::size_t>((size + kGrain - 1) / kGrain));
  threads.parallel_for(size, kGrain, [&](std::int64_t begin, std::int64_t end, int) {
    auto& count = places[static_cast<std::size_t>(begin / kGrain)];
    count.fill(0);
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      ++count[digit(from[i])];
  });
  std::int64_t place = 0;
  for (std::size_t value = 0; value < kDigits; ++value)
    for (auto& block : places) place += std::exchange(block[value], place);
  threads.parallel_for(size, kGrain, [&](std::int64_t begin, std::int64_t end, int) {
    auto& next = places[static_cast<std::size_t>(begin / kGrain)];
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      to[static_cast<std::size_t>(next[digit(from[i])]++)] = from[i];
  });
}

}  // namespace

std::vector<std::int32_t> time_order(std::span<const std::int64_t> time_ms, ThreadPool& threads) {
  const std::size_t rows = time_ms.size();
  std::vector<std::int32_t> order(rows);
  if (rows == 0) return order;
  const auto [low, high] = std::minmax_element(time_ms.begin(), time_ms.end());
  const int row_bits = std::bit_width(rows - 1);
  const int time_bits = std::bit_width(static_cast<std::uint64_t>(*high - *low));
  CROSSFADE_CHECK(rows < std::size_t{1} << 31 && row_bits + time_bits <= 64,
                  "time and row fit one key");

  Keys keys(rows), scratch(rows);
  threads.parallel_for(
      static_cast<std::int64_t>(rows), kGrain, [&](std::int64_t begin, std::int64_t end, int) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
          keys[i] = static_cast<std::uint64_t>(time_ms[i] - *low) << row_bits | i;
      });
  for (int shift = row_bits; shift < row_bits + time_bits; shift += kDigitBits) {
    sort_by_digit(keys, scratch, shift, threads);
    keys.swap(scratch);
  }
  const std::uint64_t row_mask = (std::uint64_t{1} << row_bits) - 1;
  for (std::size_t i = 0; i < rows; ++i) order[i] = static_cast<std::int32_t>(keys[i] & row_mask);
  return order;
}

}  // namespace crossfade
