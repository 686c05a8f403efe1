// Scores of the sampled items become, in place, the gradient by them; see sampled_loss.h.
#include "crossfade/neural/sampled_loss.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "crossfade/neural/softmax_loss.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRowsAtOnce = 256;

double log_sigmoid(double x) {
  return x >= 0 ? -std::log1p(std::exp(-x)) : x - std::log1p(std::exp(x));
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

at::Tensor as_tensor(std::span<const std::int64_t> values) {
  return at::from_blob(const_cast<std::int64_t*>(values.data()),
                       {static_cast<std::int64_t>(values.size())}, at::kLong);
}

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
double SampledLoss::over_softmax(const at::Tensor& scores, at::Tensor& target_scores) const {
  float* row = scores.data_ptr<float>();
  float* target = target_scores.data_ptr<float>();
  double loss = 0;
  for (std::int64_t r = 0; r < scores.size(0); ++r, row += negatives_) {
    const float most = std::max(target[r], *std::max_element(row, row + negatives_));
    const double hit = std::exp(static_cast<double>(target[r] - most));
    double sum = hit;
    for (std::int64_t j = 0; j < negatives_; ++j) {
      row[j] = std::exp(row[j] - most);
      sum += row[j];
    }
    for (std::int64_t j = 0; j < negatives_; ++j)
      row[j] = static_cast<float>(static_cast<double>(row[j]) / sum);
    loss -= std::log(std::max(hit / sum, 1e-300));
    target[r] = static_cast<float>(hit / sum - 1);
  }
  return loss;
}

double SampledLoss::over_sigmoid(const at::Tensor& scores, at::Tensor& target_scores) const {
  float* row = scores.data_ptr<float>();
  float* target = target_scores.data_ptr<float>();
  double loss = 0;
  for (std::int64_t r = 0; r < scores.size(0); ++r, row += negatives_) {
    loss -= beta_ * log_sigmoid(target[r]);
    target[r] = static_cast<float>(-beta_ * (1 - sigmoid(target[r])));
    for (std::int64_t j = 0; j < negatives_; ++j) {
      if (row[j] == -std::numeric_limits<float>::infinity()) {
        row[j] = 0;
        continue;
      }
      loss -= log_sigmoid(-static_cast<double>(row[j]));
      row[j] = static_cast<float>(sigmoid(row[j]));
    }
  }
  return loss;
}

double SampledLoss::operator()(const LossInput& input, LossSums& sums, at::Tensor& by_rows,
                               Rng rng) const {
  const std::vector<std::int64_t> drawn = draw(rng);
  const at::Tensor places = as_tensor(drawn), targets = as_tensor(input.targets);
  const at::Tensor sampled = input.items.index_select(0, places);
  const at::Tensor hits = input.items.index_select(0, targets);
  at::Tensor shift = at::zeros({negatives_}, at::kFloat);
  if (input.bias.defined()) shift.add_(input.bias.index_select(0, places));
  for (std::int64_t j = 0; correct_ && j < negatives_; ++j)
    shift.data_ptr<float>()[j] -= static_cast<float>(std::log(
        static_cast<double>(negatives_) * probability(drawn[static_cast<std::size_t>(j)])));
  by_rows = at::empty_like(input.rows);
  at::Tensor by_sampled = at::zeros_like(sampled);
  at::Tensor by_hits = (input.rows * hits).sum(1);  // the targets' scores, for now
  if (input.bias.defined()) by_hits.add_(input.bias.index_select(0, targets));
  double loss = 0;
  for (std::int64_t begin = 0; begin < input.rows.size(0); begin += kRowsAtOnce) {
    const std::int64_t count = std::min(kRowsAtOnce, input.rows.size(0) - begin);
    const at::Tensor some = input.rows.narrow(0, begin, count);
    at::Tensor scores = at::addmm(shift, some, sampled.t());
    scores.masked_fill_(targets.narrow(0, begin, count).unsqueeze(1) == places,
                        -std::numeric_limits<float>::infinity());
    at::Tensor of_targets = by_hits.narrow(0, begin, count);
    loss += softmax_ ? over_softmax(scores, of_targets) : over_sigmoid(scores, of_targets);
    at::Tensor result = by_rows.narrow(0, begin, count);
    at::addmm_out(result, of_targets.unsqueeze(1) * hits.narrow(0, begin, count), scores, sampled);
    by_sampled.addmm_(scores.t(), some, 1, input.scale);
    if (input.bias.defined()) sums.bias.index_add_(0, places, scores.sum(0), input.scale);
  }
  by_rows.mul_(input.scale);
  sums.items.index_add_(0, places, by_sampled);
  sums.items.index_add_(0, targets, input.rows * by_hits.unsqueeze(1), input.scale);
  if (input.bias.defined()) sums.bias.index_add_(0, targets, by_hits, input.scale);
  return loss;
}

std::unique_ptr<Loss> make_loss(const SequenceTrainingConfig& config,
                                std::span<const std::int64_t> popularity) {
  if (config.loss == "softmax")
    return std::make_unique<SoftmaxLoss>(static_cast<std::int64_t>(popularity.size()));
  return std::make_unique<SampledLoss>(config, popularity);
}

}  // namespace crossfade
