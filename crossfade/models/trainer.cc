// The list of generators, expanded for training; see trainer.h.
#include "crossfade/models/trainer.h"

#include "crossfade/base/text.h"
#include "crossfade/models/list.h"

namespace crossfade {

#define CROSSFADE_DECLARE_TRAINER(name) TrainerEntry name##_trainer();
CROSSFADE_MODELS(CROSSFADE_DECLARE_TRAINER)
#undef CROSSFADE_DECLARE_TRAINER

Result<std::unique_ptr<Model>> TrainerEntry::train(const TrainInput& input,
                                                   Context& context) const {
  auto model = learn(input, context);
  if (model.ok()) (*model)->set_trained_over(TrainedOver::of(input.dataset, input.domain_index));
  return model;
}

std::vector<std::string> trainer_names() {
#define CROSSFADE_LIST_NAME(name) #name,
  return {CROSSFADE_MODELS(CROSSFADE_LIST_NAME)};
#undef CROSSFADE_LIST_NAME
}

Result<TrainerEntry> find_trainer(const std::string& name) {
#define CROSSFADE_MATCH_TRAINER(candidate) \
  if (name == #candidate) return candidate##_trainer();
  CROSSFADE_MODELS(CROSSFADE_MATCH_TRAINER)
#undef CROSSFADE_MATCH_TRAINER
  return unknown_name("model", name, trainer_names());
}

}  // namespace crossfade
