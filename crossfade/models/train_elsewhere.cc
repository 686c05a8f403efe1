// A program that runs for hours should not start on data that it will refuse.
#include "crossfade/models/train_elsewhere.h"

#include <algorithm>

namespace crossfade {

Result<std::unique_ptr<Model>> train_elsewhere(const std::string& generator,
                                               const TrainInput& input, Context& context) {
  const Domain& domain = input.dataset.domains()[input.domain_index];
  if (std::none_of(domain.weight.begin(), domain.weight.end(),
                   [](float weight) { return weight > 0; }))
    return data_invalid("domain " + domain.name + " has no interaction of positive weight, so " +
                        generator + " has nothing to learn from");
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  if (!input.elsewhere)
    return failed(generator +
                  " is trained by the program crossfade-neural, and this program does not start "
                  "it; use: crossfade train " +
                  generator);
  CROSSFADE_ASSIGN_OR_RETURN(auto model, input.elsewhere(generator, input, context));
  if (model->name() != generator || model->domain() != domain.name ||
      model->num_items() != domain.items.size())
    return data_invalid("the program that trained " + generator + " wrote a model of " +
                        std::string(model->name()) + " with " + std::to_string(model->num_items()) +
                        " items of " + model->domain() +
                        ", and another was asked for; is it of this version?");
  return model;
}

}  // namespace crossfade
