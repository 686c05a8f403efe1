// Looks worlds up by name.
#include "crossfade/synth/world.h"

#include "crossfade/base/text.h"
#include "crossfade/synth/list.h"

namespace crossfade {

#define CROSSFADE_DECLARE_WORLD(identifier, name) WorldEntry identifier##_world();
CROSSFADE_WORLDS(CROSSFADE_DECLARE_WORLD)
#undef CROSSFADE_DECLARE_WORLD

std::vector<std::string> world_names() {
#define CROSSFADE_NAME_WORLD(identifier, name) name,
  return {CROSSFADE_WORLDS(CROSSFADE_NAME_WORLD)};
#undef CROSSFADE_NAME_WORLD
}

Result<WorldEntry> find_world(const std::string& wanted) {
#define CROSSFADE_FIND_WORLD(identifier, name) \
  if (wanted == name) return identifier##_world();
  CROSSFADE_WORLDS(CROSSFADE_FIND_WORLD)
#undef CROSSFADE_FIND_WORLD
  return unknown_name("world", wanted, world_names());
}

}  // namespace crossfade
