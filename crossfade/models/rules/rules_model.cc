// Loading rules: they are neighbours and nothing else.
#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/rules/rules_config.h"

namespace crossfade {

Result<std::unique_ptr<Model>> load_rules(const Artifact& artifact) {
  return load_neighbours<RulesConfig>(artifact, "rules");
}

}  // namespace crossfade
