// Which labels items have, and what each is worth (models/attributes/README.md).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crossfade/models/attributes/attributes_config.h"
#include "crossfade/models/attributes/label_matrix.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// The two halves of a score: items by labels, labels by items.
struct ItemLabels {
  LabelMatrix items, labels;
};
// Linear. Errors: `by` names an attribute that is not there or is a number, or a weight that makes
// no sense (usage); no item has a label of these attributes (data invalid).
Result<ItemLabels> weigh_labels(const AttributesConfig& config, const Domain& domain,
                                Context& context);

TrainerEntry attributes_trainer();

}  // namespace crossfade
