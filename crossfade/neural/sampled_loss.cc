// Scores of the sampled items become, in place, the gradient by them; see sampled_loss.h.
#include "crossfade/neural/sampled_loss.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "crossfade/neural/execution.h"
#include "crossfade/neural/softmax_loss.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRowsAtOnce = 256;
constexpr std::int64_t kRowsOfDevice = 1 << 16;  // an accelerator wants much at once

}  // namespace

SampledLoss::SampledLoss(const SequenceTrainingConfig& config,
                         std::span<const std::int64_t> popularity)
    : softmax_(config.loss == "sampled"),
      correct_(config.log_q && config.loss == "sampled"),
      negatives_(config.negatives),
      num_items_(static_cast<std::int64_t>(popularity.size())),
      popular_(config.popular_negatives),
      cumulated_{0} {
  for (const std::int64_t count : popularity) cumulated_.push_back(cumulated_.back() + count);
  if (config.loss == "gbce" && num_items_ > 1) {
    const double a =
        std::min(1.0, static_cast<double>(negatives_) / static_cast<double>(num_items_ - 1));
    beta_ = a * (config.calibration * (1 - 1 / a) + 1 / a);
  }
}

double SampledLoss::scratch_bytes() const {
  return static_cast<double>(kRowsAtOnce * negatives_) * 2 * sizeof(float);
}

double SampledLoss::probability(std::int64_t item) const {
  const auto i = static_cast<std::size_t>(item);
  const auto count = static_cast<double>(cumulated_[i + 1] - cumulated_[i]);
  return (1 - popular_) / static_cast<double>(num_items_) +
         popular_ * count / static_cast<double>(cumulated_.back());
}

std::vector<std::int64_t> SampledLoss::draw(Rng& rng) const {
  std::vector<std::int64_t> drawn(static_cast<std::size_t>(negatives_));
  for (std::int64_t& item : drawn) {
    if (popular_ > 0 && rng.uniform() < popular_) {
      const auto place =
          static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(cumulated_.back())));
      item = std::upper_bound(cumulated_.begin(), cumulated_.end(), place) - cumulated_.begin() - 1;
    } else {
      item = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(num_items_)));
    }
  }
  return drawn;
}

// Both turn scores into gradients by the scores; a score of minus infinity does not count.
at::Tensor SampledLoss::over_softmax(at::Tensor& scores, at::Tensor& target_scores) const {
  const at::Tensor target = target_scores.unsqueeze(1);
  const at::Tensor logs = at::log_softmax(at::cat({target, scores}, 1), 1);
  at::exp_out(scores, logs.narrow(1, 1, negatives_));
  const at::Tensor hit = logs.select(1, 0);
  target_scores.copy_(hit.exp() - 1);
  return -hit.sum(at::kDouble);
}

at::Tensor SampledLoss::over_sigmoid(at::Tensor& scores, at::Tensor& target_scores) const {
  // log(1 - sigma(s)) = log sigma(-s), which is 0 at minus infinity, as sigma(s) is.
  const at::Tensor loss = -(beta_ * at::log_sigmoid(target_scores).sum(at::kDouble) +
                            at::log_sigmoid(-scores).sum(at::kDouble));
  scores.sigmoid_();
  target_scores.sigmoid_().sub_(1).mul_(beta_);
  return loss;
}

double SampledLoss::operator()(const LossInput& input, LossSums& sums, at::Tensor& by_rows,
                               Rng rng) const {
  const std::vector<std::int64_t> drawn = draw(rng);
  const at::Tensor places = indices_for(input.rows, drawn),
                   targets = indices_for(input.rows, input.targets);
  const at::Tensor sampled = input.items.index_select(0, places);
  const at::Tensor hits = input.items.index_select(0, targets);
  std::vector<float> shifts(drawn.size());
  for (std::size_t j = 0; correct_ && j < drawn.size(); ++j)
    shifts[j] =
        -static_cast<float>(std::log(static_cast<double>(negatives_) * probability(drawn[j])));
  at::Tensor shift = at::tensor(shifts, at::kFloat).to(input.rows.device());
  if (input.bias.defined()) shift.add_(input.bias.index_select(0, places));
  by_rows = at::empty_like(input.rows);
  at::Tensor by_sampled = at::zeros_like(sampled);
  at::Tensor by_hits = (input.rows * hits).sum(1);  // the targets' scores, for now
  if (input.bias.defined()) by_hits.add_(input.bias.index_select(0, targets));
  at::Tensor loss = at::zeros({}, input.rows.options().dtype(at::kDouble));
  const std::int64_t at_once = input.rows.is_cpu() ? kRowsAtOnce : kRowsOfDevice;
  for (std::int64_t begin = 0; begin < input.rows.size(0); begin += at_once) {
    const std::int64_t count = std::min(at_once, input.rows.size(0) - begin);
    const at::Tensor some = input.rows.narrow(0, begin, count);
    at::Tensor scores = at::addmm(shift, some, sampled.t());
    scores.masked_fill_(targets.narrow(0, begin, count).unsqueeze(1) == places,
                        -std::numeric_limits<float>::infinity());
    at::Tensor of_targets = by_hits.narrow(0, begin, count);
    loss.add_(softmax_ ? over_softmax(scores, of_targets) : over_sigmoid(scores, of_targets));
    at::Tensor result = by_rows.narrow(0, begin, count);
    at::addmm_out(result, of_targets.unsqueeze(1) * hits.narrow(0, begin, count), scores, sampled);
    by_sampled.addmm_(scores.t(), some, 1, input.scale);
    if (input.bias.defined()) sums.bias.index_add_(0, places, scores.sum(0), input.scale);
  }
  by_rows.mul_(input.scale);
  sums.items.index_add_(0, places, by_sampled);
  sums.items.index_add_(0, targets, input.rows * by_hits.unsqueeze(1), input.scale);
  if (input.bias.defined()) sums.bias.index_add_(0, targets, by_hits, input.scale);
  return loss.item<double>();
}

std::unique_ptr<Loss> make_loss(const SequenceTrainingConfig& config,
                                std::span<const std::int64_t> popularity) {
  if (config.loss == "softmax")
    return std::make_unique<SoftmaxLoss>(static_cast<std::int64_t>(popularity.size()));
  return std::make_unique<SampledLoss>(config, popularity);
}

}  // namespace crossfade
