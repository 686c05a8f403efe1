// Loading a GF-CF model: it is neighbours and nothing else.
#include "crossfade/models/gfcf/gfcf_config.h"
#include "crossfade/models/neighbours/neighbours_model.h"

namespace crossfade {

Result<std::unique_ptr<Model>> load_gfcf(const Artifact& artifact) {
  return load_neighbours<GfcfConfig>(artifact, "gfcf");
}

}  // namespace crossfade
