// Four bytes at a time, little-endian; the rest of up to three bytes is mixed in without rotation.
#include "crossfade/experiments/murmur3.h"

#include <bit>
#include <cstring>

namespace crossfade {
namespace {

static_assert(std::endian::native == std::endian::little, "blocks are read as they lie in memory");

std::uint32_t scrambled(std::uint32_t block) {
  block *= 0xCC9E2D51U;
  return std::rotl(block, 15) * 0x1B873593U;
}

}  // namespace

std::uint32_t murmur3_32(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t hash = seed;
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    std::uint32_t block;
    std::memcpy(&block, bytes.data() + at, 4);
    hash = std::rotl(hash ^ scrambled(block), 13) * 5 + 0xE6546B64U;
  }
  std::uint32_t rest = 0;
  for (std::size_t end = bytes.size(); end > at; --end)
    rest = rest << 8 | static_cast<std::uint8_t>(bytes[end - 1]);
  hash ^= scrambled(rest);  // 0 of nothing

  hash ^= static_cast<std::uint32_t>(bytes.size());
  hash = (hash ^ hash >> 16) * 0x85EBCA6BU;
  hash = (hash ^ hash >> 13) * 0xC2B2AE35U;
  return hash ^ hash >> 16;
}

}  // namespace crossfade
