// Training of the map from one domain's users to another's: ALS in each domain, then ridge
// regression between the users of both (Man, Shen, Jin, Cheng: Cross-Domain Recommendation: An
// Embedding and Mapping Approach, IJCAI 2017, section 3.3, the linear map).
#pragma once

#include "crossfade/models/trainer.h"

namespace crossfade {

TrainerEntry user_map_trainer();

}  // namespace crossfade
