// Queries go some rows at a time, so that what they see stays in the nearest cache; keys lie
// transposed, so that products with them are sums of rows and need no sum across a vector.
#include "crossfade/models/sequence/attention_layer.h"

#include <algorithm>
#include <cmath>

#include "crossfade/kernels/rows.h"
#include "crossfade/kernels/softmax.h"
#include "crossfade/models/sequence/folded_attention.h"

namespace crossfade {
namespace {

// Rows that look together: more share what they load, fewer of them look at places behind theirs.
constexpr std::size_t kQueries = 6;

// One head is as wide as the model: folded, two of the four layers are spared.
AttentionLinears fold(const SequenceConfig& config, const SequenceWeights& weights,
                      const std::string& name) {
  const FoldedAttention folded = fold_attention(config, weights, name);
  const HeadPlaces whole = HeadPlaces::whole(config.dimensions);
  const std::vector<float> nothing(whole.columns);
  AttentionLinears linears{{folded.query_weight, folded.query_bias, whole, whole},
                           {folded.value_weight, nothing, whole, whole},
                           {},
                           {},
                           {folded.value_bias.begin(), folded.value_bias.end()}};
  linears.out_bias.resize(whole.width());
  return linears;
}

AttentionLinears pack(const SequenceConfig& config, const SequenceWeights& weights,
                      const std::string& name, HeadPlaces heads) {
  const HeadPlaces whole = HeadPlaces::whole(config.dimensions);
  const auto packed = [&](const std::string& part, HeadPlaces in, HeadPlaces out, double scale) {
    return PackedLinear(weights[name + part + ".weight"], weights[name + part + ".bias"], in, out,
                        static_cast<float>(scale));
  };
  const double scale = 1 / std::sqrt(static_cast<double>(heads.head_columns()));
  return {packed("query", whole, heads, scale),
          packed("value", whole, heads, 1),
          packed("key", whole, heads, 1),
          packed("out", heads, whole, 1),
          {}};
}

std::string block_name(std::int64_t n) {
  return "block." + std::to_string(n) + ".";
}

}  // namespace

AttentionLayer::AttentionLayer(const SequenceConfig& config, const SequenceWeights& weights,
                               std::int64_t n)
    : causal_(config.causal),
      pre_(config.norm == "pre"),
      length_(kernels::padded_columns(static_cast<std::size_t>(config.length))),
      heads_{static_cast<std::size_t>(config.dimensions), static_cast<std::size_t>(config.heads)},
      linears_(config.heads == 1 ? fold(config, weights, block_name(n) + "attention.")
                                 : pack(config, weights, block_name(n) + "attention.", heads_)),
      norm_(weights, block_name(n) + "attention_norm"),
      feed_forward_(config, weights, block_name(n)) {
  std::vector<const PackedLinear*> linears{&linears_.query, &linears_.value};
  if (linears_.key) linears.push_back(&*linears_.key);
  if (n == 0 && FirstLinears::worth_it(weights.num_items, linears.size() * heads_.width()))
    first_.emplace(config, weights, block_name(n) + "attention_norm", linears);
}

struct AttentionLayer::Work {
  float* keys;    // a row per column of a head, a number per place
  float* values;  // a row per place
  Rows read;      // what attention reads: the rows, or their norm
  Rows mixed;     // keys on their way, then what queries have seen
  Rows queries;   // and then room for the feed-forward
  float* products;
  float* scales;  // of products, and of norms
};

AttentionLayer::Work AttentionLayer::place(const LayerRows& rows, std::span<float> memory,
                                           kernels::AlignedFloats& scratch) const {
  const std::size_t count = rows.rows.count, width = heads_.width();
  const std::size_t room =
      std::max(2 * count * width + count * rows.rows.stride, feed_forward_.room(count));
  const std::size_t before = kQueries * length_, scales = std::max(count, kQueries);
  if (scratch.size() < before + room + scales) scratch.resize(before + room + scales);
  Work work{};
  work.keys = memory.data();
  work.values = work.keys + width * length_;
  work.products = scratch.data();
  work.queries = {work.products + before, width, count};
  work.scales = work.queries.data + room;
  work.mixed = {work.queries.row(count), width, count};
  work.read = pre_ ? Rows{work.mixed.row(count), rows.rows.stride, count} : rows.rows;
  return work;
}

void AttentionLayer::run(const LayerRows& rows, std::span<float> memory,
                         kernels::AlignedFloats& scratch) const {
  const Work work = place(rows, memory, scratch);
  if (pre_) norm_.apply(rows.rows, work.read, work.scales);
  project(rows, work);
  for (std::size_t begin = 0; begin < rows.rows.count; begin += kQueries) attend(rows, work, begin);
  if (linears_.out) linears_.out->apply(work.mixed, rows.rows, true);
  if (!pre_) norm_.apply(rows.rows, rows.rows);
  feed_forward_.apply(rows.rows, work.queries.data);
}

void AttentionLayer::project(const LayerRows& rows, const Work& work) const {
  const float* const scales = pre_ ? work.scales : nullptr;
  const auto apply = [&](std::size_t n, const PackedLinear& linear, const Rows& to) {
    first_ ? first_->apply(n, rows, scales, to) : linear.apply(work.read, to);
  };
  apply(0, linears_.query, work.queries);
  apply(1, linears_.value, {work.values + rows.first * heads_.width(), heads_.width(), 0});
  if (linears_.key) apply(2, *linears_.key, work.mixed);
  const Rows& keys = linears_.key ? work.mixed : work.read;
  kernels::transpose(
      {keys.data, keys.stride, keys.count, heads_.width(), work.keys + rows.first, length_});
}

void AttentionLayer::attend(const LayerRows& rows, const Work& work, std::size_t begin) const {
  const std::size_t count = std::min(kQueries, rows.rows.count - begin);
  const std::size_t all = rows.first + rows.rows.count;  // places that there are
  const std::size_t place = rows.first + begin;
  const std::size_t seen = causal_ ? place + count : all;
  const std::size_t width = kernels::padded_columns(seen);
  for (std::size_t head = 0; head < heads_.heads; ++head) {
    const std::size_t column = head * heads_.head_width();
    kernels::multiply({work.queries.row(begin) + column, heads_.width(),
                       work.keys + column * length_, length_, nullptr, work.products, length_,
                       count, heads_.head_columns(), width});
    kernels::softmax({work.products, length_, count, width, causal_ ? place + 1 : all,
                      causal_ ? std::size_t{1} : std::size_t{0}, work.scales});
    kernels::Product mix{work.products,       length_, work.values + column,
                         heads_.width(),      nullptr, work.mixed.row(begin) + column,
                         heads_.width(),      count,   seen,
                         heads_.head_width(), false,   work.scales};
    if (!linears_.out) {  // straight to the rows: the values are what is added to them
      mix.start = linears_.out_bias.data();
      mix.out = rows.rows.row(begin);
      mix.out_stride = rows.rows.stride;
      mix.add = true;
    }
    kernels::multiply(mix);
  }
}

}  // namespace crossfade
