// Sums the parts and spreads gradients over them; see item_embedding.h.
#include "crossfade/neural/item_embedding.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <variant>

namespace crossfade {
namespace {

constexpr double kDeviation = 0.02;
constexpr const char* kOwn = "item_embedding";
constexpr const char* kOfVectors = "side.vectors.weight";

// Rows of length 1, zeros where an item has none.
Result<at::Tensor> unit_rows(const ItemVectors& vectors, std::int64_t num_items) {
  const std::int64_t width = vectors.dimension;
  at::Tensor rows = at::zeros({num_items, width}, at::kFloat);
  float* to = rows.data_ptr<float>();
  for (std::int64_t item = 0; item < num_items; ++item) {
    const float* from = vectors.values.data() + item * width;
    double square = 0;
    for (std::int64_t k = 0; k < width; ++k) square += static_cast<double>(from[k]) * from[k];
    if (!std::isfinite(square))
      return data_invalid("the vector of item number " + std::to_string(item) +
                          " holds a number that is not finite; mend the table of vectors, or "
                          "train with vectors=no");
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
    for (std::int64_t k = 0; k < width; ++k)
      to[item * width + k] = static_cast<float>(from[k] * scale);
  }
  return rows;
}

}  // namespace

Result<ItemEmbedding> ItemEmbedding::make(const ItemTable& about, std::span<const std::int64_t> met,
                                          std::int64_t extra_rows, bool labels, bool vectors) {
  const std::int64_t num_items = std::ssize(met);
  ItemEmbedding made;
  made.num_items_ = num_items;
  made.extra_rows_ = extra_rows;
  for (const ItemAttribute& attribute : about.attributes) {
    const auto* found = std::get_if<LabelAttribute>(&attribute.values);
    if (!labels || !found) continue;
    std::vector<std::int64_t> items, codes;
    std::vector<float> shares;
    for (std::size_t item = 0; item < static_cast<std::size_t>(num_items); ++item) {
      const std::int64_t begin = found->offsets[item], end = found->offsets[item + 1];
      for (std::int64_t place = begin; place < end; ++place) {
        items.push_back(static_cast<std::int64_t>(item));
        codes.push_back(found->codes[static_cast<std::size_t>(place)]);
        shares.push_back(1 / static_cast<float>(end - begin));
      }
    }
    made.labels_.push_back({"side." + attribute.name,
                            static_cast<std::int64_t>(found->labels.size()),
                            at::tensor(items, at::kLong), at::tensor(codes, at::kLong),
                            at::tensor(shares, at::kFloat).unsqueeze(1)});
  }
  if (labels && made.labels_.empty())
    return data_invalid(
        "labels=yes, but nothing is known of the items; attach a table of them to the store "
        "(`crossfade attach`), or train with labels=no");
  if (vectors && about.vectors.dimension == 0)
    return data_invalid(
        "vectors=yes, but the items have none; attach a table of vectors to the store "
        "(`crossfade attach`), or train with vectors=no");
  if (vectors) {
    CROSSFADE_ASSIGN_OR_RETURN(made.vectors_, unit_rows(about.vectors, num_items));
  }
  made.find_known(met);
  return made;
}

ItemEmbedding ItemEmbedding::on(at::Device device) const {
  ItemEmbedding there = *this;
  for (Labels& labels : there.labels_)
    labels = {labels.parameter, labels.count, labels.items.to(device), labels.codes.to(device),
              labels.shares.to(device)};
  for (at::Tensor* rows : {&there.vectors_, &there.met_, &there.known_})
    if (rows->defined()) *rows = rows->to(device);
  return there;
}

// Known is what is met, what shares a label with what is met, and what has a vector.
void ItemEmbedding::find_known(std::span<const std::int64_t> met) {
  if (std::find(met.begin(), met.end(), 0) == met.end()) return;
  met_ = at::ones({num_items_ + extra_rows_, 1}, at::kFloat);
  for (std::int64_t item = 0; item < num_items_; ++item)
    if (met[static_cast<std::size_t>(item)] == 0) met_.data_ptr<float>()[item] = 0;
  known_ = met_.clone();
  for (const Labels& labels : labels_) {
    const at::Tensor learned = at::zeros({labels.count, 1}, at::kFloat)
                                   .index_add_(0, labels.codes, met_.index_select(0, labels.items));
    known_.index_add_(0, labels.items, learned.index_select(0, labels.codes));
  }
  if (vectors_.defined()) known_.narrow(0, 0, num_items_).add_(vectors_.abs().sum(1, true));
  known_ = known_.gt(0).to(at::kFloat);
}

void ItemEmbedding::add_parameters(Parameters& weights, std::int64_t dimensions,
                                   std::uint64_t seed) const {
  weights.add(kOwn, {num_items_ + extra_rows_, dimensions}, {kDeviation, 0}, seed);
  for (const Labels& labels : labels_)
    weights.add(labels.parameter, {labels.count, dimensions}, {kDeviation, 0}, seed);
  if (vectors_.defined())
    weights.add(kOfVectors, {vectors_.size(1), dimensions}, {kDeviation, 0}, seed);
}

at::Tensor ItemEmbedding::compose(const Parameters& weights) const {
  const at::Tensor& own = weights[kOwn];
  if (!has_sides()) return own;
  at::Tensor sum = met_.defined() ? own * met_ : own.clone();
  for (const Labels& labels : labels_)
    sum.index_add_(0, labels.items,
                   weights[labels.parameter].index_select(0, labels.codes) * labels.shares);
  if (vectors_.defined()) sum.narrow(0, 0, num_items_).addmm_(vectors_, weights[kOfVectors]);
  return sum;
}

at::Tensor ItemEmbedding::compose_known(const Parameters& weights) const {
  const at::Tensor sum = compose(weights);
  return known_.defined() ? at::where(known_.gt(0), sum, at::zeros_like(sum)) : sum;
}

at::Tensor ItemEmbedding::known_bias(const at::Tensor& bias) const {
  if (!met_.defined()) return bias;
  const at::Tensor met = met_.narrow(0, 0, num_items_).squeeze(1);
  return at::where(met.gt(0), bias, (bias * met).sum() / met.sum());
}

void ItemEmbedding::spread(const at::Tensor& gradient, Parameters& sums) const {
  for (const Labels& labels : labels_)
    sums[labels.parameter].index_add_(0, labels.codes,
                                      gradient.index_select(0, labels.items) * labels.shares);
  if (vectors_.defined()) sums[kOfVectors].addmm_(vectors_.t(), gradient.narrow(0, 0, num_items_));
  const at::Tensor& own = sums[kOwn];  // may be the gradient itself
  if (!gradient.is_same(own)) own.add_(gradient);
  if (met_.defined() && has_sides()) own.mul_(met_);
}

}  // namespace crossfade
