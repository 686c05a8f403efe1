// Jobs by the generator's name; see neural_program.h.
#include "crossfade/neural/neural_program.h"

#include <memory>
#include <utility>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/data/store/store.h"
#include "crossfade/models/contextual/contextual_model.h"
#include "crossfade/models/sequence/sequence_model.h"
#include "crossfade/models/storage.h"
#include "crossfade/neural/contextual_trainer.h"
#include "crossfade/neural/sequence_trainer.h"

namespace crossfade {
namespace {

struct Work {
  const NeuralJob& job;
  const Store& store;
  std::size_t domain_index;
  const Domain& domain() const { return store.dataset.domains()[domain_index]; }
};

Array<float> numbers(const at::Tensor& tensor) {
  const float* begin = tensor.data_ptr<float>();
  return std::vector<float>(begin, begin + tensor.numel());
}

Result<std::unique_ptr<Model>> train_network(const Work& work, const Clock& clock,
                                             Context& context) {
  const NeuralJob& job = work.job;
  SequenceTraining config;
  config.network = sequence_config(job.model);
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, job.model, job.settings));
  CROSSFADE_ASSIGN_OR_RETURN(const TrainedSequence trained,
                             train_sequence({work.domain(), config, job.model, job.seed,
                                             job.checkpoint, work.store.fingerprint},
                                            clock, context));
  SequenceWeights weights;
  weights.num_items = work.domain().items.size();
  for (const Parameter& one : trained.weights.list())
    weights.tensors.emplace(one.name, numbers(one.value));
  CROSSFADE_ASSIGN_OR_RETURN(auto model, SequenceModel::make(job.model, work.domain().name,
                                                             config.network, std::move(weights)));
  model->set_training(trained.summary());
  return model;
}

FactorMatrix matrix(const Parameters& weights, const std::string& name) {
  if (!weights.has(name)) return {};
  const at::Tensor& tensor = weights[name];
  return {numbers(tensor), tensor.size(0), tensor.size(1)};
}

Result<std::unique_ptr<Model>> train_pairs(const Work& work, const Clock& clock, Context& context) {
  const NeuralJob& job = work.job;
  ContextualTraining config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, job.model, job.settings));
  CROSSFADE_ASSIGN_OR_RETURN(
      const TrainedContextual trained,
      train_contextual({work.domain(), work.store.dataset.num_users(), config, job.seed,
                        job.checkpoint, work.store.fingerprint},
                       clock, context));
  const Parameters& weights = trained.weights;
  CROSSFADE_ASSIGN_OR_RETURN(
      auto model, ContextualModel::make(config.network, work.domain().name,
                                        {matrix(weights, "start"), matrix(weights, "track"),
                                         matrix(weights, "user")}));
  model->set_training(trained.summary);
  return model;
}

Result<std::unique_ptr<Model>> train(const Work& work, const Clock& clock, Context& context) {
  if (work.job.model == "sasrec" || work.job.model == "bert4rec")
    return train_network(work, clock, context);
  if (work.job.model == "contextual") return train_pairs(work, clock, context);
  return usage_error("crossfade-neural does not train " + work.job.model +
                     "; it trains sasrec, bert4rec and contextual");
}

Status train_and_write(const NeuralJob& job, const Clock& clock, Context& context) {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(job.out));
  CROSSFADE_ASSIGN_OR_RETURN(const Store store,
                             open_store(job.store, Verify::kFull, &context.threads));
  CROSSFADE_ASSIGN_OR_RETURN(const std::size_t domain, store.dataset.find_domain(job.domain));
  CROSSFADE_ASSIGN_OR_RETURN(const auto model, train({job, store, domain}, clock, context));
  model->set_trained_over(TrainedOver::of(store.dataset, domain));
  return save_model(*model, job.out,
                    training_provenance(job.seed, job.settings, store.fingerprint));
}

}  // namespace

Status run_job(const NeuralJob& job, const Clock& clock, Context& context) {
  try {
    return train_and_write(job, clock, context);
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    if (what.find("allocate") != std::string::npos)
      return exhausted("out of memory in training " + job.model +
                       "; take fewer dimensions, a smaller batch or fewer threads");
    return failed("libtorch failed in training " + job.model + ": " + what);
  }
}

}  // namespace crossfade
