// Queries go some rows at a time, so that what they see stays in the nearest cache; keys lie
// transposed, so that products with them are sums of rows and need no sum across a vector.
#include "crossfade/models/sequence/attention_layer.h"

#include <algorithm>
#include <cmath>

#include "crossfade/kernels/activation.h"
#include "crossfade/kernels/layer_norm.h"
#include "crossfade/kernels/softmax.h"

namespace crossfade {
namespace {

constexpr std::size_t kQueries = 24;  // rows of products with all keys: 20 KB for 208 places

HeadPlaces whole(std::int64_t columns) {
  return {static_cast<std::size_t>(columns), 1};
}

PackedLinear packed(const SequenceWeights& weights, const std::string& name, HeadPlaces in,
                    HeadPlaces out, double scale = 1) {
  return {weights[name + ".weight"], weights[name + ".bias"], in, out, static_cast<float>(scale)};
}

std::string block_name(std::int64_t block, const std::string& part) {
  return "block." + std::to_string(block) + "." + part;
}

}  // namespace

PackedNorm::PackedNorm(const SequenceWeights& weights, const std::string& name) {
  const Array<float>&gains = weights[name + ".weight"], &shifts = weights[name + ".bias"];
  dims = gains.size();
  gain.assign(gains.begin(), gains.end());
  shift.assign(shifts.begin(), shifts.end());
  gain.resize(kernels::padded_columns(dims));
  shift.resize(gain.size());
}

void PackedNorm::apply(const Rows& from, const Rows& to) const {
  kernels::normalise({from.data, from.stride, from.count, dims, gain.data(), shift.data(),
                      static_cast<float>(kLayerNormEpsilon), to.data, to.stride});
}

AttentionLayer::AttentionLayer(const SequenceConfig& config, const SequenceWeights& weights,
                               std::int64_t block)
    : causal_(config.causal),
      pre_(config.norm == "pre"),
      gelu_(config.activation == "gelu"),
      length_(kernels::padded_columns(static_cast<std::size_t>(config.length))),
      heads_{static_cast<std::size_t>(config.dimensions), static_cast<std::size_t>(config.heads)},
      query_(packed(weights, block_name(block, "attention.query"), whole(config.dimensions), heads_,
                    1 / std::sqrt(static_cast<double>(heads_.head_columns())))),
      key_(packed(weights, block_name(block, "attention.key"), whole(config.dimensions), heads_)),
      value_(
          packed(weights, block_name(block, "attention.value"), whole(config.dimensions), heads_)),
      out_(packed(weights, block_name(block, "attention.out"), heads_, whole(config.dimensions))),
      in_(packed(weights, block_name(block, "feed_forward.in"), whole(config.dimensions),
                 whole(config.hidden_width()))),
      back_(packed(weights, block_name(block, "feed_forward.out"), whole(config.hidden_width()),
                   whole(config.dimensions))),
      attention_norm_(weights, block_name(block, "attention_norm")),
      feed_forward_norm_(weights, block_name(block, "feed_forward_norm")) {}

// Keys first, a row per column of a head and a number per place; then values, a row per place.
struct AttentionLayer::Work {
  float* keys;
  float* values;
  Rows read;     // what attention and feed-forward read: the rows, or their norm
  Rows mixed;    // keys on their way, then what queries have seen
  Rows queries;  // and then what lies between the halves of the feed-forward
  float* products;
};

std::size_t AttentionLayer::memory_floats() const {
  return 2 * heads_.width() * length_;
}

AttentionLayer::Work AttentionLayer::place(const LayerRows& rows, std::span<float> memory,
                                           kernels::AlignedFloats& scratch) const {
  const std::size_t count = rows.rows.count, width = rows.rows.stride;
  const std::size_t wide = std::max(heads_.width(), in_.width());
  const std::size_t needed = count * (width + heads_.width() + wide) + kQueries * length_;
  if (scratch.size() < needed) scratch.resize(needed);
  Work work{};
  work.keys = memory.data();
  work.values = work.keys + heads_.width() * length_;
  work.products = scratch.data();
  work.mixed = {work.products + kQueries * length_, heads_.width(), count};
  work.queries = {work.mixed.row(count), wide, count};
  work.read = pre_ ? Rows{work.queries.row(count), width, count} : rows.rows;
  return work;
}

void AttentionLayer::run(const LayerRows& rows, std::span<float> memory,
                         kernels::AlignedFloats& scratch) const {
  const Work work = place(rows, memory, scratch);
  if (pre_) attention_norm_.apply(rows.rows, work.read);
  remember(rows, work);
  attend(rows, work);
  const Rows wanted = rows.rows.from(rows.wanted);
  if (!pre_) attention_norm_.apply(wanted, wanted);
  feed_forward(wanted, work);
  if (!pre_) feed_forward_norm_.apply(wanted, wanted);
}

void AttentionLayer::remember(const LayerRows& rows, const Work& work) const {
  value_.apply(work.read, {work.values + rows.first * heads_.width(), heads_.width(), 0});
  key_.apply(work.read, work.mixed);
  // A cache line of places at a time.
  for (std::size_t begin = 0; begin < work.mixed.count; begin += kernels::kColumnGroup) {
    const std::size_t end = std::min(begin + kernels::kColumnGroup, work.mixed.count);
    for (std::size_t c = 0; c < heads_.width(); ++c) {
      float* const to = work.keys + c * length_ + rows.first;
      for (std::size_t r = begin; r < end; ++r) to[r] = work.mixed.row(r)[c];
    }
  }
}

void AttentionLayer::attend(const LayerRows& rows, const Work& work) const {
  const Rows from = work.read.from(rows.wanted);
  query_.apply(from, {work.queries.data, heads_.width(), 0});
  for (std::size_t begin = 0; begin < from.count; begin += kQueries) attend_some(rows, work, begin);
  out_.apply({work.mixed.data, heads_.width(), from.count}, rows.rows.from(rows.wanted), true);
}

void AttentionLayer::attend_some(const LayerRows& rows, const Work& work, std::size_t begin) const {
  const std::size_t wanted = rows.rows.count - rows.wanted;
  const std::size_t count = std::min(kQueries, wanted - begin);
  const std::size_t all = rows.first + rows.rows.count;  // places that there are
  const std::size_t place = rows.first + rows.wanted + begin;
  const std::size_t seen = causal_ ? place + count : all;
  const std::size_t width = kernels::padded_columns(seen);
  for (std::size_t head = 0; head < heads_.heads; ++head) {
    const std::size_t column = head * heads_.head_width();
    const float* const queries = work.queries.data + begin * heads_.width() + column;
    kernels::multiply({queries, heads_.width(), work.keys + column * length_, length_, nullptr,
                       work.products, length_, count, heads_.head_columns(), width});
    kernels::softmax({work.products, length_, count, width, causal_ ? place + 1 : all,
                      causal_ ? std::size_t{1} : std::size_t{0}});
    kernels::multiply({work.products, length_, work.values + column, heads_.width(), nullptr,
                       work.mixed.row(begin) + column, heads_.width(), count, seen,
                       heads_.head_width()});
  }
}

void AttentionLayer::feed_forward(const Rows& rows, const Work& work) const {
  Rows read = rows;
  if (pre_) {
    read = {work.read.data, work.read.stride, rows.count};
    feed_forward_norm_.apply(rows, read);
  }
  const Rows inside{work.queries.data, in_.width(), rows.count};
  in_.apply(read, inside);
  const std::span<float> values(inside.data, inside.count * inside.stride);
  gelu_ ? kernels::gelu(values) : kernels::relu(values);
  back_.apply(inside, rows, true);
}

}  // namespace crossfade
