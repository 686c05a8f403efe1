// TrackVectors: the hidden embeddings, and the products of two tracks as the original has them.
//
// Halves (the files since autumn 2025) are multiplied as numpy does: kernels/half_dot.h, the same
// bytes on every machine. Floats (all earlier files) go through BLAS there, which promises no order
// of summation; here they are summed as doubles in index order and rounded once to a float, which
// is within half a unit of the last place of the exact product. A BLAS differs from that by at most
// dims * 2^-24 * |a| |b| (kernels/dot.h has the bound): for 100 dims and vectors of length 4 by
// 1e-4. Measured against numpy 2.4 on 300,000 pairs of a generated world of 2022: by at most 4e-6,
// and none of the shares, which are rounded to hundredths, differed.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "crossfade/base/array.h"
#include "crossfade/base/half.h"
#include "crossfade/base/status.h"

namespace crossfade {

class TrackVectors {
 public:
  struct Pair {
    std::int32_t a = 0, b = 0;
  };

  // `values` has rows * dims entries, row-major. Errors (data invalid): none of either, too many, a
  // value that is not finite.
  static Result<TrackVectors> create(Array<Half> values, std::int64_t rows);
  static Result<TrackVectors> create(Array<float> values, std::int64_t rows);
  // A .npy file of two dimensions, float16 or float32. Errors: as read_npy() and create().
  static Result<TrackVectors> read(const std::string& path);

  std::int64_t rows() const { return rows_; }
  std::int64_t dims() const { return dims_; }
  bool is_half() const { return !halves_.empty(); }

  // out[p] = the product of the two tracks of pair p. Halves: eight pairs at once cost little more
  // than one.
  void products(std::span<const Pair> pairs, std::span<double> out) const;
  // All rows as floats, exactly; shared where they are floats already.
  Array<float> as_floats() const;

 private:
  Array<Half> halves_;  // one of the two
  Array<float> floats_;
  std::int64_t rows_ = 0, dims_ = 0;
};

}  // namespace crossfade
