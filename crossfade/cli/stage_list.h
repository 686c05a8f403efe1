// The commands that are stages of a recipe, as the pipeline takes them.
#pragma once

#include <vector>

#include "crossfade/pipeline/stage_kind.h"

namespace crossfade {

std::vector<StageKind> all_stage_kinds();

}  // namespace crossfade
