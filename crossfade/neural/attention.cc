// Attention by runs and blocks of rows; see attention.h.
#include "crossfade/neural/attention.h"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "crossfade/neural/execution.h"

namespace crossfade {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kRowsAtOnce = 64;
constexpr std::int64_t kScoresAtOnce = 1 << 17;  // floats of a block's scores, to stay in the cache

// Some sequences of one run: count * heads matrices of length x width.
struct Part {
  std::int64_t row = 0, count = 0, length = 0, heads = 1;

  // The matrices of `x`; with one head they are a view, else a copy.
  at::Tensor take(const at::Tensor& x) const {
    const at::Tensor rows = x.narrow(0, row, count * length);
    const std::int64_t width = x.size(1) / heads;
    if (heads == 1) return rows.view({count, length, width});
    return rows.view({count, length, heads, width})
        .transpose(1, 2)
        .reshape({count * heads, length, width});
  }
  // Puts matrices back to where take() found them.
  void put(const at::Tensor& matrices, const at::Tensor& x) const {
    const std::int64_t width = x.size(1) / heads;
    x.narrow(0, row, count * length)
        .view({count, length, heads, width})
        .copy_(matrices.view({count, heads, length, width}).transpose(1, 2));
  }
};

std::vector<Part> cut_runs(const std::vector<std::int64_t>& runs, std::int64_t heads) {
  std::vector<Part> parts;
  std::int64_t row = 0;
  for (std::size_t i = 0; i < runs.size(); i += 2) {
    const std::int64_t count = runs[i], length = runs[i + 1];
    const std::int64_t scores = heads * length * std::min(length, kRowsAtOnce);
    const std::int64_t at_once = std::max<std::int64_t>(1, kScoresAtOnce / scores);
    for (std::int64_t done = 0; done < count; done += at_once) {
      const std::int64_t some = std::min(at_once, count - done);
      parts.push_back({row, some, length, heads});
      row += some * length;
    }
  }
  return parts;
}

// Rows [begin, end) of every matrix of a part, which see the first `keys` rows.
struct Block {
  std::int64_t begin = 0, end = 0, keys = 0;
  std::int64_t rows() const { return end - begin; }
};

std::vector<Block> cut_rows(std::int64_t length, bool causal) {
  std::vector<Block> blocks;
  for (std::int64_t begin = 0; begin < length; begin += kRowsAtOnce) {
    const std::int64_t end = std::min(begin + kRowsAtOnce, length);
    blocks.push_back({begin, end, causal ? end : length});
  }
  return blocks;
}

std::int64_t count_scores(const std::vector<Part>& parts, bool causal) {
  std::int64_t sum = 0;
  for (const Part& part : parts)
    for (const Block& block : cut_rows(part.length, causal))
      sum += part.count * part.heads * block.rows() * block.keys;
  return sum;
}

// What forward and backward walk over in the same order: parts, blocks, and their scores' places.
struct Walk {
  std::vector<Part> parts;
  bool causal = true;
  double share = 0;
  std::int64_t key = 0;
  at::Tensor probabilities;  // of all blocks behind each other, before dropout

  at::Tensor slice(std::int64_t at, const Part& part, const Block& block) const {
    const std::int64_t matrices = part.count * part.heads;
    return probabilities.narrow(0, at, matrices * block.rows() * block.keys)
        .view({matrices, block.rows(), block.keys});
  }
  void leave_out(const at::Tensor& x, std::int64_t at) const {
    if (share > 0) drop(x.data_ptr<float>(), x.numel(), share, key, at);
  }
};

const at::Tensor& upper_triangle() {
  static const at::Tensor mask = at::ones({kRowsAtOnce, kRowsAtOnce}, at::kBool).triu(1);
  return mask;
}

Walk walk_of(AutogradContext* context) {
  Walk walk;
  walk.parts =
      cut_runs(context->saved_data["runs"].toIntVector(), context->saved_data["heads"].toInt());
  walk.causal = context->saved_data["causal"].toBool();
  walk.share = context->saved_data["share"].toDouble();
  walk.key = context->saved_data["key"].toInt();
  return walk;
}

void attend_block(const Walk& walk, const Block& block, const at::Tensor (&qkv)[3],
                  const at::Tensor& probabilities, std::int64_t at, at::Tensor& out) {
  const auto& [q, k, v] = qkv;
  at::Tensor scores =
      at::bmm(q.narrow(1, block.begin, block.rows()), k.narrow(1, 0, block.keys).transpose(1, 2));
  if (walk.causal)
    scores.narrow(2, block.begin, block.rows())
        .masked_fill_(upper_triangle().narrow(0, 0, block.rows()).narrow(1, 0, block.rows()),
                      -std::numeric_limits<float>::infinity());
  at::Tensor target = probabilities;
  at::_softmax_out(target, scores, 2, false);
  if (walk.share > 0) {
    scores.copy_(target);
    walk.leave_out(scores, at);
    target = scores;
  }
  out.narrow(1, block.begin, block.rows()).copy_(at::bmm(target, v.narrow(1, 0, block.keys)));
}

// Adds to the gradients of q (rows of this block), k and v.
void differentiate_block(const Walk& walk, const Block& block, const at::Tensor (&qkv)[3],
                         const at::Tensor& out_gradient, std::int64_t at,
                         const at::Tensor (&gradients)[3]) {
  const auto& [q, k, v] = qkv;
  const at::Tensor wanted = out_gradient.narrow(1, block.begin, block.rows());
  const at::Tensor probabilities = walk.slice(at, {0, q.size(0), q.size(1), 1}, block);
  at::Tensor used = probabilities;
  if (walk.share > 0) {
    used = probabilities.clone();
    walk.leave_out(used, at);
  }
  gradients[2].narrow(1, 0, block.keys).baddbmm_(used.transpose(1, 2), wanted);
  at::Tensor of_scores = at::bmm(wanted, v.narrow(1, 0, block.keys).transpose(1, 2));
  walk.leave_out(of_scores, at);
  of_scores = at::_softmax_backward_data(of_scores, probabilities, 2, at::kFloat);
  gradients[0].narrow(1, block.begin, block.rows()).baddbmm_(of_scores, k.narrow(1, 0, block.keys));
  gradients[1]
      .narrow(1, 0, block.keys)
      .baddbmm_(of_scores.transpose(1, 2), q.narrow(1, block.begin, block.rows()));
}

// What one call is asked besides its tensors.
struct Plan {
  std::vector<std::int64_t> runs;  // count and length of each
  AttentionShape shape;
  double share = 0;  // of dropout
  std::int64_t key = 0;
};

struct AttentionFunction : torch::autograd::Function<AttentionFunction> {
  // q has been divided by the root of the width.
  static at::Tensor forward(AutogradContext* context, const at::Tensor& q, const at::Tensor& k,
                            const at::Tensor& v, const Plan& plan) {
    context->saved_data["runs"] = plan.runs;
    context->saved_data["heads"] = plan.shape.heads;
    context->saved_data["causal"] = plan.shape.causal;
    context->saved_data["share"] = plan.share;
    context->saved_data["key"] = plan.key;
    Walk walk = walk_of(context);
    walk.probabilities = at::empty({count_scores(walk.parts, walk.causal)}, q.options());
    at::Tensor out = at::empty_like(q);
    std::int64_t at = 0;
    for (const Part& part : walk.parts) {
      const at::Tensor qkv[3] = {part.take(q), part.take(k), part.take(v)};
      at::Tensor rows = at::empty_like(qkv[0], at::MemoryFormat::Contiguous);
      for (const Block& block : cut_rows(part.length, walk.causal)) {
        const at::Tensor probabilities = walk.slice(at, part, block);
        attend_block(walk, block, qkv, probabilities, at, rows);
        at += probabilities.numel();
      }
      part.put(rows, out);
    }
    context->save_for_backward({q, k, v, walk.probabilities});
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    Walk walk = walk_of(context);
    const auto saved = context->get_saved_variables();
    walk.probabilities = saved[3];
    const at::Tensor wanted = gradients[0].contiguous();
    at::Tensor results[3];
    for (at::Tensor& result : results) result = at::empty_like(saved[0]);
    std::int64_t at = 0;
    for (const Part& part : walk.parts) {
      const at::Tensor qkv[3] = {part.take(saved[0]), part.take(saved[1]), part.take(saved[2])};
      const at::Tensor out_gradient = part.take(wanted);
      const at::Tensor sums[3] = {at::zeros_like(qkv[0]), at::zeros_like(qkv[1]),
                                  at::zeros_like(qkv[2])};
      for (const Block& block : cut_rows(part.length, walk.causal)) {
        differentiate_block(walk, block, qkv, out_gradient, at, sums);
        at += part.count * part.heads * block.rows() * block.keys;
      }
      for (int i = 0; i < 3; ++i) part.put(sums[i], results[i]);
    }
    return {results[0], results[1], results[2], {}};
  }
};

}  // namespace

at::Tensor attend_padded(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                         std::span<const Run> runs, const AttentionShape& shape, double dropout) {
  const std::int64_t longest = runs.front().length;  // they stand longest first
  std::vector<std::int64_t> places;                  // of each row among the padded ones
  std::int64_t count = 0;
  for (const Run& run : runs)
    for (std::int64_t s = 0; s < run.count; ++s, ++count)
      for (std::int64_t p = 0; p < run.length; ++p) places.push_back(count * longest + p);
  const at::Tensor at = indices_for(q, places).clone();  // backward still needs it
  const std::int64_t width = q.size(1) / shape.heads;
  const auto matrices = [&](const at::Tensor& rows) {
    return at::zeros({count * longest, rows.size(1)}, rows.options())
        .index_copy(0, at, rows)
        .view({count, longest, shape.heads, width})
        .transpose(1, 2);
  };
  // Padding is behind: a causal row never sees it, others are told which keys are there.
  std::optional<at::Tensor> mask;
  if (!shape.causal)
    mask = at::zeros({count * longest}, q.options().dtype(at::kBool))
               .index_fill(0, at, true)
               .view({count, 1, 1, longest});
  const at::Tensor seen = at::scaled_dot_product_attention(matrices(q), matrices(k), matrices(v),
                                                           mask, dropout, shape.causal);
  return seen.transpose(1, 2).reshape({count * longest, q.size(1)}).index_select(0, at);
}

at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                  std::span<const Run> runs, const AttentionShape& shape, Dropout& dropout) {
  if (!q.is_cpu()) return attend_padded(q, k, v, runs, shape, dropout.share());
  Plan plan{{}, shape, dropout.share(), dropout.share() > 0 ? dropout.next_key() : 0};
  for (const Run& run : runs) plan.runs.insert(plan.runs.end(), {run.count, run.length});
  const double width = static_cast<double>(q.size(1)) / static_cast<double>(shape.heads);
  return AttentionFunction::apply(q * (1 / std::sqrt(width)), k, v, plan);
}

}  // namespace crossfade
