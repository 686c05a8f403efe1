// Loading a sparse EASE model: it is neighbours and nothing else.
#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/sparse_ease/sparse_ease_config.h"

namespace crossfade {

Result<std::unique_ptr<Model>> load_sparse_ease(const Artifact& artifact) {
  return load_neighbours<SparseEaseConfig>(artifact, "sparse_ease");
}

}  // namespace crossfade
