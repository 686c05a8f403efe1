// One pass over each parameter, cut into blocks; see adam.h.
#include "crossfade/neural/adam.h"

#include <cmath>

namespace crossfade {
namespace {

constexpr std::int64_t kBlock = 1 << 15;

struct Moving {
  float *weights, *gradient, *first, *second;
};

void step_block(const AdamSettings& settings, double rate, std::int64_t steps, Moving at,
                std::int64_t size) {
  const auto beta1 = static_cast<float>(settings.beta1), beta2 = static_cast<float>(settings.beta2);
  const auto decay = static_cast<float>(settings.weight_decay);
  const auto count = static_cast<double>(steps);
  const double step = settings.learning_rate * rate;
  const auto size_of_step = static_cast<float>(step / (1 - std::pow(settings.beta1, count)));
  const auto unbias = static_cast<float>(1 / std::sqrt(1 - std::pow(settings.beta2, count)));
  const auto epsilon = static_cast<float>(settings.epsilon);
  const float shrink =
      settings.decoupled ? static_cast<float>(1 - step * settings.weight_decay) : 1;
  const float added = settings.decoupled ? 0 : decay;
  for (std::int64_t i = 0; i < size; ++i) {
    const float slope = at.gradient[i] + added * at.weights[i];
    at.first[i] = beta1 * at.first[i] + (1 - beta1) * slope;
    at.second[i] = beta2 * at.second[i] + (1 - beta2) * slope * slope;
    at.weights[i] = shrink * at.weights[i] -
                    size_of_step * at.first[i] / (std::sqrt(at.second[i]) * unbias + epsilon);
    at.gradient[i] = 0;
  }
}

}  // namespace

void step_adam_by_tensors(const AdamSettings& settings, double rate, Parameters& weights,
                          Parameters& gradient, AdamState& state) {
  const auto count = static_cast<double>(++state.steps);
  const double step = settings.learning_rate * rate;
  const double unbias = 1 / std::sqrt(1 - std::pow(settings.beta2, count));
  for (const Parameter& parameter : weights.list()) {
    const at::Tensor &weight = parameter.value, &slope = gradient[parameter.name],
                     &first = state.first[parameter.name], &second = state.second[parameter.name];
    if (!settings.decoupled) slope.add_(weight, settings.weight_decay);
    first.mul_(settings.beta1).add_(slope, 1 - settings.beta1);
    second.mul_(settings.beta2).addcmul_(slope, slope, 1 - settings.beta2);
    if (settings.decoupled) weight.mul_(1 - step * settings.weight_decay);
    weight.addcdiv_(first, second.sqrt().mul_(unbias).add_(settings.epsilon),
                    -step / (1 - std::pow(settings.beta1, count)));
    slope.zero_();
  }
}

void step_adam(const AdamSettings& settings, double rate, Parameters& weights, Parameters& gradient,
               AdamState& state, ThreadPool& threads) {
  if (!weights.list().empty() && !weights.list().front().value.is_cpu())
    return step_adam_by_tensors(settings, rate, weights, gradient, state);
  ++state.steps;
  for (const Parameter& parameter : weights.list()) {
    const Moving all{parameter.value.data_ptr<float>(), gradient[parameter.name].data_ptr<float>(),
                     state.first[parameter.name].data_ptr<float>(),
                     state.second[parameter.name].data_ptr<float>()};
    threads.parallel_for(
        parameter.value.numel(), kBlock, [&](std::int64_t begin, std::int64_t end, int) {
          step_block(
              settings, rate, state.steps,
              {all.weights + begin, all.gradient + begin, all.first + begin, all.second + begin},
              end - begin);
        });
  }
}

}  // namespace crossfade
