// Saved models as a command line names them: folders, and folders of such, each domain's joined to
// one that answers everybody.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/models/blend/blend_config.h"
#include "crossfade/models/item_ids.h"
#include "crossfade/models/model.h"

namespace crossfade {

// A domain's models as one: the first answers, the others fill what is missing, in their order.
struct DomainModels {
  std::unique_ptr<Model> model;
  ItemIds ids;
  // Users with at most so many events are answered by fallbacks alone: by the command line, or by
  // a model that combine made.
  std::int64_t cold_events = 0;
};

// Domains in the order in which the paths name them. A path is a model, or a folder of models, of
// which each domain may have one that is personal; those that are not stand behind it. Errors: as
// load_saved_model() and BlendModel::make(); a folder without models, or with two personal ones of
// a domain (usage); models of one domain that speak of other items (data invalid).
Result<std::vector<DomainModels>> open_saved_models(const std::vector<std::string>& paths,
                                                    const BlendConfig& config);

}  // namespace crossfade
