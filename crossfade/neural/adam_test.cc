// Adam by its formula in double precision; by blocks and by whole tensors it is the same.
#include "crossfade/neural/adam.h"

#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/neural/test_gradients.h"
#include "crossfade/neural/test_world.h"

namespace crossfade {
namespace {

struct Problem {
  Parameters weights;
  AdamState state;
  Problem() {
    weights.add("a", random_tensor({40'000}, 1));  // more than one block
    weights.add("b", random_tensor({3, 2}, 2));
    state = {weights.zeros(), weights.zeros(), 0};
  }
  Parameters gradient(std::uint64_t step) const {
    Parameters made;
    for (const Parameter& one : weights.list())
      made.add(one.name, random_tensor(one.value.sizes().vec(), 10 * step + one.name[0]));
    return made;
  }
};

class AdamTest : public testing::TestWithParam<bool> {
 protected:
  AdamSettings settings() const { return {0.01, 0.1, GetParam()}; }
};

TEST_P(AdamTest, IsTheFormula) {
  Problem problem;
  TestContext context(2);
  double weight = problem.weights["b"].data_ptr<float>()[4], first = 0, second = 0;
  for (std::uint64_t step = 1; step <= 3; ++step) {
    Parameters gradient = problem.gradient(step);
    double slope = gradient["b"].data_ptr<float>()[4];
    const double rate = 0.01 * 0.5;
    if (!settings().decoupled) slope += 0.1 * weight;
    first = 0.9 * first + 0.1 * slope;
    second = 0.98 * second + 0.02 * slope * slope;
    if (settings().decoupled) weight -= rate * 0.1 * weight;
    const auto count = static_cast<double>(step);
    weight -= rate * (first / (1 - std::pow(0.9, count))) /
              (std::sqrt(second / (1 - std::pow(0.98, count))) + 1e-8);
    step_adam(settings(), 0.5, problem.weights, gradient, problem.state, context.threads);
    EXPECT_NEAR(problem.weights["b"].data_ptr<float>()[4], weight, 1e-6);
    EXPECT_EQ(gradient["b"].abs().max().item<double>(), 0);  // ready for the next step
  }
}

TEST_P(AdamTest, IsTheSameByWholeTensors) {
  Problem blocks, whole;
  TestContext context(2);
  for (std::uint64_t step = 1; step <= 4; ++step) {
    Parameters one = blocks.gradient(step), other = whole.gradient(step);
    step_adam(settings(), 1, blocks.weights, one, blocks.state, context.threads);
    step_adam_by_tensors(settings(), 1, whole.weights, other, whole.state);
    EXPECT_EQ(other["a"].abs().max().item<double>(), 0);
  }
  EXPECT_EQ(whole.state.steps, 4);
  for (const char* name : {"a", "b"})
    EXPECT_LT((blocks.weights[name] - whole.weights[name]).abs().max().item<double>(), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Decay, AdamTest, testing::Bool(),
                         [](const auto& decoupled) { return decoupled.param ? "adamw" : "adam"; });

}  // namespace
}  // namespace crossfade
