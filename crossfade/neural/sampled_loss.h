// Losses over the target and some sampled items, which all rows of a call share: one product
// instead of one gather per row.
//
//   sampled   -log(e^s+ / (e^s+ + sum_j e^(s_j - log(n q_j))))   n draws, item j with probability
//   q_j gbce      -beta log sigma(s+) - sum_j log(1 - sigma(s_j))    gSASRec: Petrov, Macdonald
//   2023 bce       gbce with beta = 1                                 SASRec: Kang, McAuley 2018
//
// beta = a (t (1 - 1/a) + 1/a) with a = n / (items - 1) and t the calibration. q mixes an even
// draw and one by popularity (Yang et al., Mixed Negative Sampling, 2020); the correction makes the
// sum an unbiased one over all items, the target counted exactly. A draw of the row's own target
// does not count.
#pragma once

#include <vector>

#include "crossfade/neural/loss.h"

namespace crossfade {

class SampledLoss final : public Loss {
 public:
  SampledLoss(const SequenceTrainingConfig& config, std::span<const std::int64_t> popularity);
  double operator()(const LossInput& input, LossSums& sums, at::Tensor& by_rows,
                    Rng rng) const override;
  std::int64_t compared() const override { return negatives_; }
  double scratch_bytes() const override;

  // Which items a call with this state of chance compares with.
  std::vector<std::int64_t> draw(Rng& rng) const;
  double probability(std::int64_t item) const;
  double beta() const { return beta_; }

 private:
  at::Tensor over_softmax(at::Tensor& scores, at::Tensor& target_scores) const;
  at::Tensor over_sigmoid(at::Tensor& scores, at::Tensor& target_scores) const;

  bool softmax_, correct_;
  std::int64_t negatives_, num_items_;
  double popular_, beta_ = 1;
  std::vector<std::int64_t> cumulated_;  // of the popularity: items + 1
};

}  // namespace crossfade
