// Products of matrices in double precision, once when a model is loaded: dimensions^3 per block.
#include "crossfade/models/sequence/folded_attention.h"

#include <cmath>
#include <span>

namespace crossfade {
namespace {

// Adds a matrix [rows, columns] of float to sums of double: to += factor * row.
void add_row(double factor, const float* row, std::span<double> to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * static_cast<double>(row[i]);
}

}  // namespace

FoldedAttention fold_attention(const SequenceConfig& config, const SequenceWeights& weights,
                               const std::string& name) {
  const auto dims = static_cast<std::size_t>(config.dimensions);
  const auto heads = static_cast<std::size_t>(config.heads), wide = dims / heads;
  const auto of = [&](const char* part) { return weights[name + part].data(); };
  const float *query = of("query.weight"), *key = of("key.weight");
  const float *value = of("value.weight"), *out = of("out.weight");
  const float *query_bias = of("query.bias"), *value_bias = of("value.bias");
  const double scale = 1 / std::sqrt(static_cast<double>(wide));
  FoldedAttention folded;
  folded.value_weight.resize(dims * heads * dims);
  std::vector<double> sums(dims);
  for (std::size_t head = 0; head < heads; ++head)
    for (std::size_t row = 0; row < dims; ++row) {
      // Row `row` of K^T Q: column `row` of the head's keys times its queries.
      sums.assign(dims, 0);
      double bias = 0;
      for (std::size_t c = head * wide; c < (head + 1) * wide; ++c) {
        add_row(scale * key[c * dims + row], query + c * dims, sums);
        bias += scale * key[c * dims + row] * query_bias[c];
      }
      folded.query_weight.insert(folded.query_weight.end(), sums.begin(), sums.end());
      folded.query_bias.push_back(static_cast<float>(bias));
      // Row `row` of O V.
      sums.assign(dims, 0);
      for (std::size_t c = head * wide; c < (head + 1) * wide; ++c)
        add_row(out[row * dims + c], value + c * dims, sums);
      for (std::size_t i = 0; i < dims; ++i)
        folded.value_weight[(row * heads + head) * dims + i] = static_cast<float>(sums[i]);
    }
  for (std::size_t row = 0; row < dims; ++row) {
    double bias = of("out.bias")[row];
    for (std::size_t c = 0; c < dims; ++c)
      bias += static_cast<double>(out[row * dims + c]) * value_bias[c];
    folded.value_bias.push_back(static_cast<float>(bias));
  }
  return folded;
}

}  // namespace crossfade
