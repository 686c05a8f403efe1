// Reading and multiplying; the halves' arithmetic stands in kernels/.
#include "crossfade/simulation/track_vectors.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "crossfade/base/npy.h"
#include "crossfade/base/text.h"
#include "crossfade/kernels/half_dot.h"

namespace crossfade {
namespace {

constexpr std::int64_t kMaxRows = std::int64_t{1} << 31;
constexpr std::int64_t kMaxDims = 65536;
constexpr std::size_t kGroup = 64;  // pairs handed to the kernel at once

Result<std::int64_t> dims_of(std::int64_t size, std::int64_t rows) {
  if (rows < 1 || size < rows) return data_invalid("the embeddings have no rows or no columns");
  if (rows >= kMaxRows || size / rows > kMaxDims)
    return data_invalid("the embeddings have " + format_count(rows) + " rows of " +
                        format_count(size / rows) + " numbers, more than " +
                        format_count(kMaxRows) + " or " + format_count(kMaxDims));
  return size / rows;
}

template <class T, class IsFinite>
Status check_finite(std::span<const T> values, std::int64_t dims, IsFinite&& finite) {
  const auto bad = std::find_if_not(values.begin(), values.end(), finite);
  if (bad == values.end()) return ok_status();
  return data_invalid("the embedding of track " + std::to_string((bad - values.begin()) / dims) +
                      " holds a value that is not finite");
}

// In index order, rounded once.
float float_product(const float* a, const float* b, std::int64_t dims) {
  double sum = 0;
  for (std::int64_t i = 0; i < dims; ++i) sum += static_cast<double>(a[i]) * b[i];
  return static_cast<float>(sum);
}

}  // namespace

Result<TrackVectors> TrackVectors::create(Array<Half> values, std::int64_t rows) {
  TrackVectors vectors;
  CROSSFADE_ASSIGN_OR_RETURN(vectors.dims_,
                             dims_of(static_cast<std::int64_t>(values.size()), rows));
  CROSSFADE_RETURN_IF_ERROR(
      check_finite(values.span(), vectors.dims_, [](Half half) { return is_finite(half); }));
  vectors.halves_ = std::move(values);
  vectors.rows_ = rows;
  return vectors;
}

Result<TrackVectors> TrackVectors::create(Array<float> values, std::int64_t rows) {
  TrackVectors vectors;
  CROSSFADE_ASSIGN_OR_RETURN(vectors.dims_,
                             dims_of(static_cast<std::int64_t>(values.size()), rows));
  CROSSFADE_RETURN_IF_ERROR(
      check_finite(values.span(), vectors.dims_, [](float value) { return std::isfinite(value); }));
  vectors.floats_ = std::move(values);
  vectors.rows_ = rows;
  return vectors;
}

Result<TrackVectors> TrackVectors::read(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string type, npy_element_type(path));
  const auto make = [&](auto array) -> Result<TrackVectors> {
    if (!array.ok()) return array.status();
    if (array->shape.size() != 2)
      return data_invalid(path + " has " + std::to_string(array->shape.size()) +
                          " dimensions; embeddings have two: a row per track");
    auto vectors = create(std::move(array->values), array->shape[0]);
    if (!vectors.ok()) return vectors.status().at(path);
    return vectors;
  };
  if (type == "<f2") return make(read_npy<Half>(path));
  if (type == "<f4") return make(read_npy<float>(path));
  return data_invalid(path + " has elements of type " + type +
                      "; embeddings are float16 or float32 (numpy: astype('float32'))");
}

void TrackVectors::products(std::span<const Pair> pairs, std::span<double> out) const {
  const auto row = [&](const auto& values, std::int32_t track) {
    return values.data() + static_cast<std::int64_t>(track) * dims_;
  };
  if (!is_half()) {
    for (std::size_t p = 0; p < pairs.size(); ++p)
      out[p] = float_product(row(floats_, pairs[p].a), row(floats_, pairs[p].b), dims_);
    return;
  }
  for (std::size_t begin = 0; begin < pairs.size(); begin += kGroup) {
    const std::size_t count = std::min(kGroup, pairs.size() - begin);
    kernels::HalfPair rows[kGroup];
    float products[kGroup];
    for (std::size_t p = 0; p < count; ++p)
      rows[p] = {row(halves_, pairs[begin + p].a), row(halves_, pairs[begin + p].b)};
    kernels::half_dots({rows, count}, static_cast<std::size_t>(dims_), {products, count});
    std::copy(products, products + count, out.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

Array<float> TrackVectors::as_floats() const {
  if (!is_half()) return floats_;
  std::vector<float> floats(halves_.size());
  kernels::halves_to_floats(halves_, floats);
  return floats;
}

}  // namespace crossfade
