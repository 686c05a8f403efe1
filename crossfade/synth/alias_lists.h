// AliasLists: many discrete distributions over items, each drawn from in constant time.
//
// The alias method (Walker, Electronics Letters 1974; built in linear time as Vose, IEEE TSE 1991):
// a distribution of n outcomes is cut into n slots of equal mass, each shared by at most two of
// them. One 64-bit random number chooses the slot and which of the two. Thresholds have 32 bits, so
// an outcome's mass is off by at most 2^-32.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/base/thread_pool.h"

namespace crossfade {

class AliasLists {
 public:
  AliasLists() = default;
  // List l has the outcomes items[offsets[l]] to items[offsets[l + 1]], distinct within a list,
  // with probabilities in proportion to `weights` (>= 0, not all 0 in a list that is not empty).
  // `marks` (by outcome; empty: all 0) lie beside the outcomes, so that a draw brings its mark from
  // the same line of the cache.
  AliasLists(std::vector<std::int64_t> offsets, std::vector<std::int32_t> items,
             const std::vector<double>& weights, const std::vector<std::uint8_t>& marks,
             ThreadPool& threads);

  std::int32_t num_lists() const { return static_cast<std::int32_t>(offsets_.size()) - 1; }
  std::int64_t size(std::int32_t list) const { return offset(list + 1) - offset(list); }
  // The outcomes of a list and, row by row, their probabilities (summing to 1).
  std::span<const std::int32_t> items(std::int32_t list) const { return cut(items_, list); }
  std::span<const float> probabilities(std::int32_t list) const {
    return cut(probabilities_, list);
  }

  struct Drawn {
    std::int32_t item;
    std::uint8_t mark;
  };
  // One outcome of a list that is not empty.
  Drawn draw(std::int32_t list, Rng& rng) const {
    const std::int64_t begin = offset(list);
    const auto size = static_cast<std::uint64_t>(offset(list + 1) - begin);
    const unsigned __int128 product = static_cast<unsigned __int128>(rng.next()) * size;
    const Slot& slot = slots_[static_cast<std::size_t>(begin) + (product >> 64)];
    const bool own = static_cast<std::uint64_t>(product) >> 32 < slot.threshold;
    return own ? Drawn{slot.own, slot.own_mark} : Drawn{slot.other, slot.other_mark};
  }

 private:
  struct alignas(16) Slot {
    std::uint32_t threshold;  // of 2^32: the mass of `own` in the slot
    std::int32_t own, other;  // outcomes
    std::uint8_t own_mark, other_mark;
  };

  std::int64_t offset(std::int32_t list) const { return offsets_[static_cast<std::size_t>(list)]; }
  template <class T>
  std::span<const T> cut(const std::vector<T>& values, std::int32_t list) const {
    return {values.data() + offset(list), static_cast<std::size_t>(size(list))};
  }
  void build(std::int32_t list, std::span<const double> weights,
             std::span<const std::uint8_t> marks);

  std::vector<std::int64_t> offsets_{0};
  std::vector<std::int32_t> items_;
  std::vector<float> probabilities_;
  std::vector<Slot> slots_;
};

}  // namespace crossfade
