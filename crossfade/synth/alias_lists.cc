// Builds the slots of each list, lists in parallel.
#include "crossfade/synth/alias_lists.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/check.h"

namespace crossfade {
namespace {

constexpr double kFull = 4294967296.0;  // 2^32

std::uint32_t to_threshold(double mass) {
  return static_cast<std::uint32_t>(std::min(std::floor(mass * kFull), kFull - 1));
}

}  // namespace

AliasLists::AliasLists(std::vector<std::int64_t> offsets, std::vector<std::int32_t> items,
                       const std::vector<double>& weights, const std::vector<std::uint8_t>& marks,
                       ThreadPool& threads)
    : offsets_(std::move(offsets)), items_(std::move(items)) {
  CROSSFADE_CHECK(items_.size() == weights.size(), "one weight per outcome");
  probabilities_.resize(items_.size());
  slots_.resize(items_.size());
  threads.parallel_for(num_lists(), 64, [&](std::int64_t begin, std::int64_t end, int) {
    for (auto list = static_cast<std::int32_t>(begin); list < end; ++list)
      build(list, {weights.data() + offset(list), static_cast<std::size_t>(size(list))}, marks);
  });
}

void AliasLists::build(std::int32_t list, std::span<const double> weights,
                       std::span<const std::uint8_t> marks) {
  const std::size_t size = weights.size();
  if (size == 0) return;
  const auto base = static_cast<std::size_t>(offset(list));
  double total = 0;
  for (const double weight : weights) total += weight;
  CROSSFADE_CHECK(total > 0, "a distribution needs mass");

  const auto make_slot = [&](std::uint32_t threshold, std::size_t own, std::size_t other) {
    const auto mark = [&](std::int32_t item) {
      return marks.empty() ? std::uint8_t{0} : marks[static_cast<std::size_t>(item)];
    };
    const std::int32_t first = items_[base + own], second = items_[base + other];
    slots_[base + own] = {threshold, first, second, mark(first), mark(second)};
  };
  // Mass in units of a slot; rows under one slot wait in `small`, the others in `large`.
  std::vector<double> mass(size);
  std::vector<std::size_t> small, large;
  for (std::size_t row = 0; row < size; ++row) {
    probabilities_[base + row] = static_cast<float>(weights[row] / total);
    mass[row] = weights[row] / total * static_cast<double>(size);
    (mass[row] < 1 ? small : large).push_back(row);
  }
  while (!small.empty() && !large.empty()) {
    const std::size_t poor = small.back(), rich = large.back();
    small.pop_back();
    make_slot(to_threshold(mass[poor]), poor, rich);
    mass[rich] -= 1 - mass[poor];
    if (mass[rich] < 1) {
      large.pop_back();
      small.push_back(rich);
    }
  }
  // What is left is one slot each, but for rounding.
  for (const auto* rest : {&small, &large})
    for (const std::size_t row : *rest) make_slot(0xFFFFFFFFU, row, row);
}

}  // namespace crossfade
