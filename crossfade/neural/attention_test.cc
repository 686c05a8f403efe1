// Attention and dropout: against the formula written out, and gradients against differences.
#include "crossfade/neural/attention.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "crossfade/neural/test_gradients.h"

namespace crossfade {
namespace {

constexpr std::int64_t kWidth = 6;

double value(const at::Tensor& x, std::int64_t row, std::int64_t column) {
  return x.index({row, column}).item<double>();
}

// One number of the output, as the header says it.
double by_formula(const at::Tensor (&qkv)[3], std::int64_t first, std::int64_t length,
                  std::int64_t row, std::int64_t column, const AttentionShape& shape) {
  const std::int64_t width = kWidth / shape.heads, begin = column / width * width;
  const std::int64_t end = shape.causal ? row + 1 : first + length;
  double sum = 0, weighted = 0;
  for (std::int64_t key = first; key < end; ++key) {
    double dot = 0;
    for (std::int64_t c = begin; c < begin + width; ++c)
      dot += value(qkv[0], row, c) * value(qkv[1], key, c);
    const double weight = std::exp(dot / std::sqrt(static_cast<double>(width)));
    sum += weight;
    weighted += weight * value(qkv[2], key, column);
  }
  return weighted / sum;
}

// Runs of one and of several sequences, one of them longer than a block of rows.
const std::vector<Run> kRuns = {{1, 70}, {2, 5}, {3, 1}};
constexpr std::int64_t kRows = 70 + 10 + 3;

class AttentionTest : public testing::TestWithParam<AttentionShape> {
 protected:
  at::Tensor qkv_[3] = {random_tensor({kRows, kWidth}, 1), random_tensor({kRows, kWidth}, 2),
                        random_tensor({kRows, kWidth}, 3)};
};

TEST_P(AttentionTest, IsTheFormula) {
  Dropout off = Dropout::off();
  const at::Tensor out = attend(qkv_[0], qkv_[1], qkv_[2], kRuns, GetParam(), off);
  std::int64_t first = 0;
  for (const auto& run : kRuns)
    for (std::int64_t s = 0; s < run.count; ++s, first += run.length)
      for (std::int64_t row = first; row < first + run.length; row += 3)
        for (std::int64_t column = 0; column < kWidth; ++column)
          EXPECT_NEAR(value(out, row, column),
                      by_formula(qkv_, first, run.length, row, column, GetParam()), 1e-5)
              << row << ", " << column;
  EXPECT_EQ(first, kRows);
}

TEST_P(AttentionTest, HasTheGradientOfDifferences) {
  const at::Tensor wanted = random_tensor({kRows, kWidth}, 4);
  for (const double share : {0.0, 0.4}) {
    const auto forward = [&] {
      Dropout dropout(share, 7);  // the same numbers are left out each time
      return (attend(qkv_[0], qkv_[1], qkv_[2], kRuns, GetParam(), dropout) * wanted).sum();
    };
    std::vector<at::Tensor> inputs;
    for (at::Tensor& one : qkv_) inputs.push_back(one.set_requires_grad(true));
    const auto gradients = torch::autograd::grad({forward()}, inputs);
    for (at::Tensor& one : qkv_) one = one.detach();
    for (std::size_t i = 0; i < 3; ++i)
      expect_gradient("qkv"[i] + std::string(share > 0 ? " with dropout" : ""), qkv_[i],
                      gradients[i], [&] { return forward().item<double>(); }, 5e-3, {60});
  }
}

TEST_P(AttentionTest, IsTheSameWithPadding) {
  const at::Tensor wanted = random_tensor({kRows, kWidth}, 4);
  std::vector<at::Tensor> inputs;
  for (at::Tensor& one : qkv_) inputs.push_back(one.set_requires_grad(true));
  Dropout off = Dropout::off();
  const at::Tensor packed = attend(qkv_[0], qkv_[1], qkv_[2], kRuns, GetParam(), off);
  const at::Tensor padded = attend_padded(qkv_[0], qkv_[1], qkv_[2], kRuns, GetParam(), 0);
  EXPECT_LT((packed - padded).abs().max().item<double>(), 1e-5);
  const auto of_packed = torch::autograd::grad({(packed * wanted).sum()}, inputs);
  const auto of_padded = torch::autograd::grad({(padded * wanted).sum()}, inputs);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_LT((of_packed[i] - of_padded[i]).abs().max().item<double>(), 1e-4) << "qkv"[i];
}

INSTANTIATE_TEST_SUITE_P(Shapes, AttentionTest,
                         testing::Values(AttentionShape{1, true}, AttentionShape{1, false},
                                         AttentionShape{2, true}, AttentionShape{3, false}));

TEST(Dropout, LeavesOutTheShareAndKeepsTheMean) {
  std::vector<float> ones(100'000, 1);
  drop(ones.data(), static_cast<std::int64_t>(ones.size()), 0.3, 5);
  double sum = 0, zeros = 0;
  for (const float number : ones) {
    sum += number;
    zeros += number == 0 ? 1 : 0;
  }
  EXPECT_NEAR(zeros / 1e5, 0.3, 0.01);
  EXPECT_NEAR(sum / 1e5, 1, 0.02);
}

TEST(Dropout, DecidesByPlaceAlone) {
  std::vector<float> whole(1001, 1), parts(1001, 1);
  drop(whole.data(), 1001, 0.5, 5);
  drop(parts.data(), 333, 0.5, 5);
  drop(parts.data() + 333, 668, 0.5, 5, 333);
  EXPECT_EQ(whole, parts);
  std::vector<float> other(1001, 1);
  drop(other.data(), 1001, 0.5, 6);
  EXPECT_NE(whole, other);
}

TEST(Dropout, HasTheGradientOfDifferences) {
  at::Tensor x = random_tensor({9, 7}, 1);
  const auto forward = [&] {
    Dropout dropout(0.4, 3);
    const at::Tensor once = dropout(x);
    return (dropout(once) * once).sum();  // the two calls leave out different numbers
  };
  x.set_requires_grad(true);
  const auto gradients = torch::autograd::grad({forward()}, {x});
  x = x.detach();
  expect_gradient("x", x, gradients[0], [&] { return forward().item<double>(); }, 1e-2, {63});
}

}  // namespace
}  // namespace crossfade
