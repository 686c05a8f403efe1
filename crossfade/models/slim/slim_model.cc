// Loading a SLIM model: it is neighbours and nothing else.
#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/slim/slim_config.h"

namespace crossfade {

Result<std::unique_ptr<Model>> load_slim(const Artifact& artifact) {
  return load_neighbours<SlimConfig>(artifact, "slim");
}

}  // namespace crossfade
