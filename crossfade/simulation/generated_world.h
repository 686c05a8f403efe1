// A generated botify world as listeners meet it, without a detour over files.
#pragma once

#include "crossfade/simulation/hidden_world.h"
#include "crossfade/synth/botify.h"

namespace crossfade {

// With the world's own listeners; `defaults` give what they do not have: budget, gamma, neighbours.
// Errors: as HiddenWorld::assemble().
Result<HiddenWorld> hidden_world_of(const BotifyWorld& world, const Temper& defaults);
// With others, whose interests are tracks of the world.
Result<HiddenWorld> hidden_world_of(const BotifyWorld& world, Listeners listeners);

}  // namespace crossfade
