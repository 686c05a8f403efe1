// Packing of norms and of feed-forward layers; see feed_forward.h.
#include "crossfade/models/sequence/feed_forward.h"

#include "crossfade/kernels/activation.h"
#include "crossfade/kernels/layer_norm.h"

namespace crossfade {
namespace {

PackedLinear packed(const SequenceWeights& weights, const std::string& name, std::int64_t in,
                    std::int64_t out, bool alone) {
  return {weights[name + ".weight"],
          weights[name + ".bias"],
          HeadPlaces::whole(in),
          HeadPlaces::whole(out),
          1,
          alone};
}

}  // namespace

PackedNorm::PackedNorm(const SequenceWeights& weights, const std::string& name) {
  const Array<float>&gains = weights[name + ".weight"], &shifts = weights[name + ".bias"];
  dims_ = gains.size();
  gain_.assign(gains.begin(), gains.end());
  shift_.assign(shifts.begin(), shifts.end());
  gain_.resize(kernels::padded_columns(dims_));
  shift_.resize(gain_.size());
}

void PackedNorm::apply(const Rows& from, const Rows& to, float* scales) const {
  kernels::normalise({from.data, from.stride, from.count, dims_, gain_.data(), shift_.data(),
                      static_cast<float>(kLayerNormEpsilon), to.data, to.stride, scales});
}

FeedForward::FeedForward(const SequenceConfig& config, const SequenceWeights& weights,
                         const std::string& block, bool alone)
    : pre_(config.norm == "pre"),
      gelu_(config.activation == "gelu"),
      in_(packed(weights, block + "feed_forward.in", config.dimensions, config.hidden_width(),
                 alone)),
      back_(packed(weights, block + "feed_forward.out", config.hidden_width(), config.dimensions,
                   alone)),
      norm_(weights, block + "feed_forward_norm") {}

void FeedForward::apply(const Rows& rows, float* room) const {
  const Rows inside{room, in_.width(), rows.count};
  Rows read = rows;
  if (pre_) {
    read = {inside.row(rows.count), back_.width(), rows.count};
    norm_.apply(rows, read);
  }
  in_.apply(read, inside);
  const std::span<float> values(inside.data, inside.count * inside.stride);
  gelu_ ? kernels::gelu(values) : kernels::relu(values);
  back_.apply(inside, rows, true);
  if (!pre_) norm_.apply(rows, rows);
}

}  // namespace crossfade
