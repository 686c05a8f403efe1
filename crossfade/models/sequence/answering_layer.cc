// One row looks at all; see answering_layer.h.
#include "crossfade/models/sequence/answering_layer.h"

#include <algorithm>

#include "crossfade/kernels/dot.h"
#include "crossfade/kernels/softmax.h"

namespace crossfade {

AnsweringLayer::AnsweringLayer(const SequenceConfig& config, const SequenceWeights& weights,
                               const std::string& block)
    : AnsweringLayer(config, weights, block,
                     fold_attention(config, weights, block + "attention.")) {}

AnsweringLayer::AnsweringLayer(const SequenceConfig& config, const SequenceWeights& weights,
                               const std::string& block, const FoldedAttention& folded)
    : pre_(config.norm == "pre"),
      length_(kernels::padded_columns(static_cast<std::size_t>(config.length))),
      width_(kernels::padded_columns(static_cast<std::size_t>(config.dimensions))),
      heads_{static_cast<std::size_t>(config.heads * config.dimensions),
             static_cast<std::size_t>(config.heads)},
      query_(folded.query_weight, folded.query_bias, HeadPlaces::whole(config.dimensions), heads_,
             1, true),
      value_(folded.value_weight, folded.value_bias, heads_, HeadPlaces::whole(config.dimensions),
             1, true),
      norm_(weights, block + "attention_norm"),
      feed_forward_(config, weights, block, true) {}

void AnsweringLayer::run(const LayerRows& rows, std::span<float> memory,
                         kernels::AlignedFloats& scratch) const {
  const std::size_t all = rows.first + rows.rows.count;
  const std::size_t places = kernels::padded_columns(all);
  const std::size_t needed = 2 * heads_.width() + places + feed_forward_.room(1);
  if (scratch.size() < needed) scratch.resize(needed);
  float* const queries = scratch.data();
  float* const seen = queries + heads_.width();
  float* const shares = seen + heads_.width();

  const Rows read{memory.data() + rows.first * width_, width_, rows.rows.count};
  if (pre_)
    norm_.apply(rows.rows, read);
  else
    std::copy_n(rows.rows.data, rows.rows.count * width_, read.data);
  query_.apply(read.from(read.count - 1), {queries, heads_.width(), 1});
  for (std::size_t head = 0; head < heads_.heads; ++head) {
    kernels::dot_rows({queries + head * width_, width_}, memory.data(), {shares, all});
    float scale = 0;
    kernels::softmax({shares, places, 1, places, all, 0, &scale});
    kernels::multiply({shares, places, memory.data(), width_, nullptr, seen + head * width_, width_,
                       1, all, width_, false, &scale, true});
  }
  const Rows last = rows.rows.from(rows.rows.count - 1);
  value_.apply({seen, heads_.width(), 1}, last, true);
  if (!pre_) norm_.apply(last, last);
  feed_forward_.apply(last, shares + places);
}

}  // namespace crossfade
