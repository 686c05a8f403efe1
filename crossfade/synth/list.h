// The one list of worlds. A line X(identifier, "name") stands for synth/<identifier>.cc, which
// defines `WorldEntry <identifier>_world();`. world.cc expands it.
#pragma once

#define CROSSFADE_WORLDS(X)   \
  X(two_domain, "two-domain") \
  X(hackathon, "hackathon")   \
  X(practicum, "practicum")   \
  X(movies, "movies")
