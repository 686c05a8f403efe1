// Rows of floats as 8-bit codes with proven bounds: the first, cheap look of exact retrieval.
//
// A row x becomes x = scale * q + e with integer codes q, and the length of the rest e is kept. For
// a query u = s_u q_u + e_u and an item i = s_i q_i + e_i the inequality of Cauchy and Schwarz
// gives
//
//   |u.i - s_u s_i (q_u.q_i)|  <=  |e_u| |i| + |s_u q_u| |e_i|,
//
// so an item whose estimate plus this bound lies below the k-th best score so far cannot be among
// the best k, whatever the data. Everything here is computed in double and rounded away from zero,
// and the bound also covers the rounding of the float inner product that it is compared with
// (kernels/dot.h). Compare the integer step of FEXIPRO (Li, Chan, Yiu, Mamoulis, SIGMOD 2017).
//
// Codes are chosen so that sums stay in 16 bits (int8_scan.h): a query's within [-63, 63], an
// item's within [-127, 127], and the squares of the codes that fall into one 16-bit lane sum to at
// most 32767. Cauchy and Schwarz again: no lane can overflow. At 128 dimensions this costs no
// precision against plain 7-bit codes, because the largest element, not the length, is the tighter
// limit.
//
// Scales: all rows of a set are multiplied by one power of two that brings the longest to [1/2, 1),
// so that factors of 1e-30 or 1e15 fill the codes as well as others do.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/kernels/aligned_floats.h"

namespace crossfade::kernels {

constexpr std::int64_t kTileRows = 16;      // items that stand together in the layout
constexpr std::int64_t kGroupDims = 4;      // neighbouring dimensions of one item: 32 bits
constexpr std::int64_t kSegmentDims = 128;  // dimensions summed in 16 bits before they are widened

// The longest row that is accepted: products of two such lengths stay far from the largest float.
constexpr double kMaxRowLength = 1e18;

// Euclidean length of a row, in double; infinite or NaN where an element is.
double row_length(std::span<const float> row);

// Items in tiles of 16 rows and groups of 4 dimensions: codes[((tile * groups) + group) * 64 +
// item * 4 + dim], plus 128 so that they are unsigned. Dimensions and rows are padded with zeros.
struct Int8Items {
  std::int64_t rows = 0;
  std::int64_t groups = 0;
  int exponent = 0;  // rows were multiplied by 2^exponent; all below is after that
  std::vector<std::uint8_t, LineAllocator<std::uint8_t>> codes;
  AlignedFloats scale;        // s_i of every row; 0 for padding and rows too short to matter
  std::vector<float> length;  // of every tile: its longest |i|, rounded up
  std::vector<float> error;   // of every tile: its longest |e_i|, rounded up

  std::int64_t tiles() const { return (rows + kTileRows - 1) / kTileRows; }
};

// Codes rows order[0], order[1], ... of the matrix at `values`. Rows are finite and no longer than
// kMaxRowLength (the caller has checked). Linear time.
Int8Items quantize_items(const float* values, std::int64_t dims,
                         std::span<const std::int32_t> order);

// One query against such items. The scan (int8_scan.h) passes item i of tile t if
//   scale_i * Q_i  >=  threshold - length_weight * length_t - error_weight * error_t,
// with Q_i the integer inner product. One limit for the tile costs little where its rows are alike:
// code them in the order of their lengths.
struct Int8Query {
  std::vector<std::int8_t> codes;    // groups * 4
  std::vector<std::int32_t> starts;  // per segment, two 16-bit sums: -128 * the codes of the lane
  std::int32_t offset = 0;           // -128 * the sum of all codes
  float length_weight = 0;
  float error_weight = 0;

  // The threshold to scan with so that no item with dot(query, item) >= `score` is missed.
  float threshold(float score) const;
  // The threshold of an item's upper bound where k lower bounds are at least `reached`, so that no
  // item is missed whose score is among the best k.
  float reached_threshold(float reached) const;
  // True if no item of scaled length `length` or less can reach `score`.
  bool out_of_reach(float score, float length) const;

  double scale = 1;           // s_u, after scaling
  double score_scale = 1;     // scores * score_scale are in the units of the scaled rows
  double absolute_slack = 0;  // underflow in the float inner product, in those units
  double reach = 0;           // the largest score per unit of scaled item length
};

// Codes a query for `items`; same precondition. `query` is reused storage.
void quantize_query(std::span<const float> row, const Int8Items& items, Int8Query& query);

}  // namespace crossfade::kernels
