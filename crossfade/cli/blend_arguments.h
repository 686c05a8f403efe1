// The options that say how lists or models are blended, for the commands that do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/cli/arguments.h"
#include "crossfade/models/blend/blend_config.h"

namespace crossfade {

struct BlendArguments {
  std::string by = BlendConfig().by;
  std::vector<std::string> weights;
  std::int64_t depth = BlendConfig().depth;
  std::string rank_constant = "60";

  // `what` is merged, as in "list" or "model".
  void declare(Arguments& arguments, const std::string& what);
  // Errors (usage): those of the knobs.
  Result<BlendConfig> config() const;
  // One per list; all 1 if none is said. Errors (usage): another number of them, no number.
  Result<std::vector<double>> weights_of(std::size_t lists) const;
};

}  // namespace crossfade
