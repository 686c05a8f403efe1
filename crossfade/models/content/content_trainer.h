// Vectors made ready for search (models/content/README.md).
#pragma once

#include "crossfade/models/content/content_config.h"
#include "crossfade/models/trainer.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// The domain's vectors, centred if asked for, of length (1 + users)^popularity; zeros where there
// is none. Linear. Errors (data invalid): the domain has no vectors, or none but zeros; one is not
// finite.
Result<FactorMatrix> vectors_of(const ContentConfig& config, const Domain& domain,
                                Context& context);

TrainerEntry content_trainer();

}  // namespace crossfade
