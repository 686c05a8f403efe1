// Loading co-visitation: it is neighbours and nothing else.
#include "crossfade/models/covisit/covisit_config.h"
#include "crossfade/models/neighbours/neighbours_model.h"

namespace crossfade {

Result<std::unique_ptr<Model>> load_covisit(const Artifact& artifact) {
  return load_neighbours<CovisitConfig>(artifact, "covisit");
}

}  // namespace crossfade
