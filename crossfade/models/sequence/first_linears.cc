// Tables of linear layers, filled once when a model is loaded: as many products as reading a window
// of all items; see first_linears.h.
#include "crossfade/models/sequence/first_linears.h"

#include <algorithm>
#include <numeric>

#include "crossfade/kernels/dot.h"
#include "crossfade/kernels/rows.h"

namespace crossfade {
namespace {

constexpr std::size_t kMostBytes = 32 << 20;  // beyond the caches rows arrive slower than products
constexpr std::size_t kTogether = 64;         // rows on their way into the tables

// (row - its mean) * gain.
void centre(std::span<float> row, std::span<const float> gain) {
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  const auto mean = static_cast<float>(sum / static_cast<double>(row.size()));
  for (std::size_t d = 0; d < row.size(); ++d) row[d] = (row[d] - mean) * gain[d];
}

}  // namespace

bool FirstLinears::worth_it(std::int64_t num_items, std::size_t numbers) {
  return static_cast<std::size_t>(num_items) <= kMostBytes / (numbers * sizeof(float));
}

FirstLinears::FirstLinears(const SequenceConfig& config, const SequenceWeights& weights,
                           const std::string& norm, std::span<const PackedLinear* const> linears)
    : pre_(config.norm == "pre") {
  for (const PackedLinear* linear : linears) {
    parts_.push_back({stride_, linear->width()});
    stride_ += linear->width();
  }
  const auto dims = static_cast<std::size_t>(config.dimensions);
  const std::size_t width = kernels::padded_columns(dims);
  kernels::AlignedFloats room(kTogether * width);
  // Rows of `from` times `scale`, through all linears, without their biases.
  const auto fill = [&](std::span<const float> from, float scale, kernels::AlignedFloats& table) {
    const std::size_t count = from.size() / dims;
    table.resize(count * stride_);
    for (std::size_t begin = 0; begin < count; begin += kTogether) {
      const Rows rows{room.data(), width, std::min(kTogether, count - begin)};
      for (std::size_t r = 0; r < rows.count; ++r) {
        for (std::size_t d = 0; d < dims; ++d)
          rows.row(r)[d] = scale * from[(begin + r) * dims + d];
        if (pre_) centre({rows.row(r), dims}, weights[norm + ".weight"].span());
      }
      for (std::size_t n = 0; n < parts_.size(); ++n)
        linears[n]->multiply(rows, {&table[begin * stride_ + parts_[n].column], stride_, 0});
    }
  };
  fill(weights["item_embedding"].span(), config.item_scale(), items_);
  fill(weights["position_embedding"].span(), 1, places_);

  // What is added to every row: to the places already, where nothing is multiplied behind it.
  start_.resize(stride_);
  std::fill(room.begin(), room.end(), 0.0F);
  if (pre_) std::copy_n(weights[norm + ".bias"].data(), dims, room.data());
  for (std::size_t n = 0; n < parts_.size(); ++n)
    linears[n]->apply({room.data(), width, 1}, {&start_[parts_[n].column], stride_, 1});
  if (pre_) return;
  for (std::size_t i = 0; i < places_.size(); ++i) places_[i] += start_[i % stride_];
}

void FirstLinears::ask_for(ItemIndex item, std::int32_t place) const {
  kernels::prefetch_rows(items_.data(), static_cast<std::int64_t>(stride_), {&item, 1});
  kernels::prefetch_rows(places_.data(), static_cast<std::int64_t>(stride_), {&place, 1});
}

void FirstLinears::apply(std::size_t n, const LayerRows& rows, const float* scales,
                         const Rows& to) const {
  const Part& part = parts_[n];
  kernels::pick_and_add({1, items_.data() + part.column, stride_, rows.items,
                         places_.data() + rows.first * stride_ + part.column, stride_, scales,
                         pre_ ? start_.data() + part.column : nullptr, to.data, to.stride,
                         part.width, n == 0 ? stride_ : 0});
}

}  // namespace crossfade
