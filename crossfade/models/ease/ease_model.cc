// Loading an EASE model: it is neighbours and nothing else.
#include "crossfade/models/ease/ease_config.h"
#include "crossfade/models/neighbours/neighbours_model.h"

namespace crossfade {

Result<std::unique_ptr<Model>> load_ease(const Artifact& artifact) {
  return load_neighbours<EaseConfig>(artifact, "ease");
}

}  // namespace crossfade
