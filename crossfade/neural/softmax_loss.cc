// Three products per part of the rows, and nothing kept between them. With p = softmax(rows W^T):
//
//   by rows: (p - e_target) W        by items: (p - e_target)^T rows
#include "crossfade/neural/softmax_loss.h"

#include <algorithm>

#include "crossfade/neural/execution.h"

namespace crossfade {
namespace {

constexpr std::int64_t kMostRows = 64, kFewestRows = 16;
constexpr std::int64_t kScores = 1 << 18;           // floats: a megabyte stays in the cache
constexpr std::int64_t kScoresOfDevice = 64 << 20;  // an accelerator wants much at once

}  // namespace

SoftmaxLoss::SoftmaxLoss(std::int64_t num_items)
    : num_items_(num_items),
      rows_at_once_(
          std::clamp(kScores / std::max<std::int64_t>(1, num_items), kFewestRows, kMostRows)) {}

double SoftmaxLoss::scratch_bytes() const {
  return 2.0 * sizeof(float) * static_cast<double>(rows_at_once_) * static_cast<double>(num_items_);
}

double SoftmaxLoss::operator()(const LossInput& input, LossSums& sums, at::Tensor& by_rows,
                               Rng) const {
  const std::int64_t rows = input.rows.size(0);
  const std::int64_t at_once =
      input.rows.is_cpu() ? rows_at_once_ : std::max<std::int64_t>(1, kScoresOfDevice / num_items_);
  by_rows = at::empty_like(input.rows);
  at::Tensor scores = at::empty({std::min(rows, at_once), num_items_}, input.rows.options());
  at::Tensor shares = at::empty_like(scores);
  const at::Tensor targets = indices_for(input.rows, input.targets).unsqueeze(1);
  const at::Tensor minus_one = at::full({1, 1}, -1, input.rows.options());
  const at::Tensor across = input.items.t();
  at::Tensor loss = at::zeros({}, input.rows.options().dtype(at::kDouble));
  for (std::int64_t begin = 0; begin < rows; begin += at_once) {
    const std::int64_t count = std::min(at_once, rows - begin);
    const at::Tensor hits = targets.narrow(0, begin, count);
    const at::Tensor some = input.rows.narrow(0, begin, count);
    at::Tensor score = scores.narrow(0, 0, count), share = shares.narrow(0, 0, count);
    at::mm_out(score, some, across);
    if (input.bias.defined()) score.add_(input.bias);
    at::_softmax_out(share, score, 1, false);
    loss.sub_(share.gather(1, hits).to(at::kDouble).clamp_min(1e-38).log().sum());
    share.scatter_add_(1, hits, minus_one.expand({count, 1}));
    at::Tensor result = by_rows.narrow(0, begin, count);
    at::mm_out(result, share, input.items).mul_(input.scale);
    sums.items.addmm_(share.t(), some, 1, input.scale);
    if (input.bias.defined()) sums.bias.add_(share.sum(0), input.scale);
  }
  return loss.item<double>();
}

}  // namespace crossfade
