// Inner products of halves as NumPy computes them: each product as a float, the floats summed in
// the order of the indices, the sum rounded once to a half.
//
// NumPy's own loop (HALF_dot in its source) is such a chain, and a simulation that has to agree
// with it to the last bit may not sum in another order. A product of two halves has 22 bits and is
// exact in a float, so only the additions round; they wait for each other, three or four cycles
// each. Several pairs at a time hide that: each keeps its own order, and the answer does not depend
// on how pairs are grouped. The bytes are the same on every instruction set.
#pragma once

#include <cstddef>
#include <span>

#include "crossfade/base/half.h"

namespace crossfade::kernels {

// Two rows of the same length.
struct HalfPair {
  const Half* a = nullptr;
  const Half* b = nullptr;
};

// out[p] = the rounded inner product of pair p, as a float; rows have `dims` finite halves.
void half_dots(std::span<const HalfPair> pairs, std::size_t dims, std::span<float> out);

// out[i] = halves[i], for rows of finite halves.
void halves_to_floats(std::span<const Half> halves, std::span<float> out);

}  // namespace crossfade::kernels
