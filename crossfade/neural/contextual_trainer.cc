// Epochs over shuffled pairs; see contextual_trainer.h.
#include "crossfade/neural/contextual_trainer.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "crossfade/base/free_memory.h"
#include "crossfade/base/rng.h"
#include "crossfade/base/text.h"
#include "crossfade/neural/adam.h"
#include "crossfade/neural/checkpoint.h"
#include "crossfade/neural/contextual_squares.h"
#include "crossfade/neural/dropout.h"

namespace crossfade {
namespace {

constexpr std::uint64_t kOrderStream = 0xC0DE;
constexpr std::size_t kJudgedAtOnce = 8192;
constexpr double kBeta2 = 0.999;  // torch's own, as published

std::string layer(std::int64_t number) {
  return "head." + std::to_string(number);
}

// Columns of some pairs, as tensors.
struct Columns {
  at::Tensor users, starts, tracks, rates;

  explicit Columns(std::span<const ContextualPair> pairs) {
    const auto size = static_cast<std::int64_t>(pairs.size());
    for (at::Tensor* places : {&users, &starts, &tracks}) *places = at::empty({size}, at::kLong);
    rates = at::empty({size}, at::kFloat);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      users.data_ptr<std::int64_t>()[i] = pairs[i].user;
      starts.data_ptr<std::int64_t>()[i] = pairs[i].start;
      tracks.data_ptr<std::int64_t>()[i] = pairs[i].track;
      rates.data_ptr<float>()[i] = pairs[i].rate;
    }
  }
};

at::Tensor run_head(const ContextualTraining& config, const Parameters& weights, at::Tensor x,
                    Dropout& dropout) {
  for (std::int64_t number = 0; number < config.training.head; ++number)
    x = dropout(at::relu(
        at::linear(x, weights[layer(number) + ".weight"], weights[layer(number) + ".bias"])));
  return x;
}

double squared_errors(const ContextualTraining& config, const Parameters& weights,
                      std::span<const ContextualPair> pairs) {
  double sum = 0;
  Dropout off = Dropout::off();
  for (std::size_t begin = 0; begin < pairs.size(); begin += kJudgedAtOnce) {
    const Columns columns(pairs.subspan(begin, std::min(kJudgedAtOnce, pairs.size() - begin)));
    at::Tensor from = weights["start"].index_select(0, columns.starts);
    if (config.network.users) from = from + weights["user"].index_select(0, columns.users);
    const at::Tensor rates =
        (run_head(config, weights, from, off) * weights["track"].index_select(0, columns.tracks))
            .sum(1);
    sum += (rates - columns.rates).square().sum().item<double>();
  }
  return sum;
}

// Without their numbers nothing comes of items that few pairs spoke for.
void forget(const at::Tensor& table, const std::vector<std::int64_t>& pairs, std::int64_t least) {
  for (std::size_t row = 0; row < pairs.size(); ++row)
    if (pairs[row] < least) table[static_cast<std::int64_t>(row)].zero_();
}

class Training {
 public:
  Training(const ContextualTrainingInput& input, const Clock& clock, Context& context)
      : input_(input),
        clock_(clock),
        context_(context),
        checkpoints_(input.checkpoint, Json::object()
                                           .set("generator", "contextual")
                                           .set("settings", knobs_to_json(input.config))
                                           .set("seed", static_cast<std::int64_t>(input.seed))
                                           .set("data", input.fingerprint)
                                           .set("version", CROSSFADE_VERSION)) {}

  Status prepare();
  Status run();
  TrainedContextual finish() const;

 private:
  const ContextualTrainingConfig& settings() const { return input_.config.training; }
  std::int64_t epochs_done() const { return static_cast<std::int64_t>(validation_.size()); }
  std::vector<NamedGroup> groups() {
    return {{"weights", &weights_},
            {"best", &best_},
            {"first", &adam_.first},
            {"second", &adam_.second}};
  }
  Status resume();
  Status keep();
  Status run_epoch();
  Result<double> take_steps(std::int64_t epoch);
  Result<double> solve_in_turns();
  void judge(double error);

  const ContextualTrainingInput& input_;
  const Clock& clock_;
  Context& context_;
  CheckpointFolder checkpoints_;
  ContextualPairs pairs_;
  Parameters weights_, best_, gradient_;
  AdamState adam_;
  std::unique_ptr<ContextualSquares> squares_;
  std::vector<double> train_, validation_;  // mean squared errors by epoch
  std::vector<double> seconds_;             // of each epoch's learning
  std::int64_t best_epoch_ = 0, stands_still_ = 0;
  double rate_ = 1;  // what the learning rate is multiplied by
};

Status Training::prepare() {
  if (settings().solver == "squares" && settings().head > 0)
    return usage_error(
        "contextual: solver=squares solves products alone, without a head; take solver=adam");
  CROSSFADE_ASSIGN_OR_RETURN(pairs_, make_pairs(input_.domain, input_.seed));
  if (settings().centred) centre(pairs_, mean_rate(pairs_.train));
  const double rows = 2.0 * static_cast<double>(input_.domain.items.size()) +
                      (input_.config.network.users ? static_cast<double>(input_.num_users) : 0);
  const auto width = static_cast<double>(input_.config.network.dimensions);
  CROSSFADE_RETURN_IF_ERROR(check_memory("contextual in training", 5 * sizeof(float) * rows * width,
                                         context_.memory_bytes,
                                         "take fewer dimensions, or users=no"));
  weights_ =
      make_contextual(input_.config, input_.domain.items.size(), input_.num_users, input_.seed);
  best_ = weights_.copy();
  gradient_ = weights_.zeros();
  adam_ = {weights_.zeros(), weights_.zeros(), 0};
  if (settings().solver == "squares")
    squares_ = std::make_unique<ContextualSquares>(pairs_.train, input_.domain.items.size(),
                                                   input_.num_users, settings().ridge);
  context_.progress.say(
      "contextual learns from " + format_count(static_cast<std::int64_t>(pairs_.train.size())) +
      " pairs, judged by " + format_count(static_cast<std::int64_t>(pairs_.validation.size())));
  return resume();
}

Status Training::resume() {
  CROSSFADE_ASSIGN_OR_RETURN(const Json progress, checkpoints_.read(groups()));
  if (progress.is_null()) return ok_status();
  CROSSFADE_ASSIGN_OR_RETURN(adam_.steps, progress.int_at("steps"));
  CROSSFADE_ASSIGN_OR_RETURN(best_epoch_, progress.int_at("best_epoch"));
  CROSSFADE_ASSIGN_OR_RETURN(stands_still_, progress.int_at("stands_still"));
  CROSSFADE_ASSIGN_OR_RETURN(rate_, progress.number_at("rate"));
  for (const auto& [name, values] :
       {std::pair{"train", &train_}, {"validation", &validation_}, {"seconds", &seconds_}})
    for (const Json& value : progress[name].as_array() ? *progress[name].as_array() : Json::Array())
      values->push_back(value.number());
  context_.progress.say("goes on from a checkpoint behind epoch " + std::to_string(epochs_done()));
  return ok_status();
}

Status Training::keep() {
  return checkpoints_.write(groups(), Json::object()
                                          .set("steps", adam_.steps)
                                          .set("best_epoch", best_epoch_)
                                          .set("stands_still", stands_still_)
                                          .set("rate", rate_)
                                          .set("train", json_list(train_))
                                          .set("validation", json_list(validation_))
                                          .set("seconds", json_list(seconds_)));
}

// Whether `error` is the best so far; where it has not been for long, steps become smaller.
void Training::judge(double error) {
  const bool best =
      best_epoch_ == 0 || error < validation_[static_cast<std::size_t>(best_epoch_ - 1)];
  validation_.push_back(error);
  if (best) {
    best_epoch_ = epochs_done();
    best_ = weights_.copy();
    stands_still_ = 0;
  } else if (++stands_still_ > settings().plateau && settings().plateau > 0) {
    rate_ *= 0.1;
    stands_still_ = 0;
  }
}

// The sum of squared errors met on the way.
Result<double> Training::take_steps(std::int64_t epoch) {
  const auto size = static_cast<std::int64_t>(pairs_.train.size());
  std::vector<ContextualPair> order = pairs_.train;
  Rng rng(input_.seed, kOrderStream + mix64(static_cast<std::uint64_t>(epoch)));
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  const AdamSettings adam{
      settings().learning_rate, settings().weight_decay, false, 0.9, kBeta2, 1e-8};
  double sum = 0;
  for (std::int64_t begin = 0; begin < size; begin += settings().batch) {
    CROSSFADE_RETURN_IF_ERROR(context_.check_stop());
    const std::int64_t count = std::min(settings().batch, size - begin);
    sum += learn_pairs(
        input_.config, weights_,
        std::span(order).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)),
        mix64(input_.seed ^ mix64(static_cast<std::uint64_t>(adam_.steps) + 1)), gradient_);
    step_adam(adam, rate_, weights_, gradient_, adam_, context_.threads);
    context_.progress.advance(count);
  }
  return sum;
}

// The sum of squared errors of the new weights.
Result<double> Training::solve_in_turns() {
  CROSSFADE_RETURN_IF_ERROR(squares_->improve(weights_, context_));
  return squared_errors(input_.config, weights_, pairs_.train);
}

Status Training::run_epoch() {
  const auto size = static_cast<std::int64_t>(pairs_.train.size());
  const std::int64_t epoch = epochs_done() + 1;
  context_.progress.begin(
      "contextual epoch " + std::to_string(epoch) + " of " + std::to_string(settings().epochs),
      size, "pairs");
  const std::int64_t start_ns = clock_.steady_ns();
  CROSSFADE_ASSIGN_OR_RETURN(const double sum, squares_ ? solve_in_turns() : take_steps(epoch));
  seconds_.push_back(static_cast<double>(clock_.steady_ns() - start_ns) * 1e-9);
  train_.push_back(sum / static_cast<double>(size));
  const double error = squared_errors(input_.config, weights_, pairs_.validation) /
                       static_cast<double>(pairs_.validation.size());
  if (!std::isfinite(error))
    return failed("contextual: the error of epoch " + std::to_string(epoch) +
                  " is not a finite number; lower learning_rate");
  judge(error);
  context_.progress.end("mean squared error " + format_number(train_.back(), 4) + ", validation " +
                        format_number(error, 4) + " (best in epoch " + std::to_string(best_epoch_) +
                        ")");
  return keep();
}

Status Training::run() {
  at::set_num_threads(1);
  while (epochs_done() < settings().epochs &&
         (settings().patience == 0 || epochs_done() - best_epoch_ < settings().patience))
    CROSSFADE_RETURN_IF_ERROR(run_epoch());
  return ok_status();
}

TrainedContextual Training::finish() const {
  TrainedContextual trained;
  Dropout off = Dropout::off();
  const at::Tensor start = run_head(input_.config, best_, best_["start"], off).clone();
  const at::Tensor track = best_["track"].clone();
  std::vector<std::int64_t> started(static_cast<std::size_t>(input_.domain.items.size()), 0);
  std::vector<std::int64_t> heard = started;
  for (const ContextualPair& pair : pairs_.train) {
    ++started[static_cast<std::size_t>(pair.start)];
    ++heard[static_cast<std::size_t>(pair.track)];
  }
  forget(start, started, settings().least);
  forget(track, heard, settings().least);
  trained.weights.add("start", start);
  trained.weights.add("track", track);
  if (input_.config.network.users)
    trained.weights.add("user",
                        settings().head > 0 ? at::zeros_like(best_["user"]) : best_["user"]);
  trained.summary =
      Json::object()
          .set("epochs", epochs_done())
          .set("best_epoch", best_epoch_)
          .set("pairs", static_cast<std::int64_t>(pairs_.train.size()))
          .set("train mse", json_list(train_))
          .set("validation mse", json_list(validation_))
          .set("seconds", json_list(seconds_))
          .set("test mse", squared_errors(input_.config, best_, pairs_.test) /
                               static_cast<double>(pairs_.test.size()))
          .set("test mse of the mean", mean_square_error(pairs_.test, mean_rate(pairs_.train)));
  return trained;
}

}  // namespace

Parameters make_contextual(const ContextualTraining& config, std::int64_t num_items,
                           std::int64_t num_users, std::uint64_t seed) {
  const std::int64_t width = config.network.dimensions;
  const Start start{config.training.spread, 0};
  Parameters weights;
  weights.add("start", {num_items, width}, start, seed);
  weights.add("track", {num_items, width}, start, seed);
  if (config.network.users) weights.add("user", {num_users, width}, start, seed);
  for (std::int64_t number = 0; number < config.training.head; ++number) {
    weights.add(layer(number) + ".weight", {width, width}, {glorot(width, width), 0}, seed);
    weights.add(layer(number) + ".bias", {width}, {}, seed);
  }
  return weights;
}

double learn_pairs(const ContextualTraining& config, const Parameters& weights,
                   std::span<const ContextualPair> pairs, std::uint64_t key, Parameters& gradient) {
  const Columns columns(pairs);
  struct Rows {
    std::string name;
    at::Tensor places, rows;
  };
  std::vector<Rows> tables{{"start", columns.starts, {}}, {"track", columns.tracks, {}}};
  if (config.network.users) tables.push_back({"user", columns.users, {}});
  std::vector<at::Tensor> inputs;
  for (Rows& table : tables) {
    table.rows = weights[table.name].index_select(0, table.places).set_requires_grad(true);
    inputs.push_back(table.rows);
  }
  Parameters leaves;
  for (const Parameter& one : weights.list())
    if (one.name.rfind("head.", 0) == 0) {
      leaves.add(one.name, one.value.detach().set_requires_grad(true));
      inputs.push_back(leaves[one.name]);
    }
  Dropout dropout(key == 0 ? 0 : config.training.dropout, key);
  at::Tensor from = tables[0].rows;
  if (config.network.users) from = from + tables[2].rows;
  const at::Tensor rates = (run_head(config, leaves, from, dropout) * tables[1].rows).sum(1);
  const at::Tensor errors = rates.detach() - columns.rates;
  const auto gradients =
      torch::autograd::grad({rates}, inputs, {errors * (2 / static_cast<double>(pairs.size()))});
  for (std::size_t i = 0; i < tables.size(); ++i)
    gradient[tables[i].name].index_add_(0, tables[i].places, gradients[i]);
  for (std::size_t i = 0; i < leaves.list().size(); ++i)
    gradient[leaves.list()[i].name].add_(gradients[tables.size() + i]);
  return errors.square().sum().item<double>();
}

Result<TrainedContextual> train_contextual(const ContextualTrainingInput& input, const Clock& clock,
                                           Context& context) {
  Training training(input, clock, context);
  CROSSFADE_RETURN_IF_ERROR(training.prepare());
  CROSSFADE_RETURN_IF_ERROR(training.run());
  return training.finish();
}

}  // namespace crossfade
