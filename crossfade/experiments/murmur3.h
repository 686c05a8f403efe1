// MurmurHash3 for x86, 32 bits (Austin Appleby, public domain, 2011): the hash by which botify has
// dealt listeners into treatments since 2021. Exact, because whoever is in which arm is part of the
// published logs.
#pragma once

#include <cstdint>
#include <string_view>

namespace crossfade {

std::uint32_t murmur3_32(std::string_view bytes, std::uint32_t seed);

}  // namespace crossfade
