// One pass over each parameter, cut into blocks, or over the rows that a gradient met; see adam.h.
#include "crossfade/neural/adam.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace crossfade {
namespace {

constexpr std::int64_t kBlock = 1 << 15;
constexpr std::int64_t kRowsAtOnce = 64;

struct Moving {
  float *weights, *gradient, *first, *second;

  Moving at(std::int64_t place) const {
    return {weights + place, gradient + place, first + place, second + place};
  }
};

Moving moving(const std::string& name, Parameters& weights, Parameters& gradient,
              AdamState& state) {
  return {weights[name].data_ptr<float>(), gradient[name].data_ptr<float>(),
          state.first[name].data_ptr<float>(), state.second[name].data_ptr<float>()};
}

// Without a gradient it counts as zeros.
template <bool kGradient>
void step_block(const AdamStep& step, Moving at, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) {
    const float slope = (kGradient ? at.gradient[i] : 0.0F) + step.decay * at.weights[i];
    at.first[i] = step.beta1 * at.first[i] + (1 - step.beta1) * slope;
    at.second[i] = step.beta2 * at.second[i] + (1 - step.beta2) * slope * slope;
    at.weights[i] =
        step.shrink * at.weights[i] -
        step.size * at.first[i] / (std::sqrt(at.second[i]) * step.unbias + step.epsilon);
    if constexpr (kGradient) at.gradient[i] = 0;
  }
}

void step_whole(const AdamStep& step, Moving all, std::int64_t size, ThreadPool& threads) {
  threads.parallel_for(size, kBlock, [&](std::int64_t begin, std::int64_t end, int) {
    step_block<true>(step, all.at(begin), end - begin);
  });
}

}  // namespace

AdamStep::AdamStep(const AdamSettings& settings, double rate, std::int64_t number)
    : beta1(static_cast<float>(settings.beta1)),
      beta2(static_cast<float>(settings.beta2)),
      epsilon(static_cast<float>(settings.epsilon)) {
  const auto count = static_cast<double>(number);
  const double step = settings.learning_rate * rate;
  size = static_cast<float>(step / (1 - std::pow(settings.beta1, count)));
  unbias = static_cast<float>(1 / std::sqrt(1 - std::pow(settings.beta2, count)));
  shrink = settings.decoupled ? static_cast<float>(1 - step * settings.weight_decay) : 1;
  decay = settings.decoupled ? 0 : static_cast<float>(settings.weight_decay);
}

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
  const AdamStep step(settings, rate, ++state.steps);
  for (const Parameter& parameter : weights.list())
    step_whole(step, moving(parameter.name, weights, gradient, state), parameter.value.numel(),
               threads);
}

RowAdam::RowAdam(const AdamSettings& settings, Parameters& weights, Parameters& gradient,
                 AdamState& state, ThreadPool& threads)
    : settings_(settings),
      weights_(weights),
      gradient_(gradient),
      state_(state),
      threads_(threads) {}

void RowAdam::meet(const std::string& name, std::vector<std::int64_t> rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  auto table = std::find_if(tables_.begin(), tables_.end(),
                            [&](const Table& one) { return one.name == name; });
  if (table == tables_.end()) {
    const auto size = static_cast<std::size_t>(weights_[name].size(0));
    const auto made = static_cast<std::int32_t>(past_.size());
    tables_.push_back({name, {}, std::vector<std::int32_t>(size, made)});
    table = tables_.end() - 1;
  }
  table->met = std::move(rows);
  catch_up(*table, table->met);
}

void RowAdam::catch_up(Table& table, std::span<const std::int64_t> rows) {
  const Moving all = moving(table.name, weights_, gradient_, state_);
  const std::int64_t width = weights_[table.name].size(1);
  threads_.parallel_for(
      std::ssize(rows), kRowsAtOnce, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t i = begin; i < end; ++i) {
          const std::int64_t row = rows[static_cast<std::size_t>(i)];
          auto& steps = table.made[static_cast<std::size_t>(row)];
          const Moving at = all.at(row * width);
          for (auto step = static_cast<std::size_t>(steps); step < past_.size(); ++step)
            step_block<false>(past_[step], at, width);
          steps = static_cast<std::int32_t>(past_.size());
        }
      });
}

void RowAdam::step(double rate) {
  const AdamStep& step = past_.emplace_back(settings_, rate, ++state_.steps);
  for (const Parameter& parameter : weights_.list()) {
    const Moving all = moving(parameter.name, weights_, gradient_, state_);
    const auto table = std::find_if(tables_.begin(), tables_.end(),
                                    [&](const Table& one) { return one.name == parameter.name; });
    if (table == tables_.end()) {
      step_whole(step, all, parameter.value.numel(), threads_);
      continue;
    }
    const std::int64_t width = parameter.value.size(1);
    threads_.parallel_for(std::ssize(table->met), kRowsAtOnce,
                          [&](std::int64_t begin, std::int64_t end, int) {
                            for (std::int64_t i = begin; i < end; ++i) {
                              const std::int64_t row = table->met[static_cast<std::size_t>(i)];
                              step_block<true>(step, all.at(row * width), width);
                              ++table->made[static_cast<std::size_t>(row)];
                            }
                          });
    table->met.clear();
  }
}

void RowAdam::finish() {
  for (Table& table : tables_) {
    std::vector<std::int64_t> rows(table.made.size());
    std::iota(rows.begin(), rows.end(), 0);
    catch_up(table, rows);
    std::fill(table.made.begin(), table.made.end(), 0);
  }
  past_.clear();
}

}  // namespace crossfade
