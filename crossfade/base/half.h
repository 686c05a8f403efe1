// Half: a number of 16 bits (IEEE 754 binary16), as embeddings are stored; all arithmetic is done
// in wider types.
#pragma once

#include <bit>
#include <cstdint>

namespace crossfade {

struct Half {
  std::uint16_t bits = 0;
  bool operator==(const Half&) const = default;
};

inline bool is_finite(Half half) {
  return (half.bits & 0x7C00) != 0x7C00;
}

// Exact.
inline float half_to_float(Half half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half.bits & 0x8000) << 16;
  const std::uint32_t magnitude = half.bits & 0x7FFF;
  if (magnitude >= 0x7C00) return std::bit_cast<float>(sign | 0x7F800000U | magnitude << 13);
  // The exponent's bias differs by 112; a multiplication also makes subnormal halves right.
  const float value = std::bit_cast<float>(magnitude << 13) * 0x1p112F;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
}

// To the nearest, ties to even; from 65520 on infinity.
inline Half float_to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
  const std::uint32_t magnitude = bits & 0x7FFFFFFF;
  const auto signed_half = [&](std::uint32_t half) {
    return Half{static_cast<std::uint16_t>(sign | half)};
  };
  if (magnitude > 0x7F800000) return signed_half(0x7E00);   // not a number
  if (magnitude >= 0x47800000) return signed_half(0x7C00);  // 2^16 and more
  if (magnitude < 0x38800000) {  // below 2^-14: a multiple of 2^-24, which is what 0.5 ends in
    const float rounded = std::bit_cast<float>(magnitude) + 0.5F;
    return signed_half(std::bit_cast<std::uint32_t>(rounded) - 0x3F000000);
  }
  return signed_half((magnitude + 0xFFF + (magnitude >> 13 & 1) - 0x38000000) >> 13);
}

}  // namespace crossfade
