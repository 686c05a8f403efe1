// at: a 64-bit count or index as the standard library's containers take one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crossfade {

// `index` is not below zero.
constexpr std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

}  // namespace crossfade
