// Hidden embeddings of the botify world: botify.h has the formula.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/synth/botify.h"

namespace crossfade {

// Fills world.halves or world.floats from artists, genres and popularity. Errors: interrupted.
Status make_botify_vectors(const BotifyConfig& config, BotifyWorld& world, Context& context);

// Turns a vector by signs and by a network of plane rotations (for a power of two the fast
// Walsh-Hadamard transform): lengths and products stay, what stood on few axes goes to all.
void turn(std::uint64_t seed, std::span<double> vector);

}  // namespace crossfade
