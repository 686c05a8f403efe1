// Losses: their value by the formula written out in double, their gradients against differences.
#include "crossfade/neural/loss.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "crossfade/neural/sampled_loss.h"
#include "crossfade/neural/softmax_loss.h"
#include "crossfade/neural/test_gradients.h"

namespace crossfade {
namespace {

constexpr std::int64_t kItems = 23, kRows = 70, kWidth = 5;

SequenceTrainingConfig config_of(const std::vector<std::string>& settings) {
  SequenceTrainingConfig config;
  EXPECT_TRUE(apply_settings(config, "sasrec", settings).ok());
  return config;
}

std::vector<std::int64_t> popularity() {
  std::vector<std::int64_t> counts;
  for (std::int64_t i = 0; i < kItems; ++i) counts.push_back(i % 5 == 0 ? 0 : i);
  return counts;
}

struct Problem {
  at::Tensor rows = random_tensor({kRows, kWidth}, 1), items = random_tensor({kItems, kWidth}, 2),
             bias = random_tensor({kItems}, 3);
  std::vector<std::int64_t> targets;

  Problem() {
    Rng rng(4);
    for (std::int64_t r = 0; r < kRows; ++r)
      targets.push_back(static_cast<std::int64_t>(rng.below(kItems)));
  }
  double score(std::int64_t row, std::int64_t item) const {
    return (rows[row] * items[item]).sum().item<double>() + bias[item].item<double>();
  }
  double loss(const Loss& of, LossSums& sums, at::Tensor& by_rows, double scale = 1) const {
    return of({rows, items, bias, targets, scale}, sums, by_rows, Rng(9, 9));
  }
  double loss(const Loss& of) const {
    LossSums sums{at::zeros_like(items), at::zeros_like(bias)};
    at::Tensor by_rows;
    return loss(of, sums, by_rows);
  }
};

TEST(SoftmaxLoss, IsTheFormula) {
  const Problem problem;
  double expected = 0;
  for (std::int64_t r = 0; r < kRows; ++r) {
    double sum = 0;
    for (std::int64_t i = 0; i < kItems; ++i) sum += std::exp(problem.score(r, i));
    expected += std::log(sum) - problem.score(r, problem.targets[static_cast<std::size_t>(r)]);
  }
  EXPECT_NEAR(problem.loss(SoftmaxLoss(kItems)), expected, 1e-3);
}

// What the header of sampled_loss.h says, draw by draw.
double sampled_by_formula(const Problem& problem, const SequenceTrainingConfig& config,
                          const SampledLoss& loss) {
  Rng rng(9, 9);
  const auto drawn = loss.draw(rng);
  double expected = 0;
  for (std::int64_t r = 0; r < kRows; ++r) {
    const std::int64_t target = problem.targets[static_cast<std::size_t>(r)];
    const double hit = problem.score(r, target);
    double sum = std::exp(hit), logs = -loss.beta() * std::log(1 / (1 + std::exp(-hit)));
    for (const std::int64_t item : drawn) {
      if (item == target) continue;
      const double score = problem.score(r, item);
      const double expected_draws = static_cast<double>(drawn.size()) * loss.probability(item);
      sum += std::exp(score) / (config.log_q ? expected_draws : 1);
      logs -= std::log(1 - 1 / (1 + std::exp(-score)));
    }
    expected += config.loss == "sampled" ? std::log(sum) - hit : logs;
  }
  return expected;
}

const std::vector<std::vector<std::string>> kSampled = {
    {"loss=sampled", "negatives=12"},
    {"loss=sampled", "negatives=12", "log_q=no"},
    {"loss=sampled", "negatives=12", "popular_negatives=0.6"},
    {"loss=gbce", "negatives=12"},
    {"loss=bce", "negatives=3"}};

TEST(SampledLoss, IsTheFormula) {
  const Problem problem;
  for (const auto& settings : kSampled) {
    const auto config = config_of(settings);
    const SampledLoss loss(config, popularity());
    EXPECT_NEAR(problem.loss(loss), sampled_by_formula(problem, config, loss), 1e-3)
        << testing::PrintToString(settings);
  }
}

TEST(SampledLoss, CalibratesAsPublished) {
  // a = 12 / 22, beta = a (0.75 (1 - 1/a) + 1/a)
  EXPECT_NEAR(SampledLoss(config_of({"loss=gbce", "negatives=12"}), popularity()).beta(),
              12.0 / 22 * (0.75 * (1 - 22.0 / 12) + 22.0 / 12), 1e-12);
  EXPECT_EQ(SampledLoss(config_of({"loss=bce"}), popularity()).beta(), 1);
}

TEST(SampledLoss, DrawsAsOftenAsItSays) {
  const SampledLoss loss(config_of({"loss=sampled", "negatives=200000", "popular_negatives=0.5"}),
                         popularity());
  Rng rng(1);
  std::vector<double> counts(kItems);
  for (const std::int64_t item : loss.draw(rng)) counts[static_cast<std::size_t>(item)] += 1;
  for (std::int64_t i = 0; i < kItems; ++i)
    EXPECT_NEAR(counts[static_cast<std::size_t>(i)] / 2e5, loss.probability(i), 2e-3);
}

// With every draw corrected, the sum over many samples is the sum over all items.
TEST(SampledLoss, ApproachesTheWholeSum) {
  const Problem problem;
  const SampledLoss sampled(config_of({"loss=sampled", "negatives=20000", "popular_negatives=0.5"}),
                            popularity());
  EXPECT_NEAR(problem.loss(sampled) / problem.loss(SoftmaxLoss(kItems)), 1, 0.02);
}

TEST(Losses, HaveTheGradientsOfDifferences) {
  auto all = kSampled;
  all.push_back({"loss=softmax"});
  for (const auto& settings : all) {
    const Problem problem;
    const auto loss = make_loss(config_of(settings), popularity());
    LossSums sums{at::zeros_like(problem.items), at::zeros_like(problem.bias)};
    at::Tensor by_rows;
    problem.loss(*loss, sums, by_rows, 0.5);
    const auto half = [&] { return 0.5 * problem.loss(*loss); };
    const std::string name = testing::PrintToString(settings);
    expect_gradient(name + " by rows", problem.rows, by_rows, half, 5e-3, {60});
    expect_gradient(name + " by items", problem.items, sums.items, half, 2e-2, {115});
    expect_gradient(name + " by bias", problem.bias, sums.bias, half, 2e-2);
  }
}

}  // namespace
}  // namespace crossfade
