// The loop over epochs and steps; see sequence_trainer.h.
#include "crossfade/neural/sequence_trainer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "crossfade/base/free_memory.h"
#include "crossfade/base/rng.h"
#include "crossfade/base/text.h"
#include "crossfade/models/sequence/sequence_weights.h"
#include "crossfade/neural/adam.h"
#include "crossfade/neural/checkpoint.h"
#include "crossfade/neural/item_embedding.h"
#include "crossfade/neural/learning_rate.h"
#include "crossfade/neural/sequence_network.h"
#include "crossfade/neural/sequence_step.h"
#include "crossfade/neural/sequence_validation.h"
#include "crossfade/neural/sequences.h"

namespace crossfade {
namespace {

constexpr std::int64_t kCheckpointNs = 60'000'000'000;  // no oftener than that
constexpr std::uint64_t kOrderStream = 0x0D3;

std::vector<std::int64_t> count_items(const TrainingSequences& sequences, std::int64_t num_items) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(num_items));
  for (const Window& window : sequences.windows)
    for (std::int64_t at = window.begin; at < window.end; ++at)
      ++counts[static_cast<std::size_t>(sequences.items[static_cast<std::size_t>(at)])];
  return counts;
}

// Before anything is made: weights, the best of them, gradient and moments; lanes; scores.
Status check_fits(const SequenceTrainingInput& input, const Loss& loss, const Context& context) {
  double numbers = 0;
  for (const TensorShape& tensor : sequence_tensors(input.config.network, input.domain.items.size(),
                                                    input.config.training.output_bias)) {
    double size = 1;
    for (const std::int64_t extent : tensor.shape) size *= static_cast<double>(extent);
    numbers += size;
  }
  const double copies = 5 + SequenceStep::kLanes * (input.config.network.normalise ? 2 : 1);
  return check_memory(
      input.generator + " of " + format_count(static_cast<std::int64_t>(numbers)) +
          " numbers in training",
      copies * sizeof(float) * numbers + context.threads.num_threads() * loss.scratch_bytes(),
      context.memory_bytes,
      "take fewer dimensions, or filter rare items out of the log" +
          std::string(input.config.training.loss == "softmax"
                          ? "; loss=sampled needs no scores of all items"
                          : ""));
}

class Training {
 public:
  Training(const SequenceTrainingInput& input, const Clock& clock, Context& context)
      : input_(input),
        clock_(clock),
        context_(context),
        checkpoints_(input.checkpoint, belongs_to(input)) {}

  Status prepare();
  Status run();
  TrainedSequence finish() const;

 private:
  static Json belongs_to(const SequenceTrainingInput& input) {
    return Json::object()
        .set("generator", input.generator)
        .set("settings", knobs_to_json(input.config))
        .set("seed", static_cast<std::int64_t>(input.seed))
        .set("data", input.fingerprint)
        .set("refit", input.refit)
        .set("version", CROSSFADE_VERSION);
  }
  const SequenceTrainingConfig& settings() const { return input_.config.training; }
  std::int64_t last_epoch() const { return input_.refit > 0 ? input_.refit : settings().epochs; }
  std::string name() const { return input_.generator + (input_.refit > 0 ? " refit" : ""); }
  std::int64_t num_items() const { return input_.domain.items.size(); }
  std::int64_t epoch() const { return static_cast<std::int64_t>(epochs_.size()) + 1; }
  bool is_patient() const {
    const auto done = static_cast<std::int64_t>(epochs_.size());
    return settings().validation == "none" || settings().patience == 0 ||
           done - best_epoch_ < settings().patience;
  }

  std::vector<NamedGroup> groups() {
    return {{"weights", &weights_},
            {"best", &best_},
            {"first", &adam_.first},
            {"second", &adam_.second}};
  }
  Status resume();
  Status keep(bool now);
  std::vector<Window> order_of_epoch() const;
  Status run_epoch();
  Status run_steps(const std::vector<Window>& order);
  Status diverged() const;
  Result<double> judge();
  std::string note(const EpochOutcome& outcome) const;

  const SequenceTrainingInput& input_;
  const Clock& clock_;
  Context& context_;
  CheckpointFolder checkpoints_;
  TrainingSequences sequences_;
  Execution execution_;
  std::unique_ptr<ItemEmbedding> embedding_;
  std::unique_ptr<Loss> loss_;
  std::unique_ptr<SequenceStep> step_;
  Parameters weights_, best_, gradient_;
  AdamState adam_;

  // How far it is: whole epochs, and within the next one.
  std::vector<EpochOutcome> epochs_;
  std::int64_t best_epoch_ = 0;
  std::int64_t windows_done_ = 0, rows_done_ = 0;
  double loss_sum_ = 0, seconds_ = 0;
  std::int64_t kept_ns_ = 0;
};

Status Training::prepare() {
  const SequenceConfig& network = input_.config.network;
  CROSSFADE_ASSIGN_OR_RETURN(execution_,
                             Execution::find(settings().device, settings().mixed_precision));
  CROSSFADE_ASSIGN_OR_RETURN(
      sequences_, make_sequences(input_.domain, input_.config,
                                 network.length + (network.causal ? 1 : 0), input_.seed));
  const std::vector<std::int64_t> met = count_items(sequences_, num_items());
  CROSSFADE_ASSIGN_OR_RETURN(ItemEmbedding embedding,
                             ItemEmbedding::make(input_.domain.about, met, network.causal ? 0 : 1,
                                                 settings().labels, settings().vectors));
  embedding_ = std::make_unique<ItemEmbedding>(embedding.on(execution_.device));
  loss_ = make_loss(settings(), met);
  CROSSFADE_RETURN_IF_ERROR(check_fits(input_, *loss_, context_));
  weights_ = make_network(network, input_.seed);
  embedding_->add_parameters(weights_, network.dimensions, input_.seed);
  if (settings().output_bias) weights_.add("output_bias", {num_items()}, {}, input_.seed);
  weights_ = weights_.on(execution_.device);
  step_ =
      std::make_unique<SequenceStep>(input_.config, *embedding_, *loss_, num_items(), execution_);
  best_ = weights_.copy();
  gradient_ = weights_.zeros();
  adam_ = {weights_.zeros(), weights_.zeros(), 0};
  context_.progress.say(
      name() + " learns from " + format_count(sequences_.users_learned) + " users (" +
      format_count(static_cast<std::int64_t>(sequences_.windows.size())) + " sequences, " +
      format_count(sequences_.too_short) + " users too short), judged by " +
      format_count(static_cast<std::int64_t>(sequences_.held_out.size())) + "; " +
      format_count(weights_.numbers()) + " numbers to learn" +
      (execution_.on_cpu() ? ""
       : execution_.mixed  ? ", on CUDA in mixed precision"
                           : ", on CUDA"));
  if (network.by_session() && input_.domain.time_ns.empty())
    context_.progress.say(
        input_.domain.name +
        " has sessions and no times: what a service adds to a history has no session, and whole "
        "histories are read there");
  return resume();
}

Status Training::resume() {
  kept_ns_ = clock_.steady_ns();
  CROSSFADE_ASSIGN_OR_RETURN(const Json progress, checkpoints_.read(groups()));
  if (progress.is_null()) return ok_status();
  CROSSFADE_ASSIGN_OR_RETURN(adam_.steps, progress.int_at("steps"));
  CROSSFADE_ASSIGN_OR_RETURN(best_epoch_, progress.int_at("best_epoch"));
  CROSSFADE_ASSIGN_OR_RETURN(windows_done_, progress.int_at("windows_done"));
  CROSSFADE_ASSIGN_OR_RETURN(rows_done_, progress.int_at("rows_done"));
  CROSSFADE_ASSIGN_OR_RETURN(loss_sum_, progress.number_at("loss_sum"));
  CROSSFADE_ASSIGN_OR_RETURN(seconds_, progress.number_at("seconds"));
  const Json& epochs = progress["epochs"];
  for (const Json& one : epochs.as_array() ? *epochs.as_array() : Json::Array())
    epochs_.push_back({one["loss"].number(), one["validation"].number(), one["seconds"].number()});
  context_.progress.say("goes on from a checkpoint in epoch " + std::to_string(epoch()));
  return ok_status();
}

Status Training::keep(bool now) {
  const std::int64_t time = clock_.steady_ns();
  if (!checkpoints_.is_kept() || (!now && time - kept_ns_ < kCheckpointNs)) return ok_status();
  kept_ns_ = time;
  Json epochs = Json::array();
  for (const EpochOutcome& one : epochs_)
    epochs.push(Json::object()
                    .set("loss", one.loss)
                    .set("validation", one.validation)
                    .set("seconds", one.seconds));
  return checkpoints_.write(groups(), Json::object()
                                          .set("steps", adam_.steps)
                                          .set("best_epoch", best_epoch_)
                                          .set("windows_done", windows_done_)
                                          .set("rows_done", rows_done_)
                                          .set("loss_sum", loss_sum_)
                                          .set("seconds", seconds_)
                                          .set("epochs", std::move(epochs)));
}

std::vector<Window> Training::order_of_epoch() const {
  std::vector<Window> order = sequences_.windows;
  Rng rng(input_.seed, kOrderStream + mix64(static_cast<std::uint64_t>(epoch())));
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  return order;
}

Status Training::run_steps(const std::vector<Window>& order) {
  const AdamSettings adam{settings().learning_rate, settings().weight_decay,
                          settings().optimizer == "adamw"};
  const std::int64_t steps_of_epoch =
      (static_cast<std::int64_t>(order.size()) + settings().batch - 1) / settings().batch;
  const LearningRateSchedule schedule{settings().schedule, settings().warmup,
                                      last_epoch() * steps_of_epoch};
  while (windows_done_ < static_cast<std::int64_t>(order.size())) {
    if (const Status stop = context_.check_stop(); !stop.ok()) {
      CROSSFADE_RETURN_IF_ERROR(keep(true));
      return stop;
    }
    const std::int64_t start = clock_.steady_ns();
    const auto count =
        std::min<std::size_t>(static_cast<std::size_t>(settings().batch),
                              order.size() - static_cast<std::size_t>(windows_done_));
    const SequenceStep::Outcome outcome = step_->run(
        {sequences_.items, std::span(order).subspan(static_cast<std::size_t>(windows_done_), count),
         mix64(input_.seed ^ mix64(static_cast<std::uint64_t>(adam_.steps) + 1))},
        weights_, gradient_, context_.threads);
    if (!std::isfinite(outcome.loss)) return diverged();
    step_adam(adam, schedule.factor(adam_.steps), weights_, gradient_, adam_, context_.threads);
    windows_done_ += static_cast<std::int64_t>(count);
    rows_done_ += outcome.rows;
    loss_sum_ += outcome.loss;
    seconds_ += static_cast<double>(clock_.steady_ns() - start) * 1e-9;
    context_.progress.advance(static_cast<std::int64_t>(count));
    CROSSFADE_RETURN_IF_ERROR(keep(false));
  }
  return ok_status();
}

Status Training::diverged() const {
  std::string text = name() + ": the loss of step " + std::to_string(adam_.steps + 1) + " (epoch " +
                     std::to_string(epoch()) +
                     ") is not a finite number; lower learning_rate, or raise warmup";
  if (best_epoch_ > 0 && input_.refit == 0)
    text += "; epochs=" + std::to_string(best_epoch_) + " ends with the best that was before";
  return failed(text + checkpoints_.advice());
}

Result<double> Training::judge() {
  if (sequences_.held_out.empty()) return 0.0;
  const Parameters weights = weights_.on(at::kCPU);
  const ItemTables tables =
      make_item_tables(input_.config.network, embedding_->on(at::kCPU), weights, num_items());
  return validate({input_.config, weights, tables, sequences_.items}, sequences_.held_out,
                  context_);
}

std::string Training::note(const EpochOutcome& outcome) const {
  std::string text = "loss " + format_number(outcome.loss, 4);
  if (settings().validation != "none")
    text += ", validation ndcg@10 " + format_number(outcome.validation, 4) + " (best " +
            format_number(epochs_[static_cast<std::size_t>(best_epoch_ - 1)].validation, 4) +
            " in epoch " + std::to_string(best_epoch_) + ")";
  text += ", " +
          format_rate(static_cast<double>(sequences_.windows.size()) /
                      std::max(1e-9, outcome.seconds)) +
          " sequences/s";
  const auto done = static_cast<std::int64_t>(epochs_.size());
  if (done < last_epoch() && is_patient())
    text += ", at most " +
            format_duration(outcome.seconds * static_cast<double>(last_epoch() - done)) + " left";
  return text;
}

Status Training::run_epoch() {
  context_.progress.begin(
      name() + " epoch " + std::to_string(epoch()) + " of " + std::to_string(last_epoch()),
      static_cast<std::int64_t>(sequences_.windows.size()), "sequences");
  CROSSFADE_RETURN_IF_ERROR(run_steps(order_of_epoch()));
  const auto judged = judge();
  if (!judged.ok()) {
    CROSSFADE_RETURN_IF_ERROR(keep(true));
    return judged.status();
  }
  epochs_.push_back({loss_sum_ / static_cast<double>(rows_done_), *judged, seconds_});
  windows_done_ = rows_done_ = 0;
  loss_sum_ = seconds_ = 0;
  const bool best = sequences_.held_out.empty() || best_epoch_ == 0 ||
                    *judged > epochs_[static_cast<std::size_t>(best_epoch_ - 1)].validation;
  if (best) {
    best_epoch_ = static_cast<std::int64_t>(epochs_.size());
    best_ = weights_.copy();
  }
  context_.progress.end(note(epochs_.back()));
  return keep(false);
}

Status Training::run() {
  while (epoch() <= last_epoch() && is_patient()) CROSSFADE_RETURN_IF_ERROR(run_epoch());
  return keep(settings().refit && input_.refit == 0);  // a refit that is stopped begins behind it
}

TrainedSequence Training::finish() const {
  TrainedSequence trained;
  for (const Parameter& one : best_.list())
    if (one.name != "item_embedding" && one.name.rfind("side.", 0) != 0)
      trained.weights.add(
          one.name,
          (one.name == "output_bias" ? embedding_->known_bias(one.value) : one.value).cpu());
  trained.weights.add("item_embedding", embedding_->compose_known(best_).contiguous().cpu());
  trained.epochs = epochs_;
  trained.best_epoch = best_epoch_;
  trained.windows = static_cast<std::int64_t>(sequences_.windows.size());
  trained.judged = !sequences_.held_out.empty();
  return trained;
}

Result<TrainedSequence> train_once(const SequenceTrainingInput& input, const Clock& clock,
                                   Context& context) {
  Training training(input, clock, context);
  CROSSFADE_RETURN_IF_ERROR(training.prepare());
  CROSSFADE_RETURN_IF_ERROR(training.run());
  return training.finish();
}

}  // namespace

Json TrainedSequence::summary() const {
  Json json = Json::object();
  json.set("epochs", static_cast<std::int64_t>(epochs.size())).set("best_epoch", best_epoch);
  Json losses = Json::array(), validations = Json::array(), seconds = Json::array();
  for (const EpochOutcome& epoch : epochs) {
    losses.push(epoch.loss);
    validations.push(epoch.validation);
    seconds.push(epoch.seconds);
  }
  json.set("windows", windows).set("loss", std::move(losses));
  if (judged) json.set("validation ndcg@10", std::move(validations));
  json.set("seconds", std::move(seconds));
  return refit ? json.set("refit", refit->summary()) : json;
}

Result<TrainedSequence> train_sequence(const SequenceTrainingInput& input, const Clock& clock,
                                       Context& context) {
  CROSSFADE_RETURN_IF_ERROR(input.config.check(input.generator));
  Result<TrainedSequence> trained = train_once(input, clock, context);
  if (!trained.ok() || !input.config.training.refit) return trained;
  SequenceTrainingInput everything = input;
  everything.config.training.validation = "none";
  everything.refit = trained->best_epoch;
  if (!input.checkpoint.empty()) everything.checkpoint += "/refit";
  CROSSFADE_ASSIGN_OR_RETURN(TrainedSequence refit, train_once(everything, clock, context));
  trained->weights = std::exchange(refit.weights, {});
  trained->refit = std::make_shared<const TrainedSequence>(std::move(refit));
  return trained;
}

}  // namespace crossfade
