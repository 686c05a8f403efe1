// Quantisation and its bounds; the mathematics stands in int8_rows.h.
#include "crossfade/kernels/int8_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "crossfade/base/check.h"

namespace crossfade::kernels {
namespace {

constexpr int kItemLimit = 127;
constexpr int kQueryLimit = 63;
constexpr double kLaneLimit = 32767;  // of the squares of the codes in one 16-bit lane
// Items shorter than this times the longest are not coded: their length bounds their score.
constexpr double kShortest = 0x1p-80;
// Covers rounding in float of the scan's three terms and in double of everything here.
constexpr double kRounding = 0x1p-18;

float round_up(double x) {
  const auto nearest = static_cast<float>(x);
  if (static_cast<double>(nearest) >= x) return nearest;
  return std::nextafter(nearest, std::numeric_limits<float>::infinity());
}

float round_down(double x) {
  return -round_up(-x);
}

// At least one, so that no loop over groups is ever empty.
std::int64_t groups_of(std::size_t dims) {
  const auto size = static_cast<std::int64_t>(dims);
  return std::max<std::int64_t>(1, (size + kGroupDims - 1) / kGroupDims);
}

struct Quantized {
  double scale = 0;
  double code_length = 0;
  double error = 0;
};

// Sums by a dimension's place in its group: the first two are a 16-bit lane, the others another.
// Apart, so that the additions need not wait for each other.
struct Places {
  std::array<double, kGroupDims> sums{};

  double low() const { return sums[0] + sums[1]; }
  double high() const { return sums[2] + sums[3]; }
  double all() const { return low() + high(); }
  double larger() const { return std::max(low(), high()); }
};

// The segment of `row` that begins there.
std::span<const float> segment_of(std::span<const float> row, std::size_t begin) {
  return row.subspan(begin, std::min(static_cast<std::size_t>(kSegmentDims), row.size() - begin));
}

// To the nearest whole number, as the processor rounds; far faster than std::nearbyint, for numbers
// below 2^51.
double nearest(double x) {
  constexpr double kWhole = 0x1.8p52;
  return (x + kWhole) - kWhole;
}

// Calls visit(d, place) for every dimension of a segment, in order; `place` is known to the
// compiler for all but the last few, so that sums by place stay in registers.
template <class Visit>
void for_each_place(std::size_t size, const Visit& visit) {
  constexpr std::size_t kPlaces = kGroupDims;
  std::size_t d = 0;
  for (; d + kPlaces <= size; d += kPlaces)
#pragma GCC unroll 4
    for (std::size_t place = 0; place < kPlaces; ++place) visit(d + place, place);
  for (; d < size; ++d) visit(d, d % kPlaces);
}

// Codes `row` * `factor` within [-limit, limit] and the limit of every lane.
Quantized quantize(std::span<const float> row, double factor, int limit, std::int8_t* codes) {
  Places most;
  double longest_lane = 0;
  for (std::size_t begin = 0; begin < row.size(); begin += kSegmentDims) {
    Places squares;
    const auto segment = segment_of(row, begin);
    for_each_place(segment.size(), [&](std::size_t d, std::size_t place) {
      const double x = segment[d] * factor;
      most.sums[place] = std::max(most.sums[place], std::abs(x));
      squares.sums[place] += x * x;
    });
    longest_lane = std::max(longest_lane, squares.larger());
  }
  const double largest = *std::max_element(most.sums.begin(), most.sums.end());
  // Rounding may lengthen a lane beyond its limit: then a slightly larger scale is tried.
  for (double scale = std::max(largest / limit, std::sqrt(longest_lane / kLaneLimit));;
       scale *= 1.005) {
    const double inverse = 1 / scale;
    double code_squares = 0, error_squares = 0;
    longest_lane = 0;
    for (std::size_t begin = 0; begin < row.size(); begin += kSegmentDims) {
      Places squares, errors;
      const auto segment = segment_of(row, begin);
      for_each_place(segment.size(), [&](std::size_t d, std::size_t place) {
        const double x = segment[d] * factor;
        const double code = std::min(std::max(nearest(x * inverse), -1.0 * limit), 1.0 * limit);
        const double rest = x - scale * code;
        codes[begin + d] = static_cast<std::int8_t>(code);
        squares.sums[place] += code * code;
        errors.sums[place] += rest * rest;
      });
      longest_lane = std::max(longest_lane, squares.larger());
      code_squares += squares.all();
      error_squares += errors.all();
    }
    if (longest_lane > kLaneLimit) continue;
    constexpr double kUp = 1 + 0x1p-30;  // the sums of squares are themselves rounded
    return {scale, std::sqrt(code_squares) * kUp, std::sqrt(error_squares) * kUp};
  }
}

// The power of two that brings `length` into [1/2, 1); 0 for 0.
int exponent_for(double length) {
  int exponent = 0;
  std::frexp(length, &exponent);
  return -exponent;
}

}  // namespace

double row_length(std::span<const float> row) {
  std::array<double, 4> sums{};  // apart, so that the additions need not wait for each other
  std::size_t d = 0;
  for (; d + 4 <= row.size(); d += 4)
    for (std::size_t j = 0; j < 4; ++j) sums[j] += static_cast<double>(row[d + j]) * row[d + j];
  double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  for (; d < row.size(); ++d) sum += static_cast<double>(row[d]) * row[d];
  return std::sqrt(sum);
}

Int8Items quantize_items(const float* values, std::int64_t dims,
                         std::span<const std::int32_t> order) {
  const auto width = static_cast<std::size_t>(dims);
  const auto row = [&](std::int32_t id) {
    return std::span(values + static_cast<std::size_t>(id) * width, width);
  };
  Int8Items items;
  items.rows = static_cast<std::int64_t>(order.size());
  items.groups = groups_of(width);
  double longest = 0;
  for (std::int32_t id : order) longest = std::max(longest, row_length(row(id)));
  items.exponent = exponent_for(longest);

  const double factor = std::ldexp(1.0, items.exponent);
  const auto padded = static_cast<std::size_t>(items.tiles() * kTileRows);
  const auto groups = static_cast<std::size_t>(items.groups);
  items.codes.assign(padded * groups * kGroupDims, 128);
  items.scale.assign(padded, 0);
  items.length.assign(static_cast<std::size_t>(items.tiles()), 0);
  items.error.assign(static_cast<std::size_t>(items.tiles()), 0);
  std::vector<std::int8_t> codes(width);
  for (std::size_t r = 0; r < order.size(); ++r) {
    float& longest_of_tile = items.length[r / kTileRows];
    float& error_of_tile = items.error[r / kTileRows];
    const double length = std::max(row_length(row(order[r])) * factor * (1 + 0x1p-30), kShortest);
    longest_of_tile = std::max(longest_of_tile, round_up(length));
    if (length <= kShortest) {
      error_of_tile = std::max(error_of_tile, round_up(length));
      continue;
    }
    const Quantized q = quantize(row(order[r]), factor, kItemLimit, codes.data());
    items.scale[r] = static_cast<float>(q.scale);
    // The codes belong to the scale in double; in float it is off by up to 2^-24 of itself.
    error_of_tile = std::max(error_of_tile, round_up(q.error + q.scale * q.code_length * 0x1p-23));
    const std::size_t tile = r / kTileRows, lane = r % kTileRows;
    for (std::size_t d = 0; d < width; ++d)
      items.codes[(tile * groups + d / kGroupDims) * kTileRows * kGroupDims + lane * kGroupDims +
                  d % kGroupDims] = static_cast<std::uint8_t>(codes[d] + 128);
  }
  return items;
}

void quantize_query(std::span<const float> row, const Int8Items& items, Int8Query& query) {
  CROSSFADE_CHECK(groups_of(row.size()) == items.groups,
                  "a query has as many dimensions as the items");
  const auto width = static_cast<std::size_t>(items.groups * kGroupDims);
  const std::size_t segments = (width + kSegmentDims - 1) / kSegmentDims;
  query.codes.assign(width, 0);
  query.starts.assign(segments, 0);
  query.offset = 0;
  const double length = row_length(row) * (1 + 0x1p-30);
  const int exponent = exponent_for(length);
  const double factor = std::ldexp(1.0, exponent);
  Quantized q{1, 0, 0};
  if (length > 0) q = quantize(row, factor, kQueryLimit, query.codes.data());
  for (std::size_t s = 0; s < segments; ++s) {
    std::array<std::int32_t, kGroupDims> sums{};
    const std::size_t begin = s * kSegmentDims;
    const std::int8_t* const codes = query.codes.data() + begin;
    for_each_place(std::min(width - begin, static_cast<std::size_t>(kSegmentDims)),
                   [&](std::size_t d, std::size_t place) { sums[place] += codes[d]; });
    const auto low = static_cast<std::uint16_t>(-128 * (sums[0] + sums[1]));
    const auto high = static_cast<std::uint16_t>(-128 * (sums[2] + sums[3]));
    query.starts[s] = static_cast<std::int32_t>(low | static_cast<std::uint32_t>(high) << 16);
    query.offset += -128 * (sums[0] + sums[1] + sums[2] + sums[3]);
  }

  const auto dims = static_cast<double>(row.size());
  const double float_dot = (dims + 2) * 0x1p-24 * 1.1;  // relative error of kernels/dot.h
  query.scale = q.scale;
  query.score_scale = std::ldexp(1.0, exponent + items.exponent);
  query.absolute_slack = (dims + 2) * 0x1p-149 * query.score_scale + 0x1p-120;
  query.reach = length * factor * (1 + float_dot + kRounding);
  query.length_weight =
      round_up((q.error + length * factor * float_dot) / q.scale + kRounding * q.code_length);
  query.error_weight = round_up(q.code_length * (1 + kRounding));
}

float Int8Query::threshold(float score) const {
  return round_down((score * score_scale - absolute_slack) / scale);
}

float Int8Query::reached_threshold(float reached) const {
  // The k-th best score is at least (scale * reached - absolute_slack) / score_scale.
  return round_down(reached - 2 * absolute_slack / scale);
}

bool Int8Query::out_of_reach(float score, float length) const {
  return reach * length + absolute_slack < score * score_scale;
}

}  // namespace crossfade::kernels
