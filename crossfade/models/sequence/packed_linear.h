// PackedLinear: a linear layer of torch, [out, in] and bias, as kernels/matrix_product.h takes it:
// in rows by columns out, padded with zeros.
//
// Attention cuts its columns into heads, and a head's columns are padded for themselves: so a
// column has a place in the padded matrix, which HeadPlaces says.
#pragma once

#include <cstdint>
#include <span>

#include "crossfade/kernels/aligned_floats.h"
#include "crossfade/kernels/matrix_product.h"

namespace crossfade {

// Where columns lie once each of `heads` equal parts of them is padded. One head: where they were.
struct HeadPlaces {
  std::size_t columns = 0, heads = 1;

  static HeadPlaces whole(std::int64_t columns) { return {static_cast<std::size_t>(columns), 1}; }

  std::size_t head_columns() const { return columns / heads; }
  std::size_t head_width() const { return kernels::padded_columns(head_columns()); }
  std::size_t width() const { return heads * head_width(); }
  std::size_t operator()(std::size_t column) const {
    return column / head_columns() * head_width() + column % head_columns();
  }
};

// Rows `stride` floats apart.
struct Rows {
  float* data = nullptr;
  std::size_t stride = 0, count = 0;

  float* row(std::size_t r) const { return data + r * stride; }
  Rows from(std::size_t first) const { return {row(first), stride, count - first}; }
};

class PackedLinear {
 public:
  // Values times `scale`. `alone`: it is only ever applied to one row, and may sum in halves.
  PackedLinear(std::span<const float> weight, std::span<const float> bias, HeadPlaces in,
               HeadPlaces out, float scale = 1, bool alone = false)
      : inner_(in.width()),
        columns_(out.width()),
        weight_(inner_ * columns_),
        bias_(columns_),
        alone_(alone) {
    for (std::size_t o = 0; o < out.columns; ++o) {
      for (std::size_t i = 0; i < in.columns; ++i)
        weight_[in(i)*columns_ + out(o)] = scale * weight[o * in.columns + i];
      bias_[out(o)] = scale * bias[o];
    }
  }

  std::size_t width() const { return columns_; }
  // to = layer(from), or to += layer(from).
  void apply(const Rows& from, const Rows& to, bool add = false) const {
    kernels::multiply({from.data, from.stride, weight_.data(), columns_, bias_.data(), to.data,
                       to.stride, from.count, inner_, columns_, add, nullptr, alone_});
  }
  // The same without the bias.
  void multiply(const Rows& from, const Rows& to) const {
    kernels::multiply({from.data, from.stride, weight_.data(), columns_, nullptr, to.data,
                       to.stride, from.count, inner_, columns_});
  }

 private:
  std::size_t inner_, columns_;
  kernels::AlignedFloats weight_, bias_;
  bool alone_;
};

}  // namespace crossfade
