// PackedColumn: a block's column in as few whole bytes as its range of values needs.
//
// A value is base + unit * k, and k takes 0, 1, 2, 4 or 8 bytes ("frame of reference", Zukowski,
// Heman, Nes, Boncz: Super-Scalar RAM-CPU Cache Compression, ICDE 2006, without the exceptions). A
// block of a log in time order spans little time, so its nanoseconds fit 4 bytes once they are
// counted in the unit they were written in. Floats go by their bits.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

namespace crossfade {

struct PackedColumn {
  std::int64_t base = 0;
  std::int64_t unit = 1;   // 1, 1000, 10^6 or 10^9
  std::int64_t place = 0;  // of its first byte in the block
  std::uint8_t width = 0;  // bytes per row
  bool present = false;
};

// Values as 64-bit integers.
template <class T>
std::int64_t to_packable(T value) {
  if constexpr (std::floating_point<T>) {
    return std::bit_cast<std::uint32_t>(value);
  } else {
    return value;
  }
}

template <class T>
T from_packable(std::int64_t value) {
  if constexpr (std::floating_point<T>) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(value));
  } else {
    return static_cast<T>(value);
  }
}

// What has to be known of values before they are packed.
struct PackableRange {
  std::int64_t low = std::numeric_limits<std::int64_t>::max();
  std::int64_t high = std::numeric_limits<std::int64_t>::min();

  template <class T>
  static PackableRange of(std::span<const T> values) {
    PackableRange range;
    for (const T value : values) range.add(to_packable(value), to_packable(value));
    return range;
  }
  void add(std::int64_t least, std::int64_t most) {
    low = least < low ? least : low;
    high = most > high ? most : high;
  }
  std::uint64_t width() const {
    return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  }
};

// The largest unit, at most `most`, of which all values are multiples.
inline std::int64_t common_unit(std::span<const std::int64_t> values, std::int64_t most) {
  std::size_t row = 0;
  const auto run = [&]<std::int64_t kUnit>() {
    while (row < values.size() && values[row] % kUnit == 0) ++row;
    return row == values.size();
  };
  if (most >= 1'000'000'000 && run.template operator()<1'000'000'000>()) return 1'000'000'000;
  if (most >= 1'000'000 && run.template operator()<1'000'000>()) return 1'000'000;
  if (most >= 1'000 && run.template operator()<1'000>()) return 1'000;
  return 1;
}

// How to pack values of this range that are multiples of `unit`.
inline PackedColumn plan_packing(const PackableRange& range, std::int64_t unit) {
  PackedColumn column;
  column.present = true;
  column.base = range.low;
  column.unit = unit;
  const std::uint64_t most = range.width() / static_cast<std::uint64_t>(unit);
  if (most > std::numeric_limits<std::uint32_t>::max())
    column.width = 8;
  else if (most > std::numeric_limits<std::uint16_t>::max())
    column.width = 4;
  else if (most > std::numeric_limits<std::uint8_t>::max())
    column.width = 2;
  else if (most > 0)
    column.width = 1;
  return column;
}

// Calls body.operator()<Unsigned>() with the type of the column's width; not for width 0.
template <class Body>
void with_width(std::uint8_t width, const Body& body) {
  if (width == 1) body.template operator()<std::uint8_t>();
  if (width == 2) body.template operator()<std::uint16_t>();
  if (width == 4) body.template operator()<std::uint32_t>();
  if (width == 8) body.template operator()<std::uint64_t>();
}

// Calls body.operator()<kUnit>() with the column's unit, so that dividing by it is a
// multiplication.
template <class Body>
void with_unit(std::int64_t unit, const Body& body) {
  if (unit == 1) body.template operator()<1>();
  if (unit == 1'000) body.template operator()<1'000>();
  if (unit == 1'000'000) body.template operator()<1'000'000>();
  if (unit == 1'000'000'000) body.template operator()<1'000'000'000>();
}

}  // namespace crossfade
