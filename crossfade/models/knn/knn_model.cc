// Loading a kNN model: it is neighbours and nothing else.
#include "crossfade/models/knn/knn_config.h"
#include "crossfade/models/neighbours/neighbours_model.h"

namespace crossfade {

Result<std::unique_ptr<Model>> load_knn(const Artifact& artifact) {
  return load_neighbours<KnnConfig>(artifact, "knn");
}

}  // namespace crossfade
