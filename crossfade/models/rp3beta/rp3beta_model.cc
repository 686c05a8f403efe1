// Loading an RP3beta model: it is neighbours and nothing else.
#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/rp3beta/rp3beta_config.h"

namespace crossfade {

Result<std::unique_ptr<Model>> load_rp3beta(const Artifact& artifact) {
  return load_neighbours<Rp3betaConfig>(artifact, "rp3beta");
}

}  // namespace crossfade
