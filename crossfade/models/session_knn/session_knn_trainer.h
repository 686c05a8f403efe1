// Gathering sessions (models/session_knn/README.md).
#pragma once

#include "crossfade/models/session_knn/session_knn_config.h"
#include "crossfade/models/session_knn/sessions.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// The newest sessions of the log; plays of weight zero are left out. Linear but for a sort of the
// sessions by their ends. Errors: stopped; half_life_days without times (usage).
Result<Sessions> gather_sessions(const SessionKnnConfig& config, const Domain& domain,
                                 Context& context);

TrainerEntry session_knn_trainer();

}  // namespace crossfade
